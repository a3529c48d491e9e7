"""What hired staff have worked: their time reports and, where the roster's outcome tells it, that."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, Period, TenantSession, WorkedHiredShift, WorkedHiredShifts
from samplan_agency.domain.control import Worked
from samplan_agency.domain.matching import key
from samplan_agency.domain.pricing import folded
from samplan_agency.models import Supplier, TimeReport

_ORE = Decimal("0.01")
_SAME = "id", "work_date", "hours", "break_minutes", "supplier_id", "consultant", "unit_id", "begins", "ends"
_REPORTED = {name: name for name in _SAME} | {"reference": "order_reference"}


def worked_shifts(
    session: TenantSession,
    period: Period,
    roster: WorkedHiredShifts | None,
    suppliers: Collection[UUID] | None = None,
) -> list[Worked]:
    """Return what was worked in a period: a consultant's time report of a date goes before the roster.

    With `suppliers` only the time reports of these.
    """
    wanted = TimeReport.work_date.between(period.start, period.end), TimeReport.replaced_by.is_(None)
    # Thousands are read at once: columns, no entities.
    columns = [getattr(TimeReport, column).label(name) for name, column in _REPORTED.items()]
    rows = session.execute(select(*columns).where(*wanted)).mappings().all()
    reports = [Worked(**row) for row in rows if suppliers is None or row["supplier_id"] in suppliers]
    if roster is None:
        return reports
    reported = {(key(row["consultant"]), row["work_date"]) for row in rows if row["consultant"]}
    return reports + [
        work
        for work in _of_roster(session, roster.worked(period))
        if (key(work.consultant), work.work_date) not in reported
    ]


def _of_roster(session: TenantSession, shifts: Iterable[WorkedHiredShift]) -> list[Worked]:
    """Return shifts of the roster; their supplier is found by its name or code."""
    units: dict[str, UUID] = dict(session.execute(select(OrgUnit.code, OrgUnit.id)).all())
    suppliers: dict[str, UUID] = {}
    for row in session.scalars(select(Supplier)):
        suppliers |= {folded(row.name): row.id, folded(row.code): row.id}
    return [
        Worked(
            id=shift.id,
            work_date=shift.on,
            hours=(Decimal(shift.minutes) / 60).quantize(_ORE),
            break_minutes=shift.break_minutes,
            supplier_id=suppliers.get(folded(shift.supplier)),
            consultant=shift.consultant,
            unit_id=units.get(shift.unit),
            begins=shift.begins,
            ends=shift.ends,
        )
        for shift in shifts
    ]
