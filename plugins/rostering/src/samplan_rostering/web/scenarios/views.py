"""The pages of scenarios: a period's list, and one scenario with its changes and its run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    JobRun,
    RunView,
    _,
    can,
    current_core,
    current_principal,
    current_session,
    request_job,
    requires,
    run_view,
    settings_of,
)
from samplan_rostering.domain.scenario.apply import KINDS, ChangesError
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Scenario
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.scenarios.comparison import compared, scenario_lines
from samplan_rostering.queries.scenarios.stored import get_scenario, scenario_ward
from samplan_rostering.queries.solving.runs import is_active, newest_run
from samplan_rostering.scenario_words import KINDS as KIND_WORDS
from samplan_rostering.scenario_words import fault_text
from samplan_rostering.services import scenarios as service
from samplan_rostering.services.solving.asking import (
    Hopeless,
    check_limits,
    refuse_impossible,
    subject_of_scenario,
)
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.figures.comparing import figure_rows
from samplan_rostering.web.forms import SolveForm, whole_number
from samplan_rostering.web.scenarios.change_form import ChangeForm, change_form, limits_offered
from samplan_rostering.web.scenarios.change_words import change_lines
from samplan_rostering.web.scenarios.rule_change import (
    RuleQuestion,
    change_faults,
    rule_question,
    said_change,
)


@blueprint.get("/periods/<uuid:period_id>/scenarios")
@requires(Allow.WRITE_SCENARIO)
def scenarios(period_id: UUID) -> str:
    """Show the scenarios of a period."""
    return list_page(period_id)


@blueprint.post("/periods/<uuid:period_id>/scenarios")
@requires(Allow.WRITE_SCENARIO)
def add_scenario(period_id: UUID) -> Response | tuple[str, int]:
    """Add a scenario, without changes or with those of another."""
    session, name = current_session(), request.form.get("name", "")
    try:
        like = _like(request.form.get("like", ""))
        made = service.create_scenario(session, period_id, name, like=like)
    except Invalid as error:
        return list_page(period_id, str(error), name), 422
    return redirect(url_for("rostering.scenario", scenario_id=made.id), 303)


@blueprint.get("/scenarios/<uuid:scenario_id>")
@requires(Allow.WRITE_SCENARIO)
def scenario(scenario_id: UUID) -> str:
    """Show a scenario: its changes, its run and its figures; with `kind` the form for a change of it."""
    return _page(get_scenario(current_session(), scenario_id))


@blueprint.post("/scenarios/<uuid:scenario_id>/changes")
@requires(Allow.WRITE_SCENARIO)
def add_change(scenario_id: UUID) -> Response | tuple[str, int]:
    """Add a change to a scenario."""
    session = current_session()
    found = get_scenario(session, scenario_id)
    kind = request.args.get("kind", "")
    if kind not in KINDS:
        raise Invalid(_("There is no such kind of change."))
    if kind == "rule":
        return _add_rule(found)
    form = change_form(kind, _ward(found), request.form.get("name", ""))
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        service.add_change(session, scenario_id, _version(), form.content(kind))
    except ChangesError as error:
        form.tell(error.faults)
        return _page(found, form), 422
    except Conflict as error:
        return _page(found, told=str(error)), 409
    return redirect(url_for("rostering.scenario", scenario_id=scenario_id), 303)


def _add_rule(found: Scenario) -> Response | tuple[str, int]:
    """Add a change of a rule, from the form of that."""
    said, faults = said_change(request.form, _ward(found))
    if not faults:
        try:
            service.add_change(current_session(), found.id, _version(), said)
        except ChangesError as error:
            faults = change_faults(request.form, error.faults)
        except Conflict as error:
            return _page(found, told=str(error)), 409
        else:
            return redirect(url_for("rostering.scenario", scenario_id=found.id), 303)
    return _page(found, rule=rule_question(_ward(found), request.form, faults)), 422


@blueprint.post("/scenarios/<uuid:scenario_id>/changes/<int:number>/remove")
@requires(Allow.WRITE_SCENARIO)
def remove_change(scenario_id: UUID, number: int) -> Response | tuple[str, int]:
    """Take a change away, counted from 0."""
    session = current_session()
    try:
        service.remove_change(session, scenario_id, _version(), number)
    except Conflict as error:
        return _page(get_scenario(session, scenario_id), told=str(error)), 409
    return redirect(url_for("rostering.scenario", scenario_id=scenario_id), 303)


@blueprint.post("/scenarios/<uuid:scenario_id>/delete")
@requires(Allow.WRITE_SCENARIO)
def delete_scenario(scenario_id: UUID) -> Response | tuple[str, int]:
    """Delete a scenario with its rosters."""
    session = current_session()
    try:
        period_id = service.delete_scenario(session, scenario_id, _version())
    except Conflict as error:
        return _page(get_scenario(session, scenario_id), told=str(error)), 409
    flash(_("The scenario has been deleted."), "success")
    return redirect(url_for("rostering.scenarios", period_id=period_id), 303)


@blueprint.post("/scenarios/<uuid:scenario_id>/simulate")
@requires(Allow.WRITE_SCENARIO)
def simulate(scenario_id: UUID) -> Response | tuple[str, int]:
    """Start the optimisation of a scenario."""
    session = current_session()
    found = get_scenario(session, scenario_id)
    service.refuse_accepted(found)
    form = _solve_form()
    if not form.validate_on_submit():
        return _page(found, solve=form), 422
    params = {"scenario_id": str(scenario_id), **form.params()}
    check_limits(settings_of(current_core().modules, session, blueprint.name), params)
    try:
        refuse_impossible(session, scenario_ward(session, scenario_id), "scenario_id")
    except ChangesError as error:
        return _page(found, told=_told(error)), 422
    except Hopeless as refused:
        return _page(found, told=str(refused), details=refused.fields["scenario_id"]), 422
    request_job("rostering.simulate", params, subject=subject_of_scenario(scenario_id))
    return redirect(url_for("rostering.scenario", scenario_id=scenario_id), 303)


@blueprint.get("/scenarios/<uuid:scenario_id>/progress")
@requires(Allow.WRITE_SCENARIO)
def scenario_progress(scenario_id: UUID) -> str:
    """Answer the part of the page that follows the run; with its end also the figures, out of band."""
    found = get_scenario(current_session(), scenario_id)
    run = newest_run(current_session(), subject_of_scenario(scenario_id))
    return render_template("rostering/scenario_progress.html", **_outcome(found, run))


def list_page(period_id: UUID, told: str = "", name: str = "") -> str:
    """Return the page of a period's scenarios; `told` is what was wrong, `name` as it was given."""
    session = current_session()
    period, lines = periods.overview(session, period_id), scenario_lines(session, period_id)
    return render_template("rostering/scenarios.html", period=period, lines=lines, told=told, name=name)


def _page(
    found: Scenario,
    form: ChangeForm | None = None,
    *,
    rule: RuleQuestion | None = None,
    solve: SolveForm | None = None,
    told: str = "",
    details: Sequence[str] = (),
) -> str:
    session, kind = current_session(), request.args.get("kind", "")
    session.refresh(found)
    if form is None and rule is None and kind in KINDS and found.accepted_at is None:
        if kind == "rule":
            rule = rule_question(_ward(found), request.args)
        else:
            form = change_form(kind, _ward(found), request.args.get("name", ""))
    return render_template(
        "rostering/scenario.html",
        changes=[change_lines(change) for change in found.changes],
        kinds=KIND_WORDS,
        kind=kind,
        form=form,
        rule=rule,
        limits=limits_offered() if kind == "limit" else (),
        solve=solve or _solve_form(),
        told=told,
        details=details,
        **_outcome(found, newest_run(session, subject_of_scenario(found.id))),
    )


def _outcome(found: Scenario, run: JobRun | None) -> dict[str, Any]:
    """Return the run of a scenario, and its figures beside the period's."""
    session = current_session()
    columns = compared(session, found.period_id, [found])
    own = columns[1]
    return {
        "period": periods.overview(session, found.period_id),
        "scenario": found,
        "run": _visible(run, found.id),
        "active": is_active(run),
        "column": own,
        "faults": [f"{(fault.index or 0) + 1}. {fault.field}: {fault_text(fault)}" for fault in own.faults],
        "columns": columns,
        "rows": figure_rows(columns) if own.figures else [],
    }


def _ward(found: Scenario) -> WardData:
    """Return what the changes so far come to, or the period's input where they do not fit any more."""
    try:
        return scenario_ward(current_session(), found.id)
    except ChangesError:
        return ward_data(current_session(), found.period_id)


def _visible(run: JobRun | None, scenario_id: UUID) -> RunView | None:
    principal = current_principal()
    if run is None or (run.requested_by != principal.account_id and not can(principal, "core:job:manage")):
        return None
    view = replace(
        run_view(run),
        url=url_for("rostering.scenario_progress", scenario_id=scenario_id),
        back=url_for("rostering.scenario", scenario_id=scenario_id),
    )
    return replace(view, result_url=None, figures=()) if run.status == "succeeded" else view


def _solve_form() -> SolveForm:
    return SolveForm.within(settings_of(current_core().modules, current_session(), blueprint.name))


def _like(key: str) -> Scenario | None:
    try:
        return get_scenario(current_session(), UUID(key)) if key else None
    except ValueError:
        raise Invalid(_("There is no such scenario.")) from None


def _version() -> int:
    return whole_number(request.form.get("version"), 0)


def _told(error: ChangesError) -> str:
    return "; ".join(f"{fault.field}: {fault_text(fault)}" for fault in error.faults)
