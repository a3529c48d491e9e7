"""Making, changing and accepting scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Conflict, Invalid, Principal, TenantSession, _, new_id, record
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.scenario.apply import apply_changes, read_change, read_changes, write_change
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, RosterPeriod, Scenario
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import assignments, input_hash
from samplan_rostering.queries.scenarios.stored import get_scenario, newest_roster, scenario_ward
from samplan_rostering.services.employees.edit import refuse_identity_numbers
from samplan_rostering.services.entitled import refuse_unentitled
from samplan_rostering.services.periods.effects import Effects, import_if
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.services.versions import Stale
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
    session: TenantSession,
    period_id: UUID,
    name: str,
    *,
    like: Scenario | None = None,
    content: Sequence[Any] = (),
) -> Scenario:
    """Return a new scenario of a period, without changes, with those of another, or with given ones.

    Raises:
        NotFound: no such period.
        Invalid: the name is empty, too long or taken, or there are too many.
        ChangesError: what is given as `content` cannot be read or does not fit.
    """
    changes = _fitting(ward_data(session, period_id), content)
    name = _free_name(session, period_id, name)
    there = select(func.count()).select_from(Scenario).where(Scenario.period_id == period_id)
    if (session.scalar(there) or 0) >= MOST_SCENARIOS:
        message = _("A period has at most %(most)s scenarios. Delete one first.", most=MOST_SCENARIOS)
        raise Invalid(message, {"name": [message]})
    scenario = Scenario(period_id=period_id, name=name, changes=list(like.changes) if like else changes)
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


def set_changes(session: TenantSession, scenario_id: UUID, version: int, content: Sequence[Any]) -> Scenario:
    """Replace all changes by those that a JSON list holds.

    Raises:
        NotFound, Conflict: as `_locked`.
        ChangesError: one cannot be read, or does not fit what those before it have left.
    """
    scenario = _locked(session, scenario_id, version)
    return _changed(session, scenario, _fitting(ward_data(session, scenario.period_id), content))


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


def delete_scenario(session: TenantSession, scenario_id: UUID, version: int) -> UUID:
    """Delete a scenario with its rosters, also an accepted one; return its period's id.

    Raises:
        NotFound, Stale: as `_locked`.
    """
    scenario = _at(session, scenario_id, version)
    period_id, before = scenario.period_id, {"name": scenario.name}
    record(session, "scenario.deleted", "rostering.scenario", scenario.id, before=before)
    session.delete(scenario)
    session.flush()
    return period_id


def refuse_accepted(scenario: Scenario) -> None:
    """Raise `Conflict` for a scenario that is the period's input already."""
    if scenario.accepted_at is not None:
        raise Conflict(_("The scenario is accepted, and cannot be changed any more."))


def accept_scenario(
    session: TenantSession,
    scenario_id: UUID,
    version: int,
    principal: Principal,
    agree: Callable[[Effects], bool],
) -> Accepted:
    """Make a scenario's input the period's, and its newest roster the period's newest.

    Nothing is done unless `agree` says yes to what that changes for people and other rosters.

    Raises:
        NotFound, Conflict: as `_locked`, or the period is decided or published.
        Invalid: the scenario has no roster of its input as it is now.
        ChangesError: its changes do not fit the period any more.
        Forbidden: it changes rules, and `principal` may not.
    """
    scenario = _locked(session, scenario_id, version)
    period = session.get_one(RosterPeriod, (session.tenant_id, scenario.period_id))
    if period.state not in OPEN_STATES:
        raise Conflict(_("The period is decided or published. Open it again first."))
    ward = scenario_ward(session, scenario_id)
    roster = newest_roster(session, scenario_id)
    if roster is None or roster.input_hash != input_hash(ward):
        raise Invalid(_("Roster the scenario as it is now before you accept it."))
    refuse_unentitled(session, ward, principal)
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
        Stale: somebody has changed it meanwhile.
        Conflict: it is accepted already.
    """
    scenario = get_scenario(session, scenario_id)
    session.refresh(scenario, with_for_update=True)
    refuse_accepted(scenario)
    return _at(session, scenario_id, version)


def _at(session: TenantSession, scenario_id: UUID, version: int) -> Scenario:
    """Return a scenario, locked; raises `NotFound`, and `Stale` where its version is another."""
    scenario = get_scenario(session, scenario_id)
    session.refresh(scenario, with_for_update=True)
    if scenario.version != version:
        raise Stale(_("Somebody has changed the scenario meanwhile. This is the newest version of it."))
    return scenario


def _fitting(ward: WardData, content: Sequence[Any]) -> list[Any]:
    """Return changes as they are stored; raises `ChangesError`."""
    changes = read_changes(list(content))
    apply_changes(ward, changes)
    return [write_change(change) for change in changes]


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
    refuse_identity_numbers({"name": name})
    return name
