"""Scenarios of a period, and the input that each comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.scenario.apply import apply_changes, read_changes
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, Scenario
from samplan_rostering.queries.periods.ward_data import ward_data


def scenarios_of(session: TenantSession, period_id: UUID) -> Sequence[Scenario]:
    """Return the scenarios of a period by name."""
    query = select(Scenario).where(Scenario.period_id == period_id).order_by(Scenario.name, Scenario.id)
    return session.scalars(query).all()


def get_scenario(session: TenantSession, scenario_id: UUID) -> Scenario:
    """Return a scenario; raises `NotFound`."""
    scenario = session.get(Scenario, (session.tenant_id, scenario_id))
    if scenario is None:
        raise NotFound(_("There is no such scenario."))
    return scenario


def changed_ward(ward: WardData, scenario: Scenario) -> WardData:
    """Return what a scenario makes of its period's input; raises `ChangesError` where changes do not fit."""
    return apply_changes(ward, read_changes(scenario.changes))


def scenario_ward(session: TenantSession, scenario_id: UUID) -> WardData:
    """Return the input that a scenario comes to; raises `NotFound`, and `ChangesError` as `changed_ward`."""
    scenario = get_scenario(session, scenario_id)
    return changed_ward(ward_data(session, scenario.period_id), scenario)


def newest_rosters(session: TenantSession, scenario_ids: Iterable[UUID]) -> dict[UUID, Roster]:
    """Return for each scenario the roster that was made last, by the scenario's id."""
    of_them = select(Roster).where(Roster.scenario_id.in_(list(scenario_ids)))
    query = of_them.ext(distinct_on(Roster.scenario_id)).order_by(Roster.scenario_id, Roster.number.desc())
    return {roster.scenario_id: roster for roster in session.scalars(query) if roster.scenario_id}


def newest_roster(session: TenantSession, scenario_id: UUID) -> Roster | None:
    """Return the roster of a scenario that was made last."""
    return newest_rosters(session, [scenario_id]).get(scenario_id)
