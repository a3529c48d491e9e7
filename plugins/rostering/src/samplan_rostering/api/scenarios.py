"""The API of scenarios: what-if changes of a period, rostered, compared with it and accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import url_for
from flask_smorest import Blueprint

from samplan.plugin_api import (
    Invalid,
    JobRun,
    _,
    current_core,
    current_session,
    request_job,
    requires,
    settings_of,
)
from samplan_rostering.api import scenario_schemas as schemas
from samplan_rostering.api.schemas import SolveHeadersSchema, SolveRunSchema
from samplan_rostering.api.versions import VersionHeadersSchema, stale_refused, tag, version_given
from samplan_rostering.domain.faults import Fault
from samplan_rostering.domain.scenario.apply import ChangesError
from samplan_rostering.models import Scenario
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.rosters.stored import roster_value
from samplan_rostering.queries.scenarios.comparison import compared, scenario_lines
from samplan_rostering.queries.scenarios.stored import get_scenario, scenario_ward
from samplan_rostering.scenario_words import fault_text
from samplan_rostering.services import scenarios as service
from samplan_rostering.services.solving.asking import check_limits, refuse_impossible, subject_of_scenario

MODULE = "rostering"

blueprint = Blueprint("rostering_scenarios", __name__, description="What if: scenarios of a period")
Answer = tuple[Scenario, dict[str, str]]


@blueprint.get("/periods/<uuid:period_id>/scenarios")
@requires(Allow.WRITE_SCENARIO)
@blueprint.response(200, schemas.ListedScenarioSchema(many=True))
def list_scenarios(period_id: UUID) -> list[dict[str, Any]]:
    """List the scenarios of a period by name."""
    names = schemas.ScenarioSchema().fields
    return [
        {name: getattr(line.scenario, name) for name in names}
        | {"state": line.state, "people_below_minimum": line.below}
        for line in scenario_lines(current_session(), period_id)
    ]


@blueprint.post("/periods/<uuid:period_id>/scenarios")
@requires(Allow.WRITE_SCENARIO)
@blueprint.arguments(schemas.NewScenarioSchema)
@blueprint.response(201, schemas.ScenarioSchema)
def post_scenario(body: dict[str, Any], period_id: UUID) -> Answer:
    """Make a scenario of a period, without changes, with given ones or with those of another scenario."""
    session, like = current_session(), body["like"]
    with faults_told():
        made = service.create_scenario(
            session,
            period_id,
            body["name"],
            like=None if like is None else get_scenario(session, like),
            content=body["changes"],
        )
    session.refresh(made)
    where = url_for("rostering_scenarios.read_scenario", scenario_id=made.id)
    return made, {**tag(made.version), "Location": where}


@blueprint.get("/scenarios/<uuid:scenario_id>")
@requires(Allow.WRITE_SCENARIO)
@blueprint.response(200, schemas.ScenarioSchema)
def read_scenario(scenario_id: UUID) -> Answer:
    """Show a scenario with its changes; `ETag` is what a change must be based on."""
    found = get_scenario(current_session(), scenario_id)
    return found, tag(found.version)


@blueprint.put("/scenarios/<uuid:scenario_id>/changes")
@requires(Allow.WRITE_SCENARIO)
@blueprint.arguments(VersionHeadersSchema, location="headers")
@blueprint.arguments(schemas.ChangesSchema)
@blueprint.response(200, schemas.ScenarioSchema)
def put_changes(_headers: dict[str, Any], body: dict[str, Any], scenario_id: UUID) -> Answer:
    """Replace the changes of a scenario, all of them or none; `If-Match` says which version is replaced.

    412: the scenario is newer; 409: it is accepted; 422: a change cannot be read or does not fit, told by its
    number and field.
    """
    session = current_session()
    get_scenario(session, scenario_id)
    with stale_refused(), faults_told():
        changed = service.set_changes(session, scenario_id, version_given(), body["changes"])
    session.refresh(changed)
    return changed, tag(changed.version)


@blueprint.delete("/scenarios/<uuid:scenario_id>")
@requires(Allow.WRITE_SCENARIO)
@blueprint.arguments(VersionHeadersSchema, location="headers")
@blueprint.response(204)
def delete_scenario(_headers: dict[str, Any], scenario_id: UUID) -> None:
    """Delete a scenario with its rosters; `If-Match` says which version. The period is not changed."""
    get_scenario(current_session(), scenario_id)
    with stale_refused():
        service.delete_scenario(current_session(), scenario_id, version_given())


@blueprint.post("/scenarios/<uuid:scenario_id>/solves")
@requires(Allow.WRITE_SCENARIO)
@blueprint.arguments(SolveHeadersSchema, location="headers")
@blueprint.arguments(schemas.SolveScenarioSchema)
@blueprint.response(202, SolveRunSchema)
def solve_scenario(
    _headers: dict[str, Any], body: dict[str, Any], scenario_id: UUID
) -> tuple[JobRun, dict[str, str]]:
    """Ask for the roster of a scenario; the run is followed at `Location`. 422: no roster is possible."""
    session = current_session()
    found = get_scenario(session, scenario_id)
    service.refuse_accepted(found)
    check_limits(settings_of(current_core().modules, session, MODULE), body)
    with faults_told():
        refuse_impossible(session, scenario_ward(session, scenario_id), "scenario_id")
    params = {**body, "scenario_id": str(scenario_id)}
    run = request_job("rostering.simulate", params, subject=subject_of_scenario(scenario_id))
    return run, {"Location": url_for("core_api.get_job_run", run_id=run.id)}


@blueprint.get("/scenarios/<uuid:scenario_id>/result")
@requires(Allow.WRITE_SCENARIO)
@blueprint.response(200, schemas.ResultSchema)
def read_result(scenario_id: UUID) -> dict[str, Any]:
    """Show the newest roster of a scenario with its figures, and what no longer fits the period."""
    session = current_session()
    found = get_scenario(session, scenario_id)
    (own,) = compared(session, found.period_id, [found])[1:]
    roster = None if own.roster is None or own.stands is None else roster_value(session, own.roster)
    return {
        "outdated": own.outdated,
        "faults": [
            {"change": fault.index or 0, "field": fault.field, "text": fault_text(fault)}
            for fault in own.faults
        ],
        "figures": own.figures and own.figures.as_json(),
        "roster": roster,
    }


@contextmanager
def faults_told() -> Iterator[None]:
    """Answer 422 with every fault of changes, by their number and field."""
    try:
        yield
    except ChangesError as error:
        raise Invalid(_("The changes cannot be made."), _places(error.faults)) from error


def _places(faults: Sequence[Fault]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for fault in faults:
        place = "changes" if fault.index is None else f"changes.{fault.index}.{fault.field}"
        places.setdefault(place, []).append(fault_text(fault))
    return places
