"""Making, changing and accepting scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, new_id, record
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.scenario.apply import apply_changes, read_change, read_changes, write_change
from samplan_rostering.models import Roster, RosterPeriod, Scenario
from samplan_rostering.queries.rosters import assignments, input_hash
from samplan_rostering.queries.scenarios import get_scenario, newest_roster, scenario_ward
from samplan_rostering.queries.ward_data import ward_data
from samplan_rostering.services.effects import Effects, import_if
from samplan_rostering.services.rosters import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

MOST_SCENARIOS = 50
LONGEST_NAME = 80
OPEN_STATES = ("draft", "consultation")
"""States of a period whose input may still be replaced."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting a scenario changes, and the period's roster; None where nothing was done."""

    effects: Effects
    roster_id: UUID | None


def create_scenario(
    session: TenantSession, period_id: UUID, name: str, *, like: Scenario | None = None
) -> Scenario:
    """Return a new scenario of a period, without changes or with those of another.

    Raises:
        NotFound: no such period.
        Invalid: the name is empty, too long or taken, or there are too many.
    """
    ward_data(session, period_id)
    name = _free_name(session, period_id, name)
    there = select(func.count()).select_from(Scenario).where(Scenario.period_id == period_id)
    if (session.scalar(there) or 0) >= MOST_SCENARIOS:
        message = _("A period has at most %(most)s scenarios. Delete one first.", most=MOST_SCENARIOS)
        raise Invalid(message, {"name": [message]})
    scenario = Scenario(period_id=period_id, name=name, changes=list(like.changes) if like else [])
    session.add(scenario)
    session.flush()
    after = {"name": name, "changes": len(scenario.changes)}
    record(session, "scenario.added", "rostering.scenario", scenario.id, after=after)
    return scenario


def add_change(
    session: TenantSession, scenario_id: UUID, version: int, content: Mapping[str, Any]
) -> Scenario:
    """Add a change after the others.

    Raises:
        NotFound, Conflict: as `_locked`.
        ChangesError: it cannot be read, or does not fit what those before it have left.
    """
    scenario = _locked(session, scenario_id, version)
    ward = scenario_ward(session, scenario_id)
    change = read_change(content, len(scenario.changes))
    read_changes([*scenario.changes, write_change(change)])
    apply_changes(ward, [change])
    return _changed(session, scenario, [*scenario.changes, write_change(change)])


def remove_change(session: TenantSession, scenario_id: UUID, version: int, number: int) -> Scenario:
    """Take a change away, counted from 0.

    Raises:
        NotFound, Conflict: as `_locked`.
        Invalid: there is no such change.
    """
    scenario = _locked(session, scenario_id, version)
    if not 0 <= number < len(scenario.changes):
        raise Invalid(_("There is no such change."))
    return _changed(session, scenario, [c for n, c in enumerate(scenario.changes) if n != number])


def delete_scenario(session: TenantSession, scenario_id: UUID) -> UUID:
    """Delete a scenario with its rosters; return its period's id."""
    scenario = get_scenario(session, scenario_id)
    period_id, before = scenario.period_id, {"name": scenario.name}
    record(session, "scenario.deleted", "rostering.scenario", scenario.id, before=before)
    session.delete(scenario)
    session.flush()
    return period_id


def accept_scenario(
    session: TenantSession, scenario_id: UUID, version: int, agree: Callable[[Effects], bool]
) -> Accepted:
    """Make a scenario's input the period's, and its newest roster the period's newest.

    Nothing is done unless `agree` says yes to what that changes for people and other rosters.

    Raises:
        NotFound, Conflict: as `_locked`, or the period is decided or published.
        Invalid: the scenario has no roster of its input as it is now.
        ChangesError: its changes do not fit the period any more.
    """
    scenario = _locked(session, scenario_id, version)
    period = session.get_one(RosterPeriod, (session.tenant_id, scenario.period_id))
    if period.state not in OPEN_STATES:
        raise Conflict(_("The period is decided or published. Open it again first."))
    ward = scenario_ward(session, scenario_id)
    roster = newest_roster(session, scenario_id)
    if roster is None or roster.input_hash != input_hash(ward):
        raise Invalid(_("Roster the scenario as it is now before you accept it."))
    cells = tuple(assignments(session, roster))
    effects, period_id = import_if(session, ward, agree)
    if period_id is None:
        return Accepted(effects, None)
    session.expire_all()
    roster_id = _as_of_period(session, period_id, newest_roster(session, scenario_id), cells)
    scenario = get_scenario(session, scenario_id)
    scenario.accepted_at, scenario.version = func.now(), scenario.version + 1
    after = {"name": scenario.name, "changes": len(scenario.changes)}
    record(session, "scenario.accepted", "rostering.scenario", scenario.id, after=after)
    session.flush()
    return Accepted(effects, roster_id)


def _as_of_period(
    session: TenantSession, period_id: UUID, roster: Roster | None, cells: tuple[Assignment, ...]
) -> UUID:
    """Store a scenario's roster as the period's newest, judged by the input that the period has now."""
    assert roster is not None  # noqa: S101 - looked up before
    ward = ward_data(session, period_id)
    judged = evaluate_ward(ward, cells)
    solution = Solution(
        status=Status(roster.status),
        objective=judged.objective,
        bound=roster.bound,
        seconds=roster.seconds,
        seed=roster.seed,
        versions=dict(roster.versions),
        breakdown=judged.breakdown,
        assignments=cells,
    )
    made = Made(new_id(), roster.run_id, period_id, input_hash(ward), "period", "scenario")
    store_roster(session, made, ward, solution)
    return made.roster_id


def _locked(session: TenantSession, scenario_id: UUID, version: int) -> Scenario:
    """Return a scenario to be changed.

    Raises:
        NotFound: no such scenario.
        Conflict: somebody has changed it meanwhile, or it is accepted already.
    """
    scenario = get_scenario(session, scenario_id)
    session.refresh(scenario, with_for_update=True)
    if scenario.accepted_at is not None:
        raise Conflict(_("The scenario is accepted, and cannot be changed any more."))
    if scenario.version != version:
        raise Conflict(_("Somebody has changed the scenario meanwhile. This is the newest version of it."))
    return scenario


def _changed(session: TenantSession, scenario: Scenario, changes: list[Any]) -> Scenario:
    before = {"changes": len(scenario.changes)}
    scenario.changes, scenario.version = changes, scenario.version + 1
    scenario.updated_at = func.now()
    after = {"changes": len(changes)}
    record(session, "scenario.changed", "rostering.scenario", scenario.id, before=before, after=after)
    session.flush()
    return scenario


def _free_name(session: TenantSession, period_id: UUID, name: str) -> str:
    name = name.strip()
    message = ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        message = _("A name of 1 to %(longest)s characters is expected.", longest=LONGEST_NAME)
    same = select(Scenario.id).where(Scenario.period_id == period_id, Scenario.name == name)
    if not message and session.scalar(same) is not None:
        message = _("The period has a scenario of this name already.")
    if message:
        raise Invalid(message, {"name": [message]})
    return name
