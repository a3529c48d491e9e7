"""Solve a rostering problem: a first roster person by person, then the whole model from there."""

import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from math import ceil, isfinite

from ortools.sat.python.cp_model import (
    INFEASIBLE,
    OPTIMAL,
    CpSolver,
    CpSolverSolutionCallback,
    CpSolverStatus,
)

from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.from_curtois import problem_from_curtois
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.model import Model, build_model
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.problem import Problem, Roster
from samplan_rostering.solver.reasons import reason_for
from samplan_rostering.solver.solution import (
    Progress,
    Reason,
    Snapshot,
    Solution,
    SolveOptions,
    Status,
    StopSolve,
)
from samplan_rostering.solver.start import Start, first_roster

POLL_SECONDS = 0.2
LARGEST_MODEL = 60_000
"""Cells above which the whole model is not built: what the start has found is the answer."""

ROUNDING = 1e-6


def solve_ward(ward: WardData, options: SolveOptions, progress: Progress | None = None) -> Solution:
    """Return the best roster found for a valid ward, or why there is none."""
    return solve(problem_from_ward(ward), options, progress)


def solve_curtois(
    instance: CurtoisInstance, options: SolveOptions, progress: Progress | None = None
) -> Solution:
    """Return the best roster found for a benchmark instance, by its own rules, or why there is none."""
    return solve(problem_from_curtois(instance), options, progress)


def solve(problem: Problem, options: SolveOptions, progress: Progress | None = None) -> Solution:
    """Return the best roster found within the options, or why there is none."""
    return _Search(problem, options, progress or (lambda _snapshot: None)).run()


class _Search:
    """One solve: keeps the best roster and the bound, tells progress, and obeys a wish to stop."""

    def __init__(self, problem: Problem, options: SolveOptions, progress: Progress) -> None:
        self._problem, self._options, self._progress = problem, options, progress
        self._begin = time.monotonic()
        self._best: tuple[int, Roster] | None = None
        self._bound: int | None = None
        self._stop = False

    def run(self) -> Solution:
        """Start, search, and say how it ended."""
        begun: list[Start] = []
        self._watch(
            lambda: begun.append(first_roster(self._problem, self._options.seed, self._out_of_time)),
            interrupt=lambda: None,
        )
        start = begun[0]
        if start.impossible:
            return self._solution(
                Status.INFEASIBLE, tuple(reason_for(self._problem, e) for e in start.impossible)
            )
        rows = tuple(row for row in start.rows if row is not None)
        if len(rows) == len(start.rows):
            self._found(rows)
        if not self._out_of_time() and self._problem.size <= LARGEST_MODEL:
            status = self._search(start)
            if status == INFEASIBLE:
                return self._solution(Status.INFEASIBLE)
            if status == OPTIMAL and self._best is not None:
                self._bound = self._best[0]
                return self._solution(Status.OPTIMAL)
        return self._solution(Status.FEASIBLE if self._best is not None else Status.UNKNOWN)

    def _search(self, start: Start) -> CpSolverStatus:
        """Solve the whole model from the start; what is found meanwhile is kept."""
        model = build_model(self._problem)
        _hint(model, start)
        solver = _solver(self._options, self._options.seconds - self._seconds())
        solver.best_bound_callback = self._set_bound
        incumbents = _Incumbents(model, self._problem.days, self._found)
        ended: list[CpSolverStatus] = []
        self._watch(lambda: ended.append(solver.solve(model.cp, incumbents)), interrupt=solver.stop_search)
        return ended[0]

    def _watch(self, work: Callable[[], object], interrupt: Callable[[], None]) -> None:
        """Do the work in a thread; tell progress from here, and interrupt the work when asked to stop."""
        failures: list[BaseException] = []

        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
                failures.append(error)

        thread = threading.Thread(target=run, name="solve", daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(POLL_SECONDS)
                if not self._stop and self._tell():
                    self._stop = True
                if self._stop:
                    interrupt()
        except BaseException:
            self._stop = True
            interrupt()
            thread.join()
            raise
        if failures:
            raise failures[0]

    def _tell(self) -> bool:
        best = self._best
        snapshot = Snapshot(
            seconds=self._seconds(),
            objective=best[0] if best else None,
            bound=self._bound,
            assignments=self._assignments(best[1]) if best else None,
        )
        try:
            return bool(self._progress(snapshot))
        except StopSolve:
            return True

    def _found(self, roster: Roster) -> None:
        objective = sum(breakdown(self._problem, roster).values())
        if self._best is None or objective < self._best[0]:
            self._best = objective, roster

    def _set_bound(self, bound: float) -> None:
        # Costs are whole numbers, so a bound may be rounded up.
        if isfinite(bound):
            self._bound = max(ceil(bound - ROUNDING), 0 if self._bound is None else self._bound)

    def _seconds(self) -> float:
        return time.monotonic() - self._begin

    def _out_of_time(self) -> bool:
        return self._stop or self._seconds() >= self._options.seconds

    def _assignments(self, roster: Roster) -> tuple[Assignment, ...]:
        return tuple(
            Assignment(rules.id, day, self._problem.shifts[shift])
            for rules, row in zip(self._problem.employees, roster, strict=True)
            for day, shift in enumerate(row)
            if shift is not None
        )

    def _solution(self, status: Status, reasons: tuple[Reason, ...] = ()) -> Solution:
        best = self._best if status in (Status.OPTIMAL, Status.FEASIBLE) else None
        return Solution(
            status=status,
            objective=best[0] if best else None,
            bound=self._bound,
            seconds=self._seconds(),
            seed=self._options.seed,
            versions={"ortools": version("ortools"), "samplan-rostering": version("samplan-rostering")},
            breakdown=breakdown(self._problem, best[1]) if best else {},
            assignments=self._assignments(best[1]) if best else (),
            reasons=reasons,
        )


class _Incumbents(CpSolverSolutionCallback):
    """Gives each better roster to the search, as rows of shifts by day."""

    def __init__(self, model: Model, days: int, found: Callable[[Roster], None]) -> None:
        super().__init__()
        self._model, self._days, self._found = model, days, found

    def on_solution_callback(self) -> None:
        """Read the solution; called by the solver."""
        rows = []
        for row in self._model.rows:
            worked = {day: shift for (day, shift), var in row.cells.items() if self.boolean_value(var)}
            rows.append(tuple(worked.get(day) for day in range(self._days)))
        self._found(tuple(rows))


def _hint(model: Model, start: Start) -> None:
    """Tell the solver of the start, so that it begins from there."""
    for row, given in zip(model.rows, start.rows, strict=True):
        if given is None:
            continue
        for (day, shift), var in row.cells.items():
            model.cp.add_hint(var, given[day] == shift)


def _solver(options: SolveOptions, seconds: float) -> CpSolver:
    """Return a solver with the measured settings: `max_lp` in place of `default_lp` as the full worker."""
    solver = CpSolver()
    parameters = solver.parameters
    parameters.num_workers = options.workers
    parameters.random_seed = options.seed
    parameters.max_time_in_seconds = max(seconds, POLL_SECONDS)
    if options.deterministic_seconds is not None:
        parameters.max_deterministic_time = options.deterministic_seconds
    if options.workers > 1:
        parameters.ignore_subsolvers.append("default_lp")
        parameters.subsolvers.append("max_lp")
    else:
        parameters.linearization_level = 2
    return solver
