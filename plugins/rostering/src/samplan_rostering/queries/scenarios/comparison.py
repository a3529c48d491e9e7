"""Scenarios side by side with their period: the figures of each, and how they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.faults import Fault
from samplan_rostering.domain.scenario.apply import ChangesError
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, Scenario
from samplan_rostering.queries.figures.of_roster import KeyFigures, key_figures
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.lines import people_missing
from samplan_rostering.queries.rosters.standing import Standing, standing
from samplan_rostering.queries.rosters.stored import assignments, input_hash
from samplan_rostering.queries.scenarios.stored import changed_ward, newest_rosters, scenarios_of
from samplan_rostering.queries.solving.best import rosters_in_force

MOST_COMPARED = 4
State = Literal["accepted", "outdated", "rostered", "new"]


@dataclass(frozen=True, slots=True)
class Column:
    """A scenario, or the period itself, with its roster and the figures of that.

    `outdated` when the input has changed since the roster was made; `faults` tell what no longer fits.
    `stands` and `figures` are None without a roster that the input fits.
    """

    name: str
    scenario: Scenario | None
    roster: Roster | None
    figures: KeyFigures | None
    outdated: bool = False
    faults: Sequence[Fault] = ()
    stands: Standing | None = None


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario as a list shows it.

    `below`: people below the minimum; None where today's input does not tell. `comparable` with a roster that
    its input fits.
    """

    scenario: Scenario
    roster: Roster | None
    state: State
    below: int | None
    comparable: bool


def scenario_lines(session: TenantSession, period_id: UUID) -> list[ScenarioLine]:
    """Return the scenarios of a period by name; raises `NotFound`; the number of queries is fixed."""
    ward, scenarios = ward_data(session, period_id), scenarios_of(session, period_id)
    rosters = newest_rosters(session, [scenario.id for scenario in scenarios])
    return [_line(ward, scenario, rosters.get(scenario.id)) for scenario in scenarios]


def compared(session: TenantSession, period_id: UUID, scenarios: Sequence[Scenario]) -> list[Column]:
    """Return the period as it is, with its roster in force, and then the scenarios with their newest ones.

    Raises:
        NotFound: no such period.
    """
    ward = ward_data(session, period_id)
    rosters = newest_rosters(session, [scenario.id for scenario in scenarios])
    return [
        _base(session, period_id, ward),
        *(_column(session, ward, scenario, rosters.get(scenario.id)) for scenario in scenarios),
    ]


def more_than(base: Column, other: Column) -> dict[str, float | None] | None:
    """Return by how much each figure is more than the base's; None where one of them has no figures."""
    if base.figures is None or other.figures is None:
        return None
    before, after = base.figures.as_json(), other.figures.as_json()
    return {name: _more(before[name], value) for name, value in after.items()}


def _more(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else round(after - before, 2)


def _line(ward: WardData, scenario: Scenario, roster: Roster | None) -> ScenarioLine:
    if scenario.accepted_at is not None:
        return ScenarioLine(scenario, roster, "accepted", None, comparable=False)
    try:
        changed = changed_ward(ward, scenario)
    except ChangesError:
        return ScenarioLine(scenario, roster, "outdated", None, comparable=False)
    if roster is None:
        return ScenarioLine(scenario, None, "new", None, comparable=False)
    if roster.input_hash != input_hash(changed):
        return ScenarioLine(scenario, roster, "outdated", None, comparable=True)
    below = people_missing(roster, changed.rules.weight_under_minimum)
    return ScenarioLine(scenario, roster, "rostered", below, comparable=True)


def _base(session: TenantSession, period_id: UUID, ward: WardData) -> Column:
    rosters = rosters_in_force(session, Roster.period_id == period_id)
    if not rosters:
        return Column("", None, None, None)
    (roster,) = rosters
    stands = standing(session, roster, ward, assignments(session, roster))
    figures = key_figures(stands.ward, stands.cells, stands.guests, stands.evaluate(ward))
    return Column("", None, roster, figures, roster.input_hash != input_hash(ward), stands=stands)


def _column(session: TenantSession, ward: WardData, scenario: Scenario, roster: Roster | None) -> Column:
    if scenario.accepted_at is not None:
        return Column(scenario.name, scenario, roster, None)
    try:
        changed = changed_ward(ward, scenario)
    except ChangesError as error:
        return Column(scenario.name, scenario, roster, None, outdated=True, faults=error.faults)
    if roster is None:
        return Column(scenario.name, scenario, None, None)
    stands = Standing(changed, tuple(assignments(session, roster)), (), ())
    return Column(
        scenario.name,
        scenario,
        roster,
        key_figures(changed, stands.cells),
        roster.input_hash != input_hash(changed),
        stands=stands,
    )
