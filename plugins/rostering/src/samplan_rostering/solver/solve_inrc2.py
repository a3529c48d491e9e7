"""Solve an instance of the competition INRC-II: all weeks at once, or week by week as it asks for."""

from collections.abc import Sequence
from dataclasses import replace

from samplan_rostering.domain.inrc2.evaluate import history_after
from samplan_rostering.domain.inrc2.values import DAYS_A_WEEK, Inrc2Instance
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.solver.from_inrc2 import inrc2_assignments, problem_from_inrc2
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.problem import Problem, Roster
from samplan_rostering.solver.solution import Progress, Snapshot, Solution, SolveOptions, Status, StopSolve
from samplan_rostering.solver.solve import solve


def solve_inrc2(instance: Inrc2Instance, options: SolveOptions, progress: Progress | None = None) -> Solution:
    """Return the best roster found for all weeks, each known from the beginning (the static problem)."""
    return solve(problem_from_inrc2(instance), options, progress)


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
        solution = solve(problem_from_inrc2(part), own, watch.tell)
        seconds += solution.seconds
        if solution.status in (Status.INFEASIBLE, Status.UNKNOWN):
            return replace(solution, objective=None, bound=None, seconds=seconds)
        history = history_after(part, inrc2_assignments(solution.assignments))
        assignments += [replace(item, day=item.day + stage * DAYS_A_WEEK) for item in solution.assignments]
    problem = problem_from_inrc2(instance)
    costs = breakdown(problem, _roster(problem, assignments))
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
    """Tells progress of one week as that of the whole."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._stopped = False
        self.before = 0.0

    def tell(self, snapshot: Snapshot) -> bool:
        """Tell it; return whether to stop, also where an earlier week was stopped and has a roster."""
        if self._progress is not None and not self._stopped:
            try:
                self._stopped = bool(
                    self._progress(Snapshot(self.before + snapshot.seconds, None, None, None))
                )
            except StopSolve:
                self._stopped = True
        return self._stopped


def _roster(problem: Problem, assignments: Sequence[Assignment]) -> Roster:
    shifts = {name: number for number, name in enumerate(problem.shifts)}
    given = {(item.employee, item.day): shifts[item.shift] for item in assignments}
    return tuple(
        tuple(given.get((rules.id, day)) for day in range(problem.days)) for rules in problem.employees
    )
