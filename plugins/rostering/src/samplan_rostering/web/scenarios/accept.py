"""A scenario's roster as a grid, and accepting a scenario: first what it changes, then the decision."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    _,
    can,
    current_principal,
    current_session,
    requires,
)
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.scenario.apply import ChangesError
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.rosters.checks import check_ward
from samplan_rostering.queries.rosters.grid import roster_grid
from samplan_rostering.queries.rosters.stored import assignments, discreet, input_hash
from samplan_rostering.queries.scenarios.stored import get_scenario, newest_roster, scenario_ward
from samplan_rostering.scenario_words import fault_text
from samplan_rostering.services.periods.effects import Effects
from samplan_rostering.services.periods.wards import counts
from samplan_rostering.services.scenarios import accept_scenario
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import whole_number
from samplan_rostering.web.scenarios.change_words import change_lines


@blueprint.get("/scenarios/<uuid:scenario_id>/roster")
@requires(Allow.WRITE_SCENARIO)
def scenario_roster(scenario_id: UUID) -> str:
    """Show the newest roster of a scenario."""
    session, found = current_session(), get_scenario(current_session(), scenario_id)
    roster = newest_roster(session, scenario_id)
    if roster is None or found.accepted_at is not None:
        raise NotFound(_("The scenario has no roster of its own."))
    try:
        ward = scenario_ward(session, scenario_id)
    except ChangesError as error:
        raise Invalid("; ".join(fault_text(fault) for fault in error.faults)) from error
    cells = assignments(session, roster)
    private = can(current_principal(), Allow.READ_WARD)
    check = check_ward(ward, evaluate_ward(ward, cells), private=private)
    breaches: dict[tuple[str, int], tuple[str, ...]] = defaultdict(tuple)
    for breach in check.breaches:
        if breach.day is not None:
            breaches[breach.employee, breach.day] += (breach.text,)
    shown = ward if private else discreet(ward)
    return render_template(
        "rostering/scenario_roster.html",
        period=periods.overview(session, found.period_id),
        scenario=found,
        grid=roster_grid(shown, cells, breaches, facts=WardFacts(ward)),
        check=check,
        changed=input_hash(ward) != roster.input_hash,
    )


@blueprint.get("/scenarios/<uuid:scenario_id>/accept")
@requires(Allow.WRITE_WARD)
def show_acceptance(scenario_id: UUID) -> Response | str | tuple[str, int]:
    """Show what accepting a scenario changes; nothing is stored."""
    version = get_scenario(current_session(), scenario_id).version
    return _accept(scenario_id, version, None)


@blueprint.post("/scenarios/<uuid:scenario_id>/accept")
@requires(Allow.WRITE_WARD)
def accept(scenario_id: UUID) -> Response | str | tuple[str, int]:
    """Accept a scenario, if it changes just what was shown."""
    version = whole_number(request.form.get("version"), 0)
    return _accept(scenario_id, version, request.form.get("seen", ""))


def _accept(scenario_id: UUID, version: int, seen: str | None) -> Response | str | tuple[str, int]:
    """Accept where the mark of the effects is as `seen`; without one, only show them."""
    session = current_session()
    try:
        accepted = accept_scenario(
            session, scenario_id, version, current_principal(), lambda found: found.mark == seen
        )
    except ChangesError as error:
        return _refused(scenario_id, "; ".join(fault_text(fault) for fault in error.faults), 422)
    except (Invalid, Conflict, Forbidden) as error:
        return _refused(scenario_id, str(error), error.status)
    if accepted.roster_id is not None:
        flash(_("The scenario is accepted: its input and its roster are the period's now."), "success")
        return redirect(url_for("rostering.roster", roster_id=accepted.roster_id), 303)
    page = _acceptance(scenario_id, accepted.effects, outdated=seen is not None)
    return page if seen is None else (page, 409)


def _refused(scenario_id: UUID, told: str, status: int) -> Response | tuple[str, int]:
    found = get_scenario(current_session(), scenario_id)
    period = periods.overview(current_session(), found.period_id)
    return render_template("rostering/not_accepted.html", scenario=found, period=period, told=told), status


def _acceptance(scenario_id: UUID, effects: Effects, *, outdated: bool) -> str:
    session, found = current_session(), get_scenario(current_session(), scenario_id)
    return render_template(
        "rostering/accept.html",
        period=periods.overview(session, found.period_id),
        scenario=found,
        changes=[change_lines(change) for change in found.changes],
        counts=counts(scenario_ward(session, scenario_id)),
        effects=effects,
        outdated=outdated,
    )
