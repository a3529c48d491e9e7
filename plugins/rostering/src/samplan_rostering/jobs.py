"""Background work: the optimisation of a roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any
from uuid import UUID

from samplan.plugin_api import JobContext, JobFailed, Outcome, TenantSession, new_id
from samplan_rostering import labels
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import RosterPeriod
from samplan_rostering.queries.periods import get_problem
from samplan_rostering.queries.rosters import input_hash
from samplan_rostering.queries.ward_data import ward_data
from samplan_rostering.services.rosters import Made, store_roster
from samplan_rostering.solver.solution import Snapshot, Solution, SolveOptions, Status

Input = WardData | CurtoisInstance


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be solved, and the mark of its input."""

    source_id: UUID
    input: Input
    input_hash: str

    @property
    def ward(self) -> WardData | None:
        """The ward, or None for a benchmark problem."""
        return self.input if isinstance(self.input, WardData) else None


def solve_roster(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Find a roster, let the independent evaluator judge it, and store it with the end of the run.

    No transaction is open during the search. A run that is stopped keeps its best roster if that is wished.

    Raises:
        JobFailed: no roster keeps every rule (with the reasons), none was found in time, or the evaluator
            rejects what was found.
    """
    ctx.progress(pct=0, phase=labels.READING)
    with ctx.unit_of_work() as session:
        case = _load(session, params["source_id"])
    options = SolveOptions(seconds=params["seconds"], workers=params["workers"], seed=params["seed"])
    solution = _solve(ctx, case, options)
    expect_roster(solution, params["seconds"])
    ctx.progress(pct=100, phase=labels.CHECKING)
    _check(case, solution)
    made = Made(new_id(), ctx.run_id, case.source_id, case.input_hash)
    result = {
        "roster_id": str(made.roster_id),
        "objective": solution.objective,
        "status": solution.status.value,
        "link": {"endpoint": "rostering.roster", "values": {"roster_id": str(made.roster_id)}},
    }
    return Outcome(result, partial(store_roster, made=made, ward=case.ward, solution=solution))


def _load(session: TenantSession, source_id: UUID) -> Case:
    if session.get(RosterPeriod, (session.tenant_id, source_id)) is not None:
        ward = ward_data(session, source_id)
        return Case(source_id, ward, input_hash(ward))
    problem = get_problem(session, source_id)
    return Case(source_id, parse_curtois(problem.source), input_hash(problem.source))


def _solve(ctx: JobContext, case: Case, options: SolveOptions) -> Solution:
    from samplan_rostering.solver.solve import solve_curtois, solve_ward  # with OR-Tools, late

    def report(snapshot: Snapshot) -> bool:
        goes_on = ctx.progress(
            pct=min(100.0 * snapshot.seconds / options.seconds, 100.0),
            phase=labels.SEARCHING,
            incumbent=snapshot.objective,
            bound=snapshot.bound,
        )
        return not goes_on

    if isinstance(case.input, WardData):
        return solve_ward(case.input, options, report)
    return solve_curtois(case.input, options, report)


def expect_roster(solution: Solution, seconds: int) -> None:
    """Raise `JobFailed` when there is no roster, with the reasons."""
    if solution.status is Status.INFEASIBLE:
        people = ", ".join(sorted({reason.employee for reason in solution.reasons}))
        message = str(labels.INFEASIBLE_FOR if people else labels.INFEASIBLE)
        reasons = [asdict(reason) for reason in solution.reasons]
        raise JobFailed("infeasible", message, people=people, reasons=reasons)
    if solution.status is Status.UNKNOWN:
        raise JobFailed("none_found", str(labels.NONE_FOUND), seconds=seconds)


def _check(case: Case, solution: Solution) -> None:
    """Raise `JobFailed` when the evaluator finds a broken rule or another price than the solver's."""
    evaluation = _evaluate(case.input, solution)
    if evaluation.violations or evaluation.objective != solution.objective:
        raise JobFailed(
            "rejected",
            str(labels.REJECTED),
            violations=[_as_json(asdict(violation)) for violation in evaluation.violations],
            objective=solution.objective,
            recomputed=evaluation.objective,
        )


def _evaluate(source: Input, solution: Solution) -> Evaluation:
    if isinstance(source, WardData):
        return evaluate_ward(source, solution.assignments)
    return evaluate_curtois(source, solution.assignments)


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if value is not None else None for name, value in values.items()}
