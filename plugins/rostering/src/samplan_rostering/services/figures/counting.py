"""Storing what the key figures count in rosters."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.dialects.postgresql import insert

from samplan.plugin_api import TenantSession
from samplan_rostering.models import RosterFigures
from samplan_rostering.queries.figures.roster_counts import RosterCounts
from samplan_rostering.queries.figures.stored import InForce, count, in_force


def store_counts(session: TenantSession, roster_id: UUID, mark: str, counts: RosterCounts) -> None:
    """Store what was counted in a roster in place of what was counted before."""
    values = {"mark": mark, "people": counts.people, "months": counts.as_json()}
    added = insert(RosterFigures).values(roster_id=roster_id, **values)
    keys = (RosterFigures.tenant_id, RosterFigures.roster_id)
    session.execute(
        added.on_conflict_do_update(index_elements=keys, set_={**values, "counted_at": func.now()})
    )


def counted(session: TenantSession, *where: ColumnElement[bool]) -> list[InForce]:
    """Return the rosters in force of chosen periods, with each counted first that is not as it is now."""
    for roster in in_force(session, *where):
        if roster.counts is None and (found := count(session, roster.roster_id)) is not None:
            store_counts(session, roster.roster_id, *found)
    return in_force(session, *where)
