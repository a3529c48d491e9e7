"""Confirmed shifts of hired staff, as the core's `ConfirmedShifts`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from samplan.plugin_api import ConfirmedShift, OrgUnit, Period, TenantSession, current_tenant
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, Supplier


def confirmed_rows() -> Select[CallOffAnswer, CallOffLine, CallOff, Supplier, str]:
    """Return the statement for confirmed answers with line, call-off, supplier and the unit's code."""
    return (
        select(CallOffAnswer, CallOffLine, CallOff, Supplier, OrgUnit.code)
        .join(CallOffLine, CallOffLine.id == CallOffAnswer.line_id)
        .join(CallOff, CallOff.id == CallOffLine.call_off_id)
        .join(Supplier, Supplier.id == CallOffAnswer.supplier_id)
        .join(OrgUnit, OrgUnit.id == CallOffLine.unit_id)
        .where(CallOffAnswer.state == "confirmed")
        .order_by(CallOffLine.starts_at, CallOffAnswer.consultant, CallOffAnswer.id)
    )


class Confirmations:
    """The shifts that suppliers have confirmed."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def confirmed(self, period: Period, units: Collection[str] = ()) -> Sequence[ConfirmedShift]:
        """Return the shifts that begin in the period by the region's clock, of these units (none: of all)."""
        zone = ZoneInfo(current_tenant().timezone)
        first = datetime.combine(period.start, time(), zone)
        last = datetime.combine(period.end + timedelta(days=1), time(), zone)
        within = CallOffLine.starts_at >= first, CallOffLine.starts_at < last
        rows = self._session.execute(confirmed_rows().where(*within))
        return [
            ConfirmedShift(
                id=answer.id,
                gap_id=line.gap_id,
                unit=unit,
                starts_at=line.starts_at.astimezone(UTC),
                ends_at=line.ends_at.astimezone(UTC),
                shift=line.shift,
                skill=line.skill,
                level=line.level,
                supplier=supplier.name,
                consultant=answer.consultant,
            )
            for answer, line, _call_off, supplier, unit in rows
            if not units or unit in units
        ]
