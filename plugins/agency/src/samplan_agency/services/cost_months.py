"""Renew the sums that pages read, from the lines in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, func, insert, select

from samplan.plugin_api import TenantSession
from samplan_agency.models import CostLine, CostMonth

_KEYS = (
    "work_month", "booked_month", "source", "kind", "account", "unit_id", "category", "sector_id",
    "supplier_id", "zone", "time_class",
)  # fmt: skip


def renew_months(session: TenantSession, source: str, months: Iterable[date]) -> None:
    """Sum the lines in force of a source (`ledger`, `invoices`) anew for these months of work."""
    wanted = sorted(set(months))
    here = [CostMonth.source == source, CostMonth.work_month.in_(wanted)]
    session.execute(delete(CostMonth).where(*here).execution_options(synchronize_session=False))
    keys = [getattr(CostLine, name) for name in _KEYS]
    sums = select(
        *keys, func.sum(CostLine.amount), func.coalesce(func.sum(CostLine.hours), 0), func.count()
    ).where(CostLine.replaced_by.is_(None), CostLine.source == source, CostLine.work_month.in_(wanted))
    names = [*_KEYS, "amount", "hours", "lines"]
    # Without Python's defaults, which would give all rows one id.
    session.execute(insert(CostMonth).from_select(names, sums.group_by(*keys), include_defaults=False))
