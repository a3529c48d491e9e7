"""Find the smallest set of rules, locked cells and requirements that cannot all be kept.

First each row alone, since most hard rules concern one person; then, where the minimum of the requirements is
asked to be hard, single days, some days together, and at last the whole. What is found is made smaller by
leaving out one part after the other, and every claim rests on a solve without assumptions.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.explain.atoms import Atom, Clauses, Key, Sum, atoms_of, minimum_of, pair_atoms
from samplan_rostering.solver.explain.submodel import Group, assumed_core, extreme, possible
from samplan_rostering.solver.problem import Problem

WINDOWS = (1, 2, 4, 7, 14)
"""Lengths of the stretches of days that are tried before the whole."""
WINDOW_SECONDS, SOLVE_SECONDS, DAY_SECONDS = 3.0, 10.0, 1.0
"""Time for one stretch of days, one question about the whole, and one about single days of a clash."""
FEW_PARTS = 25
"""Parts up to which each is simply left out in turn, which gives the clash that says most to a reader."""
MOST_MEASURED = 8
"""Parts of a clash above which nothing is measured: that would be as much work as the search."""
DAYS_SHARE = 0.2
"""Share of the time left in which days are left out of the parts of a clash."""


class Verdict(StrEnum):
    """What was found out."""

    POSSIBLE = "possible"
    CLASH = "clash"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ClashPart:
    """A rule of an employee on some days, or (`rule` None) the requirements numbered `needs`.

    `measured` is the most (or the least) that is possible when the rest of the clash is kept, `limit` what
    is asked; None where there is no figure. `shift` is that of a locked cell, a limit or requirements.
    """

    rule: Rule | None
    employee: int | None
    days: tuple[int, ...]
    shift: int | None = None
    needs: tuple[int, ...] = ()
    measured: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Parts that cannot all be kept; `minimal` when it was shown that none of them can be left out."""

    parts: tuple[ClashPart, ...]
    minimal: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether there can be a roster; the clashes of single people, or one of several people."""

    verdict: Verdict
    clashes: tuple[Clash, ...] = ()


Tell = Callable[[float], bool]
"""Told how much of the time is gone, from 0 to 1; True ends the search, with what is not known unknown."""


def explain(
    problem: Problem,
    *,
    hard: Collection[int] = (),
    seconds: float = 60.0,
    tell: Tell = lambda _share: False,
) -> Explanation:
    """Tell whether some roster keeps all hard rules and the minimum of the requirements in `hard`.

    `hard` holds numbers of `problem.cover`. What cannot be found out in time is UNKNOWN, never guessed.
    """
    return _Search(problem, seconds, tell).run(hard)


def row_clash(problem: Problem, employee: int, seconds: float = 20.0) -> Clash | None:
    """Return the clash of an employee's own rules; None when there is none, or it is not known."""
    found = _Search(problem, seconds).of_row(employee)
    return found if isinstance(found, Clash) else None


class _Search:
    """One question, with the time it may take."""

    def __init__(self, problem: Problem, seconds: float, tell: Tell = lambda _share: False) -> None:
        self._problem, self._seconds, self._tell = problem, seconds, tell
        self._end = time.monotonic() + seconds

    def run(self, hard: Collection[int]) -> Explanation:
        """Try row by row, then stretches of days, then all."""
        rows = [self.of_row(employee) for employee in range(len(self._problem.employees))]
        clashes = tuple(row for row in rows if isinstance(row, Clash))
        if clashes:
            return Explanation(Verdict.CLASH, clashes)
        known = all(row is True for row in rows)
        needs = [atom for need in sorted(hard) if (atom := minimum_of(self._problem, need)) is not None]
        shared = [*needs, *pair_atoms(self._problem)]
        if not shared:
            return Explanation(Verdict.POSSIBLE if known else Verdict.UNKNOWN)
        clash, possible_ = self._with(shared)
        if clash is not None:
            return Explanation(Verdict.CLASH, (clash,))
        return Explanation(Verdict.POSSIBLE if possible_ else Verdict.UNKNOWN)

    def of_row(self, employee: int) -> Clash | bool | None:
        """Return the clash of one row; True when it is possible, None when that is not known."""
        atoms = list(atoms_of(self._problem, employee))
        answer = self._possible(atoms)
        return self._clash(atoms) if answer is False else answer

    def _with(self, shared: list[Atom]) -> tuple[Clash | None, bool]:
        """Return a clash with what concerns several people, or whether all can be kept."""
        for atoms, seconds in self._stages(shared):
            answer = self._possible(atoms, seconds)
            if answer is False:
                return self._clash(atoms), False
        return None, answer is True

    def _stages(self, shared: list[Atom]) -> Iterator[tuple[list[Atom], float]]:
        """Yield ever more that is to be possible, with seconds; the last is everything."""
        employees = {key.employee for atom in shared for key in _keys(atom)}
        rules = [atom for employee in sorted(employees) for atom in atoms_of(self._problem, employee)]
        for length in WINDOWS:
            for window in self._windows(length, {atom.days[0] for atom in shared}):
                yield [atom for atom in (*shared, *rules) if window.issuperset(atom.days)], WINDOW_SECONDS
            if length == 1:  # whether the hours suffice over the whole, without rest and runs
                yield [*shared, *(atom for atom in rules if _plain(atom, self._problem.days))], SOLVE_SECONDS
        yield [*shared, *rules], self._left * 0.5

    def _windows(self, length: int, needed: set[int]) -> Iterator[frozenset[int]]:
        step = max(length // 2, 1)
        if length < self._problem.days:
            for first in range(0, self._problem.days - length + step, step):
                window = frozenset(range(first, min(first + length, self._problem.days)))
                if window & needed:
                    yield window

    def _clash(self, atoms: Sequence[Atom]) -> Clash | None:
        """Return the smallest clash among atoms that are known to clash; verified, or None."""
        parts = self._grouped(atoms)
        core = None
        if len(parts) > FEW_PARTS:
            core = assumed_core(self._problem, parts, min(self._left * 0.3, SOLVE_SECONDS))
        if core is None or self._possible(_flat(core)) is not False:
            core = parts  # what the solver said of assumptions is not to be relied on
        core, minimal = self._smaller(core, self._end, SOLVE_SECONDS)
        days_end = time.monotonic() + self._left * DAYS_SHARE
        single, _ = self._smaller([(atom,) for atom in _flat(core)], days_end, DAY_SECONDS)
        if self._possible(_flat(single), seed=2) is not False:
            return None
        parts = self._grouped(_flat(single))
        measured = len(parts) <= MOST_MEASURED
        return Clash(tuple(self._part(part, _flat(single) if measured else []) for part in parts), minimal)

    def _smaller(self, core: list[Group], end: float, seconds: float) -> tuple[list[Group], bool]:
        """Leave out what can be left out: halves first, then ever smaller pieces, down to single groups.

        The second value tells whether it was shown of each group left that it cannot be left out.
        """
        size = max(len(core) // 2, 1)
        needed: set[Group] = set()
        while True:
            place = 0
            while place < len(core):
                if time.monotonic() >= end:
                    return core, False
                piece, rest = core[place : place + size], core[:place] + core[place + size :]
                answer = self._possible(_flat(rest), seconds) if rest else True
                if answer is False:
                    core = rest
                    continue
                if size == 1 and answer:
                    needed.update(piece)
                place += size
            if size == 1:
                return core, needed.issuperset(core)
            size //= 2

    def _grouped(self, atoms: Sequence[Atom]) -> list[Group]:
        """Return the atoms by what they are called: rule and employee, locked cell, kind of requirement."""
        groups: dict[tuple[object, ...], list[Atom]] = {}
        places = {rule: place for place, rule in enumerate(Rule)}
        # What stands first is left out first: rules that say least to a reader, requirements last.
        for atom in sorted(atoms, key=lambda atom: len(places) if atom.rule is None else places[atom.rule]):
            key: tuple[object, ...] = (atom.rule, atom.employee, atom.shift)
            if atom.need is not None:
                key = (*key, self._problem.cover[atom.need].employees)
            elif atom.rule is Rule.PIN:
                key = (*key, atom.days)
            groups.setdefault(key, []).append(atom)
        return [tuple(group) for group in groups.values()]

    def _part(self, group: Group, core: list[Atom]) -> ClashPart:
        """Return what a group is in words' terms, measured against the rest of the core if there is one."""
        first = group[0]
        measured = limit = None
        if len(group) == 1 and isinstance(first.content, Sum):
            content = first.content
            limit = content.high if content.low is None else content.low
            others = [atom for atom in core if atom is not first]
            if others:
                measured = extreme(self._problem, others, content, SOLVE_SECONDS / 2)
        return ClashPart(
            rule=first.rule,
            employee=first.employee,
            days=tuple(sorted({day for atom in group for day in atom.days})),
            shift=first.shift,
            needs=tuple(atom.need for atom in group if atom.need is not None),
            measured=measured,
            limit=limit,
        )

    def _possible(self, atoms: Sequence[Atom], seconds: float = SOLVE_SECONDS, seed: int = 1) -> bool | None:
        return possible(self._problem, atoms, min(self._left, seconds), seed)

    @property
    def _left(self) -> float:
        left = max(self._end - time.monotonic(), 0.0)
        if self._tell(1.0 - left / self._seconds):
            self._end = time.monotonic()
            return 0.0
        return left


def _flat(groups: Sequence[Group]) -> list[Atom]:
    return [atom for group in groups for atom in group]


def _plain(atom: Atom, days: int) -> bool:
    """Tell whether an atom closes or locks single cells, or limits a sum over the whole period."""
    if isinstance(atom.content, Clauses):
        return all(len(clause) == 1 for clause in atom.content.clauses)
    return isinstance(atom.content, Sum) and len(atom.days) == days


def _keys(atom: Atom) -> Iterator[Key]:
    if isinstance(atom.content, Sum):
        yield from (key for key, _ in atom.content.terms)
    elif isinstance(atom.content, Clauses):
        yield from (key for clause in atom.content.clauses for key, _ in clause)
