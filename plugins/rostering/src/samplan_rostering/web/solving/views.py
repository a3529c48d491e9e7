"""The page of a period's optimisation: what it puts first, what is locked, how it goes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    JobRun,
    NotFound,
    TenantSession,
    _,
    can,
    current_core,
    current_principal,
    current_session,
    request_job,
    requires,
    settings_of,
)
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.missing_skills import without_needed_skill
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import RosterPeriod
from samplan_rostering.params import SolveParams
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.figures.of_roster import KeyFigures, key_figures
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.checks import check_ward
from samplan_rostering.queries.rosters.grid import roster_grid
from samplan_rostering.queries.rosters.lines import roster_lines
from samplan_rostering.queries.rosters.stored import discreet
from samplan_rostering.queries.solving.runs import get_run, is_active, newest_run, source_of
from samplan_rostering.queries.solving.traces import best_so_far, trace_of
from samplan_rostering.services.solving.asking import Hopeless, check_limits, refuse_hopeless, subject_of
from samplan_rostering.services.solving.cases import start_cells
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.periods.missing_skills import lacking_skill
from samplan_rostering.web.solving.curve import draw_curve
from samplan_rostering.web.solving.forms import OptimiseForm
from samplan_rostering.web.solving.progress import visible, visible_reasons


@blueprint.get("/periods/<uuid:period_id>/optimise")
@requires(Allow.SOLVE_ROSTER)
def optimise(period_id: UUID) -> str:
    """Show what an optimisation may be told, and how the newest one goes."""
    ward = ward_data(current_session(), period_id)
    return _page(period_id, ward, _form(period_id, ward))


@blueprint.post("/periods/<uuid:period_id>/optimise")
@requires(Allow.SOLVE_ROSTER)
def start_optimise(period_id: UUID) -> Response | tuple[str, int]:
    """Start an optimisation as the form says."""
    session = current_session()
    ward = ward_data(session, period_id)
    form = _form(period_id, ward)
    if not _asks(ward):
        return _page(period_id, ward, form), 422
    if not (form.validate_on_submit() and _can_start(session, period_id, ward, form)):
        return _page(period_id, ward, form), 422
    params = {"source_id": str(period_id), **form.params()}
    check_limits(settings_of(current_core().modules, session, blueprint.name), params)
    try:
        tell = can(current_principal(), Allow.READ_WARD)
        refuse_hopeless(session, SolveParams().load(params), tell=tell)
    except Hopeless as refused:
        return _page(period_id, ward, form, refused), 422
    request_job("rostering.solve", params, subject=subject_of(period_id))
    return redirect(url_for("rostering.optimise", period_id=period_id), 303)


@blueprint.get("/runs/<uuid:run_id>/curve")
@requires(Allow.READ_ROSTER)
def run_curve(run_id: UUID) -> str:
    """Answer the part of a page that draws how a run goes."""
    run = _own_run(run_id)
    return render_template("rostering/run_curve.html", **_curve(current_session(), run))


@blueprint.get("/runs/<uuid:run_id>/best")
@requires(Allow.READ_ROSTER)
def best_roster(run_id: UUID) -> str:
    """Show the best roster of a search under way."""
    session, run = current_session(), _own_run(run_id)
    period_id = source_of(run)
    ward = ward_data(session, period_id)
    cells = best_so_far(session, run_id)
    private = can(current_principal(), Allow.READ_WARD)
    check = check_ward(ward, evaluate_ward(ward, cells), private=private)
    breaches: dict[tuple[str, int], tuple[str, ...]] = defaultdict(tuple)
    for breach in check.breaches:
        if breach.day is not None:
            breaches[breach.employee, breach.day] += (breach.text,)
    shown = ward if private else discreet(ward)
    return render_template(
        "rostering/best_so_far.html",
        period=periods.overview(session, period_id),
        grid=roster_grid(shown, cells, breaches, facts=WardFacts(ward)),
        check=check,
    )


def _own_run(run_id: UUID) -> JobRun:
    run = get_run(current_session(), run_id)
    if visible(run) is None:
        raise NotFound(_("There is no such run."))
    return run


def _form(period_id: UUID, ward: WardData) -> OptimiseForm:
    session = current_session()
    settings = settings_of(current_core().modules, session, blueprint.name)
    rosters = [line.roster for line in roster_lines(session, period_id, ward)]
    return OptimiseForm.of_period(settings, ward.period, rosters)


def _can_start(session: TenantSession, period_id: UUID, ward: WardData, form: OptimiseForm) -> bool:
    """Tell whether the chosen roster keeps every rule, so that a search can start from it; say if not."""
    roster_id = form.roster_id
    if roster_id is None or form.locks.data == "before":
        return True
    check = check_ward(ward, evaluate_ward(ward, start_cells(session, period_id, roster_id)))
    if not check.breaches:
        return True
    told = _("The roster breaks rules by the input of today, such as: %(rule)s", rule=check.breaches[0].text)
    form.start.errors = [told]
    return False


def _asks(ward: WardData) -> bool:
    """Tell whether the period asks for anybody: a search has nothing to roster for else."""
    return bool(ward.weekly_requirements or ward.dated_requirements)


def _page(period_id: UUID, ward: WardData, form: OptimiseForm, refused: Hopeless | None = None) -> str:
    session = current_session()
    run = newest_run(session, subject_of(period_id))
    shown = visible(run)
    curve = {"run_id": None} if run is None or shown is None else _curve(session, run)
    return render_template(
        "rostering/optimise.html",
        period=periods.overview(session, period_id),
        rosters=roster_lines(session, period_id, ward),
        run=shown,
        reasons=visible_reasons(session, run, period_id),
        form=form,
        refused=refused,
        lacking=_lacking(ward),
        asks=_asks(ward),
        **{"active": is_active(run), **curve},
    )


def _lacking(ward: WardData) -> str:
    lacking = without_needed_skill(ward) if can(current_principal(), Allow.READ_WARD) else ()
    return lacking_skill(person.name or person.code for person in lacking) if lacking else ""


def _curve(session: TenantSession, run: JobRun) -> dict[str, Any]:
    trace = trace_of(session, run.id)
    return {
        "run_id": run.id,
        "active": is_active(run),
        "curve": None if trace is None else draw_curve(trace.points),
        "figures": None if trace is None or not is_active(run) else _figures(session, run),
    }


def _figures(session: TenantSession, run: JobRun) -> KeyFigures | None:
    trace, source_id = trace_of(session, run.id), source_of(run)
    if trace is None or not trace.cells:
        return None
    if session.get(RosterPeriod, (session.tenant_id, source_id)) is None:
        return None  # a benchmark problem has none
    return key_figures(ward_data(session, source_id), trace.cells)
