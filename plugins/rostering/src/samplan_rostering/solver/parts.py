"""Solve a part of a problem, the rest of the roster being kept."""

from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL, CpSolver

from samplan_rostering.solver.model import Model, build_model
from samplan_rostering.solver.problem import Blocked, Part, Problem, Roster, Row


@dataclass(frozen=True, slots=True)
class PartResult:
    """New rows of the part (empty when none were found), and the solver's own measure of work done."""

    rows: dict[int, Row]
    optimal: bool
    infeasible: bool
    work: float

    def placed_in(self, roster: Roster) -> Roster:
        """Return the roster with the new rows."""
        return tuple(self.rows.get(employee, row) for employee, row in enumerate(roster))


class PartSolver:
    """Solves one part at a time; another thread may interrupt it, for good."""

    def __init__(self, problem: Problem, closed: Callable[[int, Row], Blocked] | None = None) -> None:
        self.problem = problem
        self._closed = closed
        self._running: CpSolver | None = None
        self._interrupted = False

    def interrupt(self) -> None:
        """End the part being solved as soon as possible, and every later one at once."""
        self._interrupted = True
        if self._running is not None:
            self._running.stop_search()

    def solve(self, roster: Roster, part: Part, seed: int, work: float, seconds: float) -> PartResult:
        """Solve a part within limits of work (which does not depend on the machine) and of time."""
        model = build_model(self.problem, part, roster, self._closed)
        solver = CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        # Parts are small and many: what a long presolve finds in them does not pay.
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        solver.parameters.max_presolve_iterations = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = work
        solver.parameters.max_time_in_seconds = max(seconds, 0.0)
        hint(self.problem, model, roster)
        self._running = solver
        if self._interrupted:
            return PartResult({}, optimal=False, infeasible=False, work=0.0)
        status = solver.solve(model.cp)
        found = status in (OPTIMAL, FEASIBLE)
        return PartResult(
            model.read(solver.boolean_value, self.problem.days) if found else {},
            optimal=status == OPTIMAL,
            infeasible=status == INFEASIBLE,
            work=solver.deterministic_time,
        )


def hint(problem: Problem, model: Model, roster: Roster) -> None:
    """Let a solver begin with a roster.

    Where costs have variables of their own, these are found first: a search that has to find them itself may
    spend all its work on that.
    """
    for employee, row in model.rows.items():
        for (day, shift), var in row.cells.items():
            model.cp.add_hint(var, roster[employee][day] == shift)
    if not (problem.run_costs or problem.combination_costs or problem.window_costs):
        return
    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.max_deterministic_time = 1.0
    solver.parameters.fix_variables_to_their_hinted_value = True
    if solver.solve(model.cp) in (OPTIMAL, FEASIBLE):
        values = list(solver.response_proto.solution)
        whole = model.cp.proto.solution_hint
        whole.vars.clear()
        whole.values.clear()
        whole.vars.extend(range(len(values)))
        whole.values.extend(values)
