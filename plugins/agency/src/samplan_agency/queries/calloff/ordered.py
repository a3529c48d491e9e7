"""The shifts that were called off and confirmed, for the control of what is billed for them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from samplan.plugin_api import Period, TenantSession
from samplan_agency.domain.calloff import paid_hours
from samplan_agency.domain.control import Ordered
from samplan_agency.models import CallOffLine
from samplan_agency.queries.calloff.confirmed import confirmed_rows
from samplan_agency.queries.calloff.shown import reference_of


def ordered_lines(session: TenantSession, period: Period, timezone: str) -> list[Ordered]:
    """Return the confirmed shifts of a period by the region's clock, and those that go over into it."""
    zone = ZoneInfo(timezone)
    first = datetime.combine(period.start, time(), zone)
    last = datetime.combine(period.end + timedelta(days=1), time(), zone)
    within = CallOffLine.ends_at > first, CallOffLine.starts_at < last
    return [
        Ordered(
            id=answer.id,
            reference=reference_of(call_off.number),
            supplier_id=answer.supplier_id,
            work_date=line.starts_at.astimezone(zone).date(),
            last_date=_last_date(line, zone),
            starts_at=line.starts_at,
            ends_at=line.ends_at,
            hours=paid_hours(line.starts_at, line.ends_at, line.break_minutes),
            break_minutes=line.break_minutes,
            unit_id=line.unit_id,
            level=line.level,
            zone=line.zone,
            consultant=answer.consultant,
            price=answer.price,
            within_agreement=not answer.outside,
        )
        for answer, line, call_off, _supplier, _unit in session.execute(confirmed_rows().where(*within))
    ]


def _last_date(line: CallOffLine, zone: ZoneInfo) -> date | None:
    """Return the date on which a shift ends where it began the day before."""
    last = (line.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return None if last == line.starts_at.astimezone(zone).date() else last
