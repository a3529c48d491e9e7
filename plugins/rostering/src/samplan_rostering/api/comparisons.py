"""The API of scenarios, beside their period and in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from samplan.plugin_api import Conflict, Invalid, NotFound, _, current_principal, current_session, requires
from samplan_rostering.api import acceptance_schemas, scenario_schemas
from samplan_rostering.api.scenarios import faults_told
from samplan_rostering.api.versions import VersionHeadersSchema, stale_refused, version_given
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.rosters.differences import Differences, differences
from samplan_rostering.queries.scenarios.comparison import MOST_COMPARED, Column, compared, more_than
from samplan_rostering.queries.scenarios.stored import get_scenario, scenarios_of
from samplan_rostering.services.periods.effects import Effects
from samplan_rostering.services.scenarios import accept_scenario

blueprint = Blueprint("rostering_comparisons", __name__, description="Scenarios beside their period")


@blueprint.get("/periods/<uuid:period_id>/scenarios/comparison")
@requires(Allow.WRITE_SCENARIO)
@blueprint.arguments(scenario_schemas.ComparisonQuerySchema, location="query")
@blueprint.response(200, scenario_schemas.ComparisonSchema)
def compare_scenarios(query: dict[str, Any], period_id: UUID) -> dict[str, Any]:
    """Compare scenarios with the period as it is: figures, people's days and staffing that differ."""
    session = current_session()
    periods.overview(session, period_id)
    known = {row.id: row for row in scenarios_of(session, period_id)}
    wanted = dict.fromkeys(query["scenario"])
    if not wanted:
        raise Invalid(_("Choose from one to %(most)s scenarios to compare.", most=MOST_COMPARED))
    if not wanted.keys() <= known.keys():
        raise NotFound(_("There is no such scenario."))
    base, *others = compared(session, period_id, [known[key] for key in wanted])
    return {
        "roster_id": base.roster and base.roster.id,
        "outdated": base.outdated,
        "figures": base.figures and base.figures.as_json(),
        "scenarios": [_compared(base, other) for other in others],
    }


@blueprint.get("/scenarios/<uuid:scenario_id>/acceptance")
@requires(Allow.WRITE_WARD)
@blueprint.response(200, acceptance_schemas.EffectsSchema)
def read_acceptance(scenario_id: UUID) -> dict[str, Any]:
    """Tell what accepting a scenario changes for people and other periods' rosters; nothing is stored."""
    session = current_session()
    version = get_scenario(session, scenario_id).version
    with faults_told():
        return _effects(
            accept_scenario(session, scenario_id, version, current_principal(), lambda _found: False).effects
        )


@blueprint.post("/scenarios/<uuid:scenario_id>/acceptance")
@requires(Allow.WRITE_WARD)
@blueprint.arguments(VersionHeadersSchema, location="headers")
@blueprint.arguments(acceptance_schemas.AcceptSchema)
@blueprint.response(201, acceptance_schemas.AcceptedSchema)
def accept(_headers: dict[str, Any], body: dict[str, Any], scenario_id: UUID) -> dict[str, Any]:
    """Make a scenario's input the period's and its roster the period's newest, all of it or nothing.

    412: the scenario is newer; 409: it would change something else than was read, the effects of now are in
    `effects`, or the period is decided; 422: it has no roster of its input as it is now.
    """
    session = current_session()
    get_scenario(session, scenario_id)
    with stale_refused(), faults_told():
        accepted = accept_scenario(
            session,
            scenario_id,
            version_given(),
            current_principal(),
            lambda found: found.mark == body["mark"],
        )
    if accepted.roster_id is None:
        dumped = acceptance_schemas.EffectsSchema().dump(_effects(accepted.effects))
        raise Conflict(_("The scenario would change something else than what you have seen."), effects=dumped)
    return {"roster_id": accepted.roster_id}


def _compared(base: Column, other: Column) -> dict[str, Any]:
    assert other.scenario is not None  # noqa: S101 - only the base has none
    changed = differences(base.stands, other.stands) if base.stands and other.stands else None
    return {
        "id": other.scenario.id,
        "name": other.name,
        "outdated": other.outdated,
        "figures": other.figures and other.figures.as_json(),
        "more": more_than(base, other),
        "cells": list(_cells(changed)) if changed else [],
        "staffing": list(_staffing(changed)) if changed else [],
    }


def _cells(changed: Differences) -> Iterator[dict[str, Any]]:
    for person in changed.people:
        for cell in person.cells:
            if cell.changed:
                yield {
                    "employee": person.employee.code,
                    "date": cell.day.on,
                    "before": cell.before.code if cell.before else "",
                    "after": cell.after.code if cell.after else "",
                }


def _staffing(changed: Differences) -> Iterator[dict[str, Any]]:
    for row in changed.coverage:
        for need in row.needs:
            if need.changed:
                yield {
                    "date": need.day.on,
                    "shift": row.shift.code,
                    "skill": row.skill and row.skill.code,
                    "before": need.before,
                    "after": need.after,
                }


def _effects(effects: Effects) -> dict[str, Any]:
    wished = {person.code: person.name for person in effects.wishes}
    people = {person.code: person for person in effects.people}
    return {
        "mark": effects.mark,
        "people": [
            {
                "employee": code,
                "name": name,
                "changed": [
                    *(people[code].changed if code in people else ()),
                    *(["wishes"] if code in wished else ()),
                ],
                "elsewhere": sorted({place.unit for place in people[code].places}) if code in people else [],
            }
            for code, name in sorted({**wished, **{code: p.name for code, p in people.items()}}.items())
        ],
        "rosters": effects.rosters,
    }
