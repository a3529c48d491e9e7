"""The hard side of a problem taken apart: small constraints, each of which can be left out.

An atom is one rule for one employee where it bites (a day, a window, the period), a locked cell, or the
minimum of a requirement. The atoms of a problem say the same as `model.add_row`, constraint by constraint;
that everybody works at most one shift a day is no atom and holds always.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.solver.problem import Cell, CoverRow, EmployeeRules, Problem, RunLimit


class Key(NamedTuple):
    """A truth about a row: that a shift is worked on a day, any shift (ANY), or on a weekend (WEEKEND)."""

    employee: int
    day: int
    shift: int


ANY, WEEKEND = -1, -2


@dataclass(frozen=True, slots=True)
class Clauses:
    """Of each clause at least one part is as it says."""

    clauses: tuple[tuple[tuple[Key, bool], ...], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over truths that lies from `low` to `high`; None is no limit."""

    terms: tuple[tuple[Key, int], ...]
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Rests:
    """At least one rest is there: none of its combinations is worked whole."""

    options: tuple[tuple[tuple[Key, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """A constraint with what it is called; `employee` None: the requirement numbered `need`.

    `shift` is that of a locked cell, or of a limit on shifts of one kind.
    """

    rule: Rule | None
    employee: int | None
    days: tuple[int, ...]
    content: Clauses | Sum | Rests
    shift: int | None = None
    need: int | None = None


def atoms_of(problem: Problem, employee: int) -> Iterator[Atom]:
    """Yield the atoms of an employee's rules."""
    rules = problem.employees[employee]
    yield from _closed(employee, rules)
    yield from _pinned(employee, rules)
    yield from _forbidden(employee, rules)
    yield from _rests(employee, rules)
    runs = [RunLimit(Rule.CONSECUTIVE_DAYS, frozenset({ANY}), rules.max_run, rules.run_before)]
    for run in (*runs, *rules.run_limits):
        yield from _runs(problem, employee, run)
    yield from _short_runs(problem, employee, rules)
    yield from _totals(problem, employee, rules)
    yield from _windows(employee, rules)


def minimum_of(problem: Problem, need: int) -> Atom | None:
    """Return the minimum of a requirement as an atom; None where it asks for nobody."""
    row = problem.cover[need]
    level = least(row)
    if not level:
        return None
    terms = tuple((Key(employee, row.day, row.shift), 1) for employee in sorted(row.employees))
    return Atom(None, None, (row.day,), Sum(terms, low=level), shift=row.shift, need=need)


def pair_atoms(problem: Problem) -> Iterator[Atom]:
    """Yield the atoms of the rules on two people, named for the one whom they are about."""
    for limit in problem.pair_limits:
        for meeting in limit.meetings:
            others = [Key(limit.other, *cell) for cell in sorted(meeting.others)]
            clauses: list[tuple[tuple[Key, bool], ...]] = []
            for cell in sorted(meeting.cells):
                here = (Key(limit.one, *cell), False)
                if limit.together:
                    clauses.append((here, *((there, True) for there in others)))
                else:
                    clauses += [(here, (there, False)) for there in others]
            days = tuple(sorted({day for day, _ in meeting.cells | meeting.others}))
            if clauses:
                yield Atom(limit.rule, limit.one, days, Clauses(tuple(clauses)))


def least(row: CoverRow) -> int:
    """Return the minimum that a requirement asks for: of a benchmark, what it requires."""
    levels = {Term.UNDER_MINIMUM: 0, Term.UNDER_COVER: 0}
    for step in row.steps:
        if step.term in levels and step.under:
            levels[step.term] = max(levels[step.term], step.level)
    return max(levels.values())


def _closed(employee: int, rules: EmployeeRules) -> Iterator[Atom]:
    for block in rules.blocked:
        by_day: dict[int, list[Cell]] = defaultdict(list)
        for cell in sorted(block.cells):
            by_day[cell[0]].append(cell)
        for day, cells in by_day.items():
            content = Clauses(tuple(((Key(employee, *cell), False),) for cell in cells))
            yield Atom(block.rule, employee, (day,), content)


def _pinned(employee: int, rules: EmployeeRules) -> Iterator[Atom]:
    for day, shift in rules.pinned:
        content = Clauses((((Key(employee, day, shift), True),),))
        yield Atom(Rule.PIN, employee, (day,), content, shift=shift)


def _forbidden(employee: int, rules: EmployeeRules) -> Iterator[Atom]:
    groups: dict[tuple[Rule, tuple[int, ...]], list[tuple[Cell, ...]]] = defaultdict(list)
    for item in rules.forbidden:
        groups[item.rule, tuple(sorted({day for day, _ in item.cells}))].append(item.cells)
    for (rule, days), combinations in groups.items():
        clauses = (tuple((Key(employee, *cell), False) for cell in cells) for cells in combinations)
        yield Atom(rule, employee, days, Clauses(tuple(clauses)))


def _rests(employee: int, rules: EmployeeRules) -> Iterator[Atom]:
    for window in rules.rest_windows:
        options = tuple(
            tuple(tuple(Key(employee, *cell) for cell in cells) for cells in option)
            for option in window.options
        )
        days = sorted({key.day for option in options for keys in option for key in keys})
        yield Atom(window.rule, employee, tuple(days), Rests(options))


def _runs(problem: Problem, employee: int, run: RunLimit) -> Iterator[Atom]:
    for first in range(-min(run.before, run.limit), problem.days - run.limit):
        days = tuple(range(max(first, 0), first + run.limit + 1))
        keys = [Key(employee, day, shift) for day in days for shift in sorted(run.shifts)]
        content = Sum(tuple((key, 1) for key in keys), high=run.limit - max(-first, 0))
        yield Atom(run.rule, employee, days, content)


def _short_runs(problem: Problem, employee: int, rules: EmployeeRules) -> Iterator[Atom]:
    """Yield the shortest runs of work and of days off, which are not asked for at the borders."""
    kinds = ((Rule.MIN_CONSECUTIVE, rules.min_run, True), (Rule.MIN_DAYS_OFF, rules.min_off, False))
    for rule, length, works in kinds:
        for first in range(1, problem.days - 1 if length > 1 else 1):
            days = tuple(range(first - 1, min(first + length, problem.days)))
            before, begin, *others = (Key(employee, day, ANY) for day in days)
            clauses = tuple(((before, works), (begin, not works), (other, works)) for other in others)
            yield Atom(rule, employee, days, Clauses(clauses))
    if rules.run_before and rules.min_off > 1:  # days off that begin with the period end the run before it
        days = tuple(range(min(rules.min_off, problem.days)))
        begin, *others = (Key(employee, day, ANY) for day in days)
        ended = tuple(((begin, True), (other, False)) for other in others)
        yield Atom(Rule.MIN_DAYS_OFF, employee, days, Clauses(ended))


def _totals(problem: Problem, employee: int, rules: EmployeeRules) -> Iterator[Atom]:
    every = tuple(range(problem.days))
    minutes = tuple(
        (Key(employee, day, shift), length)
        for day, lengths in enumerate(problem.minutes)
        for shift, length in enumerate(lengths)
    )
    if rules.min_minutes > 0:
        yield Atom(Rule.HOURS_MIN, employee, every, Sum(minutes, low=rules.min_minutes))
    yield Atom(Rule.HOURS_MAX, employee, every, Sum(minutes, high=rules.max_minutes))
    if rules.max_weekends is not None:
        worked = tuple((Key(employee, index, WEEKEND), 1) for index in range(len(problem.weekends)))
        yield Atom(Rule.MAX_WEEKENDS, employee, every, Sum(worked, high=rules.max_weekends))
    for shift, limit in enumerate(rules.max_per_shift):
        if limit is not None:
            of_kind = tuple((Key(employee, day, shift), 1) for day in every)
            yield Atom(Rule.MAX_SHIFTS, employee, every, Sum(of_kind, high=limit), shift=shift)


def _windows(employee: int, rules: EmployeeRules) -> Iterator[Atom]:
    for window in rules.window_limits:
        terms = tuple(
            (Key(employee, day, shift), amount)
            for day, amounts in zip(window.days, window.amounts, strict=True)
            for shift, amount in enumerate(amounts)
            if amount
        )
        for low, high in ((window.low, None), (None, window.high)):
            if low is not None or high is not None:
                yield Atom(window.rule, employee, tuple(window.days), Sum(terms, low, high))
