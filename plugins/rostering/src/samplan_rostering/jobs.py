"""Background work: the optimisation of a roster, and of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from samplan.plugin_api import JobContext, JobFailed, Outcome, TenantSession, new_id
from samplan_rostering import labels
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.scenario.apply import ChangesError
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.services.solving.cases import Case, Search, load_case, load_scenario_case
from samplan_rostering.services.solving.traces import Trace, begin_trace
from samplan_rostering.solver.solution import Snapshot, Solution, SolveOptions, Status


def solve_roster(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Find a roster, let the independent evaluator judge it, and store it with the end of the run.

    No transaction is open during the search. A run that is stopped keeps its best roster if that is wished;
    another attempt, after a worker was lost, goes on from the best that the one before had found.

    Raises:
        JobFailed: no roster keeps every rule (with the reasons), none was found in time, or the evaluator
            rejects what was found.
    """
    ctx.progress(pct=0, phase=labels.READING)
    with ctx.unit_of_work() as session:
        case = load_case(session, params)
        trace = begin_trace(session, ctx.run_id)
    return _solved(ctx, case, trace, params)


def simulate(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Find a scenario's roster, as `solve_roster` a period's; it is stored with the scenario.

    Raises:
        JobFailed: as for a period, or the scenario's changes no longer fit the period.
    """
    ctx.progress(pct=0, phase=labels.READING)
    try:
        with ctx.unit_of_work() as session:
            case = load_scenario_case(session, params["scenario_id"])
            trace = begin_trace(session, ctx.run_id)
    except ChangesError as error:
        raise JobFailed("outdated", str(labels.OUTDATED), faults=str(error)) from error
    return _solved(ctx, case, trace, params)


def _solved(ctx: JobContext, case: Case, trace: Trace, params: Mapping[str, Any]) -> Outcome:
    options = SolveOptions(seconds=params["seconds"], workers=params["workers"], seed=params["seed"])
    solution = _search(ctx, case, trace, options)
    expect_roster(solution, params["seconds"])
    ctx.progress(pct=100, phase=labels.CHECKING)
    solution = _checked(case, solution)
    origin = "scenario" if case.kind == "scenario" else "solved"
    made = Made(new_id(), ctx.run_id, case.source_id, case.input_hash, case.kind, origin)
    result = {
        "roster_id": str(made.roster_id),
        "objective": solution.objective,
        "status": solution.status.value,
        "link": case.link(made.roster_id),
    }

    def write(session: TenantSession) -> None:
        store_roster(session, made, case.ward, solution)
        trace.finish(session)

    return Outcome(result, write)


def _search(ctx: JobContext, case: Case, trace: Trace, options: SolveOptions) -> Solution:
    from samplan_rostering.solver.solve import solve_curtois, solve_ward  # with OR-Tools, late

    def report(snapshot: Snapshot) -> bool:
        goes_on = ctx.progress(
            pct=min(100.0 * snapshot.seconds / options.seconds, 100.0),
            phase=labels.SEARCHING,
            incumbent=snapshot.objective,
            bound=snapshot.bound,
        )
        if trace.note(snapshot):
            with ctx.unit_of_work() as session:
                trace.store(session)
        return not goes_on

    if not isinstance(case.search, Search):
        return solve_curtois(case.search, options, report)
    search = case.search.going_on(trace.cells)
    return solve_ward(search.ward, options, report, search.start, search.change_price)


def expect_roster(solution: Solution, seconds: int) -> None:
    """Raise `JobFailed` when there is no roster, with the reasons."""
    if solution.status is Status.INFEASIBLE:
        people = ", ".join(sorted({reason.employee for reason in solution.reasons}))
        message = str(labels.INFEASIBLE_FOR if people else labels.INFEASIBLE)
        reasons = [asdict(reason) for reason in solution.reasons]
        raise JobFailed("infeasible", message, people=people, reasons=reasons)
    if solution.status is Status.UNKNOWN:
        raise JobFailed("none_found", str(labels.NONE_FOUND), seconds=seconds)


def _checked(case: Case, solution: Solution) -> Solution:
    """Return the solution as the source's own weights price it.

    Raises:
        JobFailed: the evaluator finds a broken rule, or another price than the solver's.
    """
    found = _evaluate(case.search, solution.assignments)
    searched = case.search if isinstance(case.search, Search) else None
    priced = searched is None or not searched.change_price
    if found.violations or (priced and found.objective != solution.objective):
        raise JobFailed(
            "rejected",
            str(labels.REJECTED),
            violations=[_as_json(asdict(violation)) for violation in found.violations],
            objective=solution.objective,
            recomputed=found.objective,
        )
    if searched is None or case.ward is None or searched.as_usual:
        return solution
    own = evaluate_ward(case.ward, solution.assignments)
    return replace(
        solution, status=Status.FEASIBLE, objective=own.objective, breakdown=own.breakdown, bound=None
    )


def _evaluate(search: Search | CurtoisInstance, assignments: tuple[Assignment, ...]) -> Evaluation:
    if isinstance(search, Search):
        return evaluate_ward(search.ward, assignments)
    return evaluate_curtois(search, assignments)


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if value is not None else None for name, value in values.items()}
