"""The counts of rosters in force, as they are stored, and which are not counted as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from samplan.plugin_api import TenantSession
from samplan_rostering.models import Roster, RosterFigures, RosterPeriod
from samplan_rostering.queries.figures.roster_counts import RosterCounts, count_roster
from samplan_rostering.queries.hired.elsewhere import judged_ward
from samplan_rostering.queries.rosters.standing import standing
from samplan_rostering.queries.rosters.stored import assignments
from samplan_rostering.queries.solving.best import best_first

METHOD = 3
"""Goes up when something is counted in another way: what is stored is counted anew then."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The roster in force of a period; without `counts` it is not counted as it is now."""

    roster_id: UUID
    ward_id: UUID
    first: date
    last: date
    mark: str
    counts: RosterCounts | None


def in_force(session: TenantSession, *where: ColumnElement[bool]) -> list[InForce]:
    """Return the rosters in force of the periods that the conditions choose, with what is stored of them."""
    rows = session.execute(_in_force(*where)).all()
    return [
        InForce(
            row.id,
            row.ward_id,
            row.start_date,
            row.end_date,
            row.now,
            RosterCounts.from_json(row.people, row.months) if row.mark == row.now else None,
        )
        for row in rows
    ]


def uncounted(session: TenantSession) -> Sequence[UUID]:
    """Return the rosters in force that are not counted as they are now."""
    found = _in_force().subquery()
    return session.scalars(select(found.c.id).where(found.c.mark.is_distinct_from(found.c.now))).all()


def count(session: TenantSession, roster_id: UUID) -> tuple[str, RosterCounts] | None:
    """Count a roster as it is now; None where it is gone or no period's any more."""
    roster = session.get(Roster, (session.tenant_id, roster_id))
    if roster is None or roster.period_id is None:
        return None
    mark = session.scalars(_marked(_MARK).where(Roster.id == roster_id)).one()
    ward = judged_ward(session, roster.period_id)
    return mark, count_roster(ward, standing(session, roster, ward, assignments(session, roster)))


_runs = (
    select(Roster.run_id, func.sum(Roster.version).label("versions"))
    .where(Roster.run_id.is_not(None))
    .group_by(Roster.run_id)
    .subquery()
)
_versions = (METHOD, Roster.version, RosterPeriod.version, func.coalesce(_runs.c.versions, 0))
_MARK = func.concat_ws(".", *(cast(version, String) for version in _versions))
"""What tells which versions are counted: of the roster, its input, and all rosters of its run."""


def _marked(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Roster)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .outerjoin(_runs, _runs.c.run_id == Roster.run_id)
    )


def _in_force(*where: ColumnElement[bool]) -> Select[Any]:
    return (
        _marked(
            Roster.id,
            RosterPeriod.ward_id,
            RosterPeriod.start_date,
            RosterPeriod.end_date,
            _MARK.label("now"),
            RosterFigures.mark,
            RosterFigures.people,
            RosterFigures.months,
        )
        .outerjoin(RosterFigures, RosterFigures.roster_id == Roster.id)
        .where(*where)
        .ext(distinct_on(Roster.period_id))
        .order_by(Roster.period_id, Roster.chosen.desc(), *best_first())
    )
