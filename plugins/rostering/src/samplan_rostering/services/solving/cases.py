"""What an optimisation is given: an input as it is searched, and as its roster is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.goals import GOALS, GoalName, with_goal
from samplan_rostering.domain.locks import LockChoice, with_locks
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, RosterPeriod
from samplan_rostering.queries.periods.lists import get_problem
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import assignments, input_hash
from samplan_rostering.queries.scenarios.stored import scenario_ward
from samplan_rostering.services.rosters.stored import SourceKind


@dataclass(frozen=True, slots=True)
class Search:
    """A ward with the weights and locks of one search, and the roster to start from.

    `as_usual` when both are the ward's own: only then the search's price and bound are the roster's.
    """

    ward: WardData
    start: tuple[Assignment, ...] = ()
    change_price: int = 0
    as_usual: bool = True

    def going_on(self, cells: Sequence[Assignment]) -> Search:
        """Return the search from a roster that an earlier attempt has found, where it keeps every rule.

        With a price for changes the start stays what changes are counted from.
        """
        if not cells or self.change_price or evaluate_ward(self.ward, cells).violations:
            return self
        return replace(self, start=tuple(cells))


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be solved; `ward` judges the roster and is None for a benchmark problem."""

    source_id: UUID
    kind: SourceKind
    search: Search | CurtoisInstance
    ward: WardData | None
    input_hash: str

    def link(self, roster_id: UUID) -> dict[str, Any]:
        """Return where the roster is shown."""
        if self.kind == "scenario":
            return {"endpoint": "rostering.scenario", "values": {"scenario_id": str(self.source_id)}}
        return {"endpoint": "rostering.roster", "values": {"roster_id": str(roster_id)}}


def load_case(session: TenantSession, params: Mapping[str, Any]) -> Case:
    """Return what a run of `rostering.solve` is to solve, by its parameters."""
    source_id = params["source_id"]
    if session.get(RosterPeriod, (session.tenant_id, source_id)) is None:
        problem = get_problem(session, source_id)
        instance = parse_curtois(problem.source)
        return Case(source_id, "problem", instance, None, input_hash(problem.source))
    ward = ward_data(session, source_id)
    return Case(source_id, "period", _search(session, ward, params), ward, input_hash(ward))


def load_scenario_case(session: TenantSession, scenario_id: UUID) -> Case:
    """Return what a run of `rostering.simulate` is to solve; raises `ChangesError` for outdated changes."""
    ward = scenario_ward(session, scenario_id)
    return Case(scenario_id, "scenario", Search(ward), ward, input_hash(ward))


def start_cells(session: TenantSession, period_id: UUID, roster_id: UUID) -> list[Assignment]:
    """Return the roster of a period to start from; raises `NotFound` for any other."""
    roster = session.get(Roster, (session.tenant_id, roster_id))
    if roster is None or roster.period_id != period_id:
        raise NotFound(_("There is no such roster."))
    return assignments(session, roster)


def _search(session: TenantSession, ward: WardData, params: Mapping[str, Any]) -> Search:
    goal = GoalName(params.get("goal", GoalName.BALANCED))
    locks = LockChoice(params.get("locks", LockChoice.PERIOD))
    roster_id, before = params.get("start_roster_id"), params.get("before")
    cells = () if roster_id is None else tuple(start_cells(session, params["source_id"], roster_id))
    days = 0 if before is None else ward.period.day_of(before)
    locked = with_locks(with_goal(ward, goal), locks, cells, days)
    usable = bool(cells) and not evaluate_ward(locked, cells).violations
    return Search(
        locked,
        cells if usable else (),
        GOALS[goal].change_price if usable else 0,
        goal is GoalName.BALANCED and locks is LockChoice.PERIOD,
    )
