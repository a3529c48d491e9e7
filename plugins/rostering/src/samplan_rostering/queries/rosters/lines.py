"""The rosters of a period or benchmark problem as a list shows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import JobRun, TenantSession
from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, RosterPeriod
from samplan_rostering.queries.periods.lists import get_problem
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.queries.solving.best import best_first


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A roster as a list shows it.

    `best`: there is more than one, and this is the best. `stopped`: somebody stopped the search before its
    time. `missing`: people below the minimum; None where that cannot be told by today's input.
    """

    roster: Roster
    best: bool
    stopped: bool
    missing: int | None


def roster_lines(
    session: TenantSession, source_id: UUID, source: WardData | str | None = None
) -> list[RosterLine]:
    """Return the rosters of a period or benchmark problem: the best, and then the newest first.

    `source` is its input as it is now, where the caller has it already.
    """
    source = source or _source(session, source_id)
    today = input_hash(source)
    weight = source.rules.weight_under_minimum if isinstance(source, WardData) else 0
    own = (Roster.period_id == source_id) | (Roster.problem_id == source_id)
    ranked = session.scalars(select(Roster).where(own).order_by(*best_first())).all()
    stopped = _stopped(session, [roster.run_id for roster in ranked if roster.run_id])
    newest_first = [*ranked[:1], *sorted(ranked[1:], key=lambda roster: -roster.number)]
    return [
        RosterLine(
            roster=roster,
            best=len(ranked) > 1 and roster is ranked[0],
            stopped=roster.run_id in stopped,
            missing=people_missing(roster, weight) if roster.input_hash == today else None,
        )
        for roster in newest_first
    ]


def _stopped(session: TenantSession, run_ids: Collection[UUID]) -> set[UUID]:
    query = select(JobRun.id).where(JobRun.id.in_(run_ids), JobRun.status == "cancelled")
    return set(session.scalars(query))


def _source(session: TenantSession, source_id: UUID) -> WardData | str:
    if session.get(RosterPeriod, (session.tenant_id, source_id)) is not None:
        return ward_data(session, source_id)
    return get_problem(session, source_id).source


def people_missing(roster: Roster, weight: int) -> int | None:
    """Return the people missing below the minimum, by what they cost; None where that does not tell."""
    points = int(roster.breakdown.get(Term.UNDER_MINIMUM.value, 0))
    return None if not weight or points % weight else points // weight
