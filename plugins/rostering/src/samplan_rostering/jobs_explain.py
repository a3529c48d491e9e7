"""Background work on what is there: re-planning a roster, and why a period can have none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samplan.plugin_api import JobContext, JobFailed, Outcome
from samplan_rostering import labels
from samplan_rostering.domain.explain.news import Away, News, needed
from samplan_rostering.domain.validation import validate
from samplan_rostering.queries.periods.lists import get_roster
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.replanning import situation
from samplan_rostering.queries.rosters.stored import input_hash


def replan_roster(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Find the roster with the least change for what is new; nothing is stored but the changes, to be seen.

    Raises:
        JobFailed: the roster is another by now, or cannot be re-planned.
    """
    from samplan_rostering.solver.replan.plan import ReplanOptions, replan  # with OR-Tools, late

    ctx.progress(pct=0, phase=labels.READING)
    news = _news(params)
    with ctx.unit_of_work() as session:
        roster = get_roster(session, params["roster_id"])
        case = situation(session, roster, news, params["today"])
    if str(case.mark) != params["seen"]:
        raise JobFailed("changed", labels.ROSTER_CHANGED)
    options = ReplanOptions(
        first=case.first,
        today=case.today,
        told=case.told,
        everywhere=params["everywhere"],
        seconds=params["seconds"],
    )
    try:
        answer = replan(case.now, case.found.cells, options, case.found.ward, _teller(ctx))
    except ValueError:
        raise JobFailed("unfit", labels.ROSTER_UNFIT) from None
    changes = [[c.cell.employee, c.cell.day, c.cell.before, c.cell.after] for c in answer.changes]
    values = {"roster_id": str(params["roster_id"]), "run_id": str(ctx.run_id)}
    problem_parts = [_parts(clash, case.now) for clash in answer.clashes]
    return Outcome(
        {
            "changes": [] if answer.clashes else changes,
            "clashes": problem_parts,
            "link": {"endpoint": "rostering.replan_run", "values": values},
        }
    )


def explain_period(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Find the smallest set of rules, locked cells and, where asked, requirements that clash.

    Raises:
        JobFailed: the input is not whole yet.
    """
    from samplan_rostering.solver.explain.clash import explain  # with OR-Tools, late
    from samplan_rostering.solver.from_ward import problem_from_ward

    ctx.progress(pct=0, phase=labels.READING)
    with ctx.unit_of_work() as session:
        ward = ward_data(session, params["period_id"])
    if validate(ward):
        raise JobFailed("not_whole", labels.NOT_WHOLE)
    problem = problem_from_ward(ward)
    hard = range(len(problem.cover)) if params["hard_cover"] else ()
    answer = explain(problem, hard=hard, seconds=params["seconds"], tell=_teller(ctx))
    return Outcome(
        {
            "answer": {
                "verdict": answer.verdict.value,
                "clashes": [_parts(clash, ward) for clash in answer.clashes],
                "hard_cover": params["hard_cover"],
            },
            "input": {"hash": input_hash(ward)},
            "link": {
                "endpoint": "rostering.clash",
                "values": {"period_id": str(params["period_id"])},
            },
        }
    )


def _news(params: Mapping[str, Any]) -> News:
    needs = (needed(row["date"], row["shift"], row["skill"], row["number"]) for row in params["needs"])
    return News(tuple(Away(**row) for row in params["away"]), tuple(needs))


def _parts(clash: Any, ward: Any) -> Mapping[str, Any]:
    """Return a clash as values, to be put into words where it is shown."""
    from samplan_rostering.explanation.clashes import ClashWords
    from samplan_rostering.solver.from_ward import problem_from_ward

    words = ClashWords.of_ward(problem_from_ward(ward), ward)
    return {"minimal": clash.minimal, "parts": [words.part_value(part) for part in clash.parts]}


def _teller(ctx: JobContext) -> Any:
    """Return what tells how much of the time is gone, and whether to stop."""
    return lambda share: not ctx.progress(pct=min(100.0 * share, 100.0), phase=labels.SEARCHING)
