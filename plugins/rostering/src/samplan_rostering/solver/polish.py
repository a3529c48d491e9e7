"""Improve a roster part by part for a while, in the caller's thread: no bound, no new start."""

import time
from collections.abc import Callable
from importlib.metadata import version

from samplan_rostering.domain.roster import Assignment
from samplan_rostering.solver.best import Best
from samplan_rostering.solver.improve import Improver
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.problem import Problem, Roster
from samplan_rostering.solver.solution import Progress, Snapshot, Solution, SolveOptions, Status


def polish(
    problem: Problem, start: Roster, options: SolveOptions, progress: Progress | None = None
) -> Solution:
    """Return a roster that costs no more than the start, which keeps every hard rule.

    Ends when the options' work or time is used up, or when `progress`, called after each part, returns True.
    """
    begin = time.monotonic()
    best = Best(problem)
    best.offer(start)
    improver = Improver(best, options.seed, options.deterministic_seconds)
    while improver.goes_on and not _over(begin, options) and not _told(best, begin, progress):
        improver.improve_part()
    return Solution(
        status=Status.FEASIBLE,
        objective=best.objective,
        bound=None,
        seconds=time.monotonic() - begin,
        seed=options.seed,
        versions={"ortools": version("ortools"), "samplan-rostering": version("samplan-rostering")},
        breakdown=breakdown(problem, best.roster),
        assignments=_assignments(problem, best.roster),
    )


def _over(begin: float, options: SolveOptions) -> bool:
    return time.monotonic() - begin >= options.seconds


def _told(best: Best, begin: float, progress: Callable[[Snapshot], bool | None] | None) -> bool:
    if progress is None:
        return False
    return bool(progress(Snapshot(time.monotonic() - begin, best.objective, None, None)))


def _assignments(problem: Problem, roster: Roster) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(rules.id, day, problem.shifts[shift])
        for rules, row in zip(problem.employees, roster, strict=True)
        for day, shift in enumerate(row)
        if shift is not None
    )
