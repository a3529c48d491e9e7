"""What hired staff have worked, as the core's `WorkedHiredShifts`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, Period, TenantSession, WorkedHiredShift
from samplan_rostering.models import Employee, RosterPeriod, Ward, WorkedShift


class WorkedByHired:
    """The outcome of shifts of those who are hired from a supplier."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def worked(self, period: Period, units: Collection[str] = ()) -> Sequence[WorkedHiredShift]:
        """Return the shifts that begin in the period, of these units (none: of all)."""
        rows = self._session.execute(
            select(WorkedShift, Employee.code, Employee.supplier, OrgUnit.code, Ward.timezone)
            .join(Employee, Employee.id == WorkedShift.employee_id)
            .join(RosterPeriod, RosterPeriod.id == WorkedShift.period_id)
            .join(Ward, Ward.id == RosterPeriod.ward_id)
            .join(OrgUnit, OrgUnit.id == Ward.unit_id)
            .where(
                Employee.supplier.is_not(None),
                WorkedShift.starts_at.is_not(None),
                WorkedShift.paid_minutes > 0,
                WorkedShift.on_date.between(period.start, period.end),
                *([OrgUnit.code.in_(units)] if units else []),
            )
            .order_by(WorkedShift.on_date, Employee.code, WorkedShift.number)
        )
        return [_shift(row, code, supplier, unit, ZoneInfo(zone)) for row, code, supplier, unit, zone in rows]


def _shift(row: WorkedShift, code: str, supplier: str | None, unit: str, zone: ZoneInfo) -> WorkedHiredShift:
    if row.starts_at is None or row.ends_at is None:
        raise ValueError(f"the worked shift {row.id} has no times")
    present = (row.ends_at - row.starts_at) // timedelta(minutes=1)
    return WorkedHiredShift(
        id=row.id,
        unit=unit,
        supplier=supplier or "",
        consultant=code,
        on=row.on_date,
        begins=row.starts_at.astimezone(zone).time(),
        ends=row.ends_at.astimezone(zone).time(),
        break_minutes=max(present - row.paid_minutes, 0),
        minutes=row.paid_minutes,
    )
