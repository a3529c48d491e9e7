"""Scenarios of a period, and the input that each comes to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.scenario.apply import apply_changes, read_changes
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, Scenario
from samplan_rostering.queries.ward_data import ward_data


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


def scenario_ward(session: TenantSession, scenario_id: UUID) -> WardData:
    """Return the input that a scenario comes to; raises `ChangesError` where changes do not fit."""
    scenario = get_scenario(session, scenario_id)
    return apply_changes(ward_data(session, scenario.period_id), read_changes(scenario.changes))


def newest_roster(session: TenantSession, scenario_id: UUID) -> Roster | None:
    """Return the roster of a scenario that was made last."""
    query = select(Roster).where(Roster.scenario_id == scenario_id).order_by(Roster.number.desc()).limit(1)
    return session.scalar(query)
