"""Solve an instance of the competition INRC-II: all weeks at once, or week by week as it asks for."""

from dataclasses import replace

from samplan_rostering.domain.inrc2.evaluate import history_after
from samplan_rostering.domain.inrc2.values import DAYS_A_WEEK, Inrc2Instance
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.solver.from_inrc2 import inrc2_assignments, problem_from_inrc2
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.solution import Progress, Snapshot, Solution, SolveOptions, Status, StopSolve
from samplan_rostering.solver.solve import roster_of, solve

FIRST_SHARE = 0.15
"""Share of the time for the roster that the search begins with."""


def solve_inrc2(instance: Inrc2Instance, options: SolveOptions, progress: Progress | None = None) -> Solution:
    """Return the best roster found for all weeks, each known from the beginning (the static problem).

    The search begins with what comes of solving week by week: many weeks are too much for a first roster made
    person by person.
    """
    problem, watch = problem_from_inrc2(instance), _Watch(progress)
    first = solve_week_by_week(instance, replace(options, seconds=options.seconds * FIRST_SHARE), watch.tell)
    if watch.stopped:
        return first
    watch.before = first.seconds
    start = None if first.objective is None else roster_of(problem, first.assignments)
    left = replace(options, seconds=max(options.seconds - first.seconds, 0.0))
    solution = solve(problem, left, watch.tell, start)
    return replace(solution, seconds=solution.seconds + first.seconds)


def solve_week_by_week(
    instance: Inrc2Instance, options: SolveOptions, progress: Progress | None = None
) -> Solution:
    """Return the roster that comes of solving each week with its past, but not knowing the next.

    Each week gets its share of the seconds. The objective is that of all weeks together; nothing is proven
    about it. Progress is told for the weeks done so far, without an objective.
    """
    stages = len(instance.weeks)
    own = replace(options, seconds=options.seconds / stages)
    history, assignments, seconds = instance.history, list[Assignment](), 0.0
    watch = _Watch(progress)
    for stage, week in enumerate(instance.weeks):
        part = Inrc2Instance(instance.scenario, history, (week,))
        watch.before = seconds
        solution = solve(problem_from_inrc2(part), own, watch.tell_time)
        seconds += solution.seconds
        if solution.status in (Status.INFEASIBLE, Status.UNKNOWN):
            return replace(solution, objective=None, bound=None, seconds=seconds)
        history = history_after(part, inrc2_assignments(solution.assignments))
        assignments += [replace(item, day=item.day + stage * DAYS_A_WEEK) for item in solution.assignments]
    problem = problem_from_inrc2(instance)
    costs = breakdown(problem, roster_of(problem, assignments))
    return replace(
        solution,
        status=Status.FEASIBLE,
        objective=sum(costs.values()),
        bound=None,
        seconds=seconds,
        breakdown=costs,
        assignments=tuple(assignments),
    )


class _Watch:
    """Tells progress of a part of the search as that of the whole."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.stopped = False
        self.before = 0.0

    def tell(self, snapshot: Snapshot) -> bool:
        """Tell it; return whether to stop, also where an earlier part was stopped and has a roster."""
        if self._progress is not None and not self.stopped:
            try:
                said = replace(snapshot, seconds=self.before + snapshot.seconds)
                self.stopped = bool(self._progress(said))
            except StopSolve:
                self.stopped = True
        return self.stopped

    def tell_time(self, snapshot: Snapshot) -> bool:
        """Tell of a week nothing but the time: its objective is not that of the whole."""
        return self.tell(Snapshot(snapshot.seconds, None, None, None))
