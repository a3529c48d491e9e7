"""Improve a roster part by part (large neighbourhood search).

A part is either some people's whole rows or two weeks of more people's; the people are taken
from those who count towards the same need, since those can stand in for one another. How
many is adapted so that most parts are solved to the end.
"""

from dataclasses import dataclass
from random import Random

from samplan_rostering.solver.best import Best
from samplan_rostering.solver.parts import PartSolver
from samplan_rostering.solver.problem import Part

PART_WORK = 0.5
"""Work on one part: about half a second."""
WINDOW_DAYS = 14


@dataclass(slots=True)
class _Family:
    """Parts of one kind; `people` is how many take part, 0 days is the whole period."""

    days: int
    people: int


class Improver:
    """Improves the best roster until it is told to end, or its work is done."""

    def __init__(self, best: Best, seed: int, work: float | None = None) -> None:
        self._best = best
        self._problem = best.problem
        self._parts = PartSolver(best.problem, best.closed_cells)
        self._random = Random(seed)  # noqa: S311 - a search, not a secret
        self._work_left = float("inf") if work is None else work
        self._families = (_Family(0, 3), _Family(WINDOW_DAYS, 8))
        self._stopped = False

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._stopped = True
        self._parts.interrupt()

    def run(self) -> None:
        """Improve, part by part; without a roster there is nothing to improve."""
        while self.goes_on:
            self.improve_part()

    @property
    def goes_on(self) -> bool:
        """Whether there is something to improve, and work left."""
        return bool(self._best.roster) and not self._stopped and self._work_left > 0

    def improve_part(self) -> None:
        """Improve one part, and adapt how many people the next of its kind has."""
        family = self._random.choice(self._families)
        base = self._best.roster
        part, seed = self._choose(family), self._random.randrange(2**31)
        result = self._parts.solve(base, part, seed, PART_WORK, seconds=20 * PART_WORK)
        self._work_left -= max(result.work, PART_WORK / 100)
        if result.rows:
            self._best.adopt(base, result)
        if not result.optimal:
            family.people = max(family.people - 1, 2)
        elif result.work < PART_WORK / 2:
            family.people = min(family.people + 1, len(self._problem.employees))

    def _choose(self, family: _Family) -> Part:
        people = list(self._problem.whole.employees)
        if self._problem.cover:
            people = sorted(self._random.choice(self._problem.cover).employees) or people
        chosen = frozenset(self._random.sample(people, min(family.people, len(people))))
        length = family.days
        if not 0 < length < self._problem.days:
            return Part(chosen, range(self._problem.days))
        first = self._random.randrange(-length // 2, self._problem.days - length // 2)
        return Part(chosen, range(max(first, 0), min(first + length, self._problem.days)))
