"""The module's first page, its card, and the page of a period or benchmark problem."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    can,
    current_core,
    current_principal,
    current_session,
    download,
    language,
    request_job,
    requires,
    settings_of,
)
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.requests.absences import waiting_by_period
from samplan_rostering.queries.requests.swaps import swaps_to_answer
from samplan_rostering.queries.rosters.lines import roster_lines
from samplan_rostering.queries.setup.wards import ward_lines
from samplan_rostering.queries.solving.runs import is_active, newest_run
from samplan_rostering.services.periods.wards import counts
from samplan_rostering.services.solving.asking import check_limits, subject_of
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import SolveForm
from samplan_rostering.web.solving.progress import visible, visible_reasons
from samplan_rostering.workbook import write_ward

SHOWN_PERIODS, SHOWN_PROBLEMS, CARD_PERIODS = 200, 20, 4


@blueprint.get("/")
@requires(Allow.READ_ROSTER)
def index() -> str:
    """Show the wards' periods, and the benchmark problems if there are any."""
    session = current_session()
    return render_template(
        "rostering/index.html",
        periods=periods.newest_periods(session, SHOWN_PERIODS),
        wards=ward_lines(session) if can(current_principal(), Allow.READ_WARD) else [],
        problems=periods.problems(session, SHOWN_PROBLEMS),
    )


@blueprint.get("/card")
@requires(Allow.READ_ROSTER)
def card() -> str:
    """Answer the fragment for the start page."""
    session = current_session()
    newest = periods.newest_periods(session, CARD_PERIODS)
    decides = can(current_principal(), Allow.DECIDE_REQUEST)
    waiting = waiting_by_period(session, [each.id for each in newest]) if decides else {}
    principal = current_principal()
    answers = swaps_to_answer(session, principal.account_id) if can(principal, Allow.OWN) else 0
    return render_template("rostering/card.html", periods=newest, waiting=waiting, answers=answers)


@blueprint.get("/periods/<uuid:period_id>")
@requires(Allow.READ_ROSTER)
def period(period_id: UUID) -> str:
    """Show what a period asks for, its rosters and a run under way."""
    session = current_session()
    ward, run = ward_data(session, period_id), newest_run(session, subject_of(period_id))
    return render_template(
        "rostering/period.html",
        period=periods.overview(session, period_id),
        counts=counts(ward),
        rosters=roster_lines(session, period_id, ward),
        active=is_active(run),
        run=visible(run),
        reasons=visible_reasons(session, run, period_id),
    )


@blueprint.get("/periods/<uuid:period_id>/workbook.xlsx")
@requires(Allow.READ_WARD)
def period_workbook(period_id: UUID) -> Response:
    """Answer the period's input as the workbook that it was read in from."""
    ward = ward_data(current_session(), period_id)
    return download(write_ward(ward, language()), f"{ward.unit.name} {ward.period.start}", "xlsx")


@blueprint.get("/problems/<uuid:problem_id>")
@requires(Allow.READ_ROSTER)
def problem(problem_id: UUID) -> str:
    """Show a benchmark problem, its rosters and a run under way."""
    return _problem_page(problem_id, _solve_form())


@blueprint.post("/problems/<uuid:problem_id>/solve")
@requires(Allow.SOLVE_ROSTER)
def solve_problem(problem_id: UUID) -> Response | tuple[str, int]:
    """Start the optimisation of a benchmark problem."""
    form = _solve_form()
    if not form.validate_on_submit():
        return _problem_page(problem_id, form), 422
    session = current_session()
    params = {"source_id": str(periods.get_problem(session, problem_id).id), **form.params()}
    check_limits(settings_of(current_core().modules, session, blueprint.name), params)
    request_job("rostering.solve", params, subject=subject_of(problem_id))
    return redirect(url_for("rostering.problem", problem_id=problem_id))


def _problem_page(problem_id: UUID, form: SolveForm) -> str:
    session = current_session()
    found, run = periods.get_problem(session, problem_id), newest_run(session, subject_of(problem_id))
    return render_template(
        "rostering/problem.html",
        problem=found,
        instance=parse_curtois(found.source),
        rosters=roster_lines(session, problem_id, found.source),
        active=is_active(run),
        run=visible(run),
        reasons=visible_reasons(session, run, problem_id),
        form=form,
    )


def _solve_form() -> SolveForm:
    return SolveForm.within(settings_of(current_core().modules, current_session(), blueprint.name))
