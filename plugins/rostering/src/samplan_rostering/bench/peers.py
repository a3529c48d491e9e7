"""What peers share, and the plain model solved by CP-SAT as it is when nothing but limits is set."""

import math
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from samplan_rostering.bench.compact import Compact, build
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.solver.solution import Solution, SolveOptions, Status

Tell = Callable[[float, int | None, int | None], None]
"""Told of progress: seconds so far, objective of the best roster, bound."""

FOUND = (Status.OPTIMAL, Status.FEASIBLE)
_TOLERANCE = 1e-6
"""What is taken off a bound of floating-point arithmetic before it is rounded up."""


class Clock:
    """Counts the seconds since the instance was read; the time to build the model is among them."""

    def __init__(self, options: SolveOptions) -> None:
        self.options = options
        self._begin = time.monotonic()

    def seconds(self) -> float:
        """Return the seconds so far."""
        return time.monotonic() - self._begin

    def left(self) -> float:
        """Return the seconds that are left."""
        return max(self.options.seconds - self.seconds(), 0.0)

    def solution(
        self,
        status: Status,
        roster: list[Assignment],
        objective: int | None,
        bound: float | None,
        versions: dict[str, str],
    ) -> Solution:
        """Return what a peer has found, with the time it took up to now."""
        return Solution(
            status=status,
            objective=objective,
            bound=None if status is Status.INFEASIBLE else raised(bound),
            seconds=self.seconds(),
            seed=self.options.seed,
            versions=versions,
            breakdown={},
            assignments=tuple(roster),
        )


def raised(bound: float | None) -> int | None:
    """Return the least objective that a bound allows; objectives are whole."""
    return None if bound is None or not math.isfinite(bound) else math.ceil(bound - _TOLERANCE)


def solve_cp_sat(instance: CurtoisInstance, options: SolveOptions, tell: Tell) -> Solution:
    """Solve the plain model with CP-SAT, with its defaults but for workers, seed and time."""
    from ortools.sat.python import cp_model

    clock, versions = Clock(options), {"ortools": version("ortools")}
    model = build(instance)
    cp, variables = _to_cp_sat(model)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = options.workers
    solver.parameters.random_seed = options.seed

    class Told(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            price = model.price(lambda n: self.boolean_value(variables[n]))
            tell(clock.seconds(), price, raised(self.best_objective_bound))

    if clock.left() <= 0:
        return clock.solution(Status.UNKNOWN, [], None, None, versions)
    solver.parameters.max_time_in_seconds = clock.left()
    ended = solver.solve(cp, Told())
    if ended == cp_model.MODEL_INVALID:
        raise ValueError(cp.validate())
    status = {
        cp_model.OPTIMAL: Status.OPTIMAL,
        cp_model.FEASIBLE: Status.FEASIBLE,
        cp_model.INFEASIBLE: Status.INFEASIBLE,
    }.get(ended, Status.UNKNOWN)
    bound = solver.best_objective_bound
    if status not in FOUND:
        return clock.solution(status, [], None, bound, versions)

    def is_given(cell: int) -> bool:
        return solver.boolean_value(variables[cell])

    return clock.solution(status, model.roster(is_given), model.price(is_given), bound, versions)


def _to_cp_sat(model: Compact) -> tuple[Any, list[Any]]:
    from ortools.sat.python.cp_model import CpModel, Domain, LinearExpr

    cp = CpModel()
    variables = [cp.new_int_var(0, upper, "") for upper in model.upper]
    for clause in model.clauses:
        cp.add_bool_or(*(variables[n] for n in clause.true), *(~variables[n] for n in clause.false))
    everything = Domain.all_values().flattened_intervals()
    for row in model.sums:
        left = LinearExpr.weighted_sum([variables[n] for n, _ in row.terms], [f for _, f in row.terms])
        low = everything[0] if row.low is None else row.low
        cp.add_linear_constraint(left, low, everything[1] if row.high is None else row.high)
    cp.minimize(LinearExpr.weighted_sum(variables, model.cost) + model.offset)
    return cp, variables
