"""What somebody works by the newest publication of each period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.models import Publication, PublicationShift, RosterPeriod, Ward


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A published shift of somebody; `number` is that of the publication."""

    on: date
    code: str
    name: str
    unit: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    number: int
    published_at: datetime
    on_call_minutes: int = 0
    standby_minutes: int = 0


def own_published(session: TenantSession, employee_id: UUID, first: date) -> Sequence[OwnShift]:
    """Return somebody's published shifts from a date on, in their order."""
    newest = (
        select(Publication.period_id, func.max(Publication.number).label("number"))
        .group_by(Publication.period_id)
        .subquery()
    )
    rows = session.execute(
        select(PublicationShift, Publication, Ward.timezone, func.coalesce(OrgUnit.name, OrgUnit.code))
        .join(Publication, Publication.id == PublicationShift.publication_id)
        .join(
            newest,
            (newest.c.period_id == Publication.period_id) & (newest.c.number == Publication.number),
        )
        .join(RosterPeriod, RosterPeriod.id == Publication.period_id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .outerjoin(OrgUnit, OrgUnit.code == PublicationShift.unit_code)
        .where(PublicationShift.employee_id == employee_id, PublicationShift.on_date >= first)
        .order_by(PublicationShift.on_date, PublicationShift.starts_at)
    )
    return [
        OwnShift(
            on=shift.on_date,
            code=shift.shift_code,
            name=shift.shift_name,
            unit=unit or shift.unit_code,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            timezone=timezone,
            number=publication.number,
            published_at=publication.published_at,
            on_call_minutes=shift.on_call_minutes,
            standby_minutes=shift.standby_minutes,
        )
        for shift, publication, timezone, unit in rows
    ]
