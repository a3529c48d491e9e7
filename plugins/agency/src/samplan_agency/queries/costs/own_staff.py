"""Own staff by month and profession, from the newest deliveries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, tuple_

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import Months
from samplan_agency.domain.own_staff import StaffCount
from samplan_agency.models import StaffMonth

Counts = dict[str | None, dict[date, StaffCount]]
"""By profession, and of all under None, by month."""
_SUMMED = ("fte", "started", "ended", "residents", "past_65", "introduction")


def staff_counts(session: TenantSession, months: Months, units: Collection[UUID] = ()) -> Counts:
    """Return own staff of some units (none: of all); a number that a file leaves out is not known."""
    sums = [func.sum(getattr(StaffMonth, name)) for name in _SUMMED]
    told = [func.count(getattr(StaffMonth, name)) == func.count() for name in _SUMMED]
    wanted = [
        StaffMonth.replaced_by.is_(None),
        StaffMonth.work_month.between(months.first, months.last),
    ]
    if units:
        wanted.append(StaffMonth.unit_id.in_(sorted(units)))
    by = func.grouping_sets(tuple_(StaffMonth.work_month, StaffMonth.category), tuple_(StaffMonth.work_month))
    rows = session.execute(
        select(StaffMonth.work_month, StaffMonth.category, func.sum(StaffMonth.headcount), *sums, *told)
        .where(*wanted)
        .group_by(by)
    )
    found: Counts = {}
    size = len(_SUMMED)
    for month, category, headcount, *rest in rows:
        numbers = (value if whole else None for value, whole in zip(rest[:size], rest[size:], strict=True))
        known = dict(zip(_SUMMED, numbers, strict=True))
        people = {
            name: None if value is None else int(value) for name, value in known.items() if name != "fte"
        }
        found.setdefault(category, {})[month] = StaffCount(int(headcount), known["fte"], **people)
    return found


def staff_months(session: TenantSession) -> list[date]:
    """Return the months that own staff is known of, the newest first."""
    return list(
        session.scalars(
            select(StaffMonth.work_month)
            .where(StaffMonth.replaced_by.is_(None))
            .distinct()
            .order_by(StaffMonth.work_month.desc())
        )
    )
