"""The shifts that were called off and confirmed, for the control of what is billed for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import Period, TenantSession
from samplan_agency.domain.calloff import paid_hours
from samplan_agency.domain.control import Ordered
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine
from samplan_agency.queries.calloff.shown import reference_of

_LONGEST = timedelta(days=8)
_COLUMNS = (
    CallOffAnswer.id,
    CallOff.number,
    CallOffAnswer.supplier_id,
    CallOffLine.starts_at,
    CallOffLine.ends_at,
    CallOffLine.break_minutes,
    CallOffLine.unit_id,
    CallOffLine.level,
    CallOffLine.zone,
    CallOffAnswer.consultant,
    CallOffAnswer.price,
    CallOffAnswer.outside,
)


def ordered_lines(
    session: TenantSession, period: Period, timezone: str, suppliers: Collection[UUID] | None = None
) -> list[Ordered]:
    """Return the confirmed shifts of a period by the region's clock, and those that go over into it.

    With `suppliers` only theirs.
    """
    zone = ZoneInfo(timezone)
    first = datetime.combine(period.start, time(), zone)
    last = datetime.combine(period.end + timedelta(days=1), time(), zone)
    wanted = [
        CallOffAnswer.state == "confirmed",
        CallOffLine.ends_at > first,
        CallOffLine.starts_at < last,
        # A shift is short: where it ends does not say where to look for it.
        CallOffLine.starts_at >= first - _LONGEST,
    ]
    if suppliers is not None:
        wanted.append(CallOffAnswer.supplier_id.in_(suppliers))
    # Thousands are read at once: columns, no entities.
    rows = session.execute(
        select(*_COLUMNS)
        .join(CallOffLine, CallOffLine.id == CallOffAnswer.line_id)
        .join(CallOff, CallOff.id == CallOffLine.call_off_id)
        .where(*wanted)
    )
    return [_ordered(row, zone) for row in rows]


def _ordered(row: Any, zone: ZoneInfo) -> Ordered:
    day = row.starts_at.astimezone(zone).date()
    last = (row.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return Ordered(
        id=row.id,
        reference=reference_of(row.number),
        supplier_id=row.supplier_id,
        work_date=day,
        last_date=None if last == day else last,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        hours=paid_hours(row.starts_at, row.ends_at, row.break_minutes),
        break_minutes=row.break_minutes,
        unit_id=row.unit_id,
        level=row.level,
        zone=row.zone,
        consultant=row.consultant,
        price=row.price,
        within_agreement=not row.outside,
    )
