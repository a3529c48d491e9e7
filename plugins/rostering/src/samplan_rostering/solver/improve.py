"""Improve a roster part by part (large neighbourhood search).

A part is either some people's whole rows or two weeks of more people's; the people are taken
from those who count towards the same need, since those can stand in for one another. How
many is adapted so that most parts are solved to the end.
"""

from random import Random

from samplan_rostering.solver.best import Best
from samplan_rostering.solver.neighbourhoods import Kind, Neighbourhoods
from samplan_rostering.solver.parts import PartSolver

PART_WORK = 0.5
"""Work on one part: about half a second."""
FEW, SOME, WINDOW_DAYS = 3, 8, 14
"""People in the first parts of the whole period, and of so many days."""


class Improver:
    """Improves the best roster until it is told to end, or its work is done."""

    def __init__(self, best: Best, seed: int, work: float | None = None) -> None:
        self._best = best
        self._problem = best.problem
        self._parts = PartSolver(best.problem, best.closed_cells)
        self._random = Random(seed)  # noqa: S311 - a search, not a secret
        self._work_left = float("inf") if work is None else work
        kinds = (Kind(FEW, related=True), Kind(SOME, WINDOW_DAYS, related=True))
        self._neighbourhoods = Neighbourhoods(best.problem, self._random, kinds)
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
        """Improve one part."""
        with self._best.lock:
            base, before = self._best.roster, self._best.objective or 0
        kind, part = self._neighbourhoods.choose(base)
        seed = self._random.randrange(2**31)
        result = self._parts.solve(base, part, seed, PART_WORK, seconds=20 * PART_WORK)
        self._work_left -= max(result.work, PART_WORK / 100)
        if result.rows:
            self._best.adopt(base, result)
        gain = before - (self._best.objective or 0)
        quick = result.optimal and result.work < PART_WORK / 2
        self._neighbourhoods.learn(kind, decided=quick, gain=gain, work=result.work)
