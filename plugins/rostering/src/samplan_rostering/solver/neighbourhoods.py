"""Which part of a roster to search next: kinds of parts, how large, and which of them pay at present."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from samplan_rostering.solver.problem import Cell, Part, Problem, Roster

GROW, SHRINK = 1.15, 0.9
LARGEST_SHARE = 0.8
"""Share of the people in the largest part of whole rows; all would be the same part again and again."""
LONG_DAYS = 120
"""Days above which whole rows are too much for a part."""
MEMORY = 0.8
"""Weight of what a kind of part gave before against what it gave last."""
CURIOSITY = 0.1
"""Share of the choices that is made without looking at what paid."""


@dataclass(slots=True)
class Kind:
    """Parts of one kind: `days` in a row (0: the whole period) of `people`.

    `related` takes people who count towards the same need, `costly` such a need that costs something now.
    """

    people: float
    days: int = 0
    related: bool = False
    costly: bool = False
    pays: float = 0.0


class Neighbourhoods:
    """Chooses parts of a roster and learns how large they may be, and which kind pays."""

    def __init__(self, problem: Problem, random: Random, kinds: Sequence[Kind]) -> None:
        self._problem, self._random = problem, random
        self._everybody = list(problem.whole.employees)
        least = 1 if problem.days > LONG_DAYS else 0
        self.kinds = [kind for kind in kinds if least <= kind.days < problem.days]

    def choose(self, roster: Roster) -> tuple[Kind, Part]:
        """Return a kind of part and one of that kind."""
        kind = self._kind()
        need = self._need(roster, kind) if kind.related else None
        people = self._everybody if need is None else sorted(self._problem.cover[need].employees)
        chosen = frozenset(self._random.sample(people, min(round(kind.people), len(people))))
        return kind, Part(chosen, self._days(kind, need))

    def learn(self, kind: Kind, *, decided: bool, gain: float, work: float) -> None:
        """Note what a part gave: whether it was searched to the end, and how much cheaper the roster is.

        `work` is in a unit that does not depend on the machine, so that the same choices are made again.
        """
        most = len(self._everybody) * (1.0 if kind.days else LARGEST_SHARE)
        kind.people = min(kind.people * GROW + 0.5, max(most, 2.0)) if decided else kind.people
        if not decided and not gain:
            kind.people = max(kind.people * SHRINK, 2.0)
        kind.pays = MEMORY * kind.pays + (1 - MEMORY) * gain / max(work, 1e-3)

    def _kind(self) -> Kind:
        best = max(kind.pays for kind in self.kinds)
        if best <= 0 or self._random.random() < CURIOSITY * len(self.kinds):
            return self._random.choice(self.kinds)
        return self._random.choices(self.kinds, [kind.pays for kind in self.kinds])[0]

    def _days(self, kind: Kind, need: int | None) -> range:
        last = self._problem.days
        if not kind.days:
            return range(last)
        half = kind.days // 2
        middle = self._random.randrange(last) if need is None else self._problem.cover[need].day
        first = min(max(middle - half, 0), last - kind.days)
        return range(first, first + kind.days)

    def _need(self, roster: Roster, kind: Kind) -> int | None:
        """Return the number of a need, where there are such."""
        needs = self._costly(roster) if kind.costly else ()
        needs = needs or range(len(self._problem.cover))
        return self._random.choice(needs) if needs else None

    def _costly(self, roster: Roster) -> Sequence[int]:
        staff = self._staff(roster)
        return [
            number
            for number, need in enumerate(self._problem.cover)
            if any(
                step.under * max(step.level - present, 0) + step.over * max(present - step.level, 0)
                for present in (len(need.employees & staff.get((need.day, need.shift), frozenset())),)
                for step in need.steps
            )
        ]

    def _staff(self, roster: Roster) -> Mapping[Cell, frozenset[int]]:
        staff: dict[Cell, set[int]] = defaultdict(set)
        for employee, row in enumerate(roster):
            for day, shift in enumerate(row):
                if shift is not None:
                    staff[day, shift].add(employee)
        return {cell: frozenset(people) for cell, people in staff.items()}
