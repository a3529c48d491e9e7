"""Solve the whole model: slow to find good rosters of a ward, but it proves bounds and small optima."""

from collections.abc import Callable

from ortools.sat.python.cp_model import INFEASIBLE, OPTIMAL, CpSolver, CpSolverSolutionCallback

from samplan_rostering.solver.best import Best
from samplan_rostering.solver.model import Model, build_model
from samplan_rostering.solver.parts import hint

MOST_CELLS = 2_000
"""Cells still open above which the whole model is only tried where there is no roster."""


class Prover:
    """Searches the whole problem with one worker, whose relaxation is that of all constraints."""

    def __init__(
        self, best: Best, seed: int, seconds: Callable[[], float], work: float | None = None
    ) -> None:
        self._best = best
        self._seconds = seconds
        self._stopped = False
        self.infeasible = False
        self._solver = CpSolver()
        parameters = self._solver.parameters
        parameters.num_workers = 1
        # The whole relaxation is what closes the gap: with less of it no bound comes near.
        parameters.linearization_level = 2
        parameters.random_seed = seed
        if work is not None:
            parameters.max_deterministic_time = work
        self._solver.best_bound_callback = best.raise_bound

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._stopped = True
        self._solver.stop_search()

    def run(self) -> None:
        """Search until the proof is done, the limits are reached or another thread interrupts."""
        best = self._best
        with best.lock:
            roster = best.roster
        model = build_model(best.problem, roster=roster, closed=best.closed_cells)
        cells = sum(len(row.cells) for row in model.rows.values())
        if self._stopped or (roster and cells > MOST_CELLS):
            return
        if roster:
            hint(best.problem, model, roster)
        self._solver.parameters.max_time_in_seconds = max(self._seconds(), 0.0)
        if self._stopped:
            return
        status = self._solver.solve(model.cp, _Incumbents(self._best, model))
        self.infeasible = status == INFEASIBLE
        if status == OPTIMAL:
            self._best.raise_bound(self._solver.objective_value)


class _Incumbents(CpSolverSolutionCallback):
    """Offers each roster found to the others."""

    def __init__(self, best: Best, model: Model) -> None:
        super().__init__()
        self._best, self._model = best, model

    def on_solution_callback(self) -> None:
        """Read the solution; called by the solver."""
        rows = self._model.read(self.boolean_value, self._best.problem.days)
        self._best.offer(tuple(rows[employee] for employee in sorted(rows)))
