"""Scenarios side by side with their period: the figures of each, and how they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.faults import Fault
from samplan_rostering.domain.scenario.apply import ChangesError
from samplan_rostering.models import Roster, Scenario
from samplan_rostering.queries.best import rosters_in_force
from samplan_rostering.queries.figures import KeyFigures, key_figures
from samplan_rostering.queries.rosters import assignments, input_hash
from samplan_rostering.queries.scenarios import get_scenario, scenario_ward
from samplan_rostering.queries.standing import standing
from samplan_rostering.queries.ward_data import ward_data


@dataclass(frozen=True, slots=True)
class Column:
    """A scenario, or the period itself, with the figures of its roster.

    `outdated` when the input has changed since the roster was made; `faults` tell what no longer fits.
    """

    name: str
    scenario: Scenario | None
    roster: Roster | None
    figures: KeyFigures | None
    outdated: bool = False
    faults: Sequence[Fault] = ()


def base_column(session: TenantSession, period_id: UUID) -> Column:
    """Return the period as it is, with its roster in force."""
    rosters = rosters_in_force(session, Roster.period_id == period_id)
    if not rosters:
        return Column("", None, None, None)
    (roster,) = rosters
    ward = ward_data(session, period_id)
    stands = standing(session, roster, ward, assignments(session, roster))
    figures = key_figures(stands.ward, stands.cells, stands.guests, stands.evaluate(ward))
    return Column("", None, roster, figures, roster.input_hash != input_hash(ward))


def scenario_column(session: TenantSession, scenario_id: UUID) -> Column:
    """Return a scenario with the figures of its newest roster; raises `NotFound`."""
    scenario = get_scenario(session, scenario_id)
    newest = select(Roster).where(Roster.scenario_id == scenario_id).order_by(Roster.number.desc()).limit(1)
    roster = session.scalar(newest)
    if scenario.accepted_at is not None:
        return Column(scenario.name, scenario, roster, None)
    try:
        ward = scenario_ward(session, scenario_id)
    except ChangesError as error:
        return Column(scenario.name, scenario, roster, None, outdated=True, faults=error.faults)
    if roster is None:
        return Column(scenario.name, scenario, None, None)
    figures = key_figures(ward, assignments(session, roster))
    return Column(scenario.name, scenario, roster, figures, roster.input_hash != input_hash(ward))
