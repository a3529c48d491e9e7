"""Renew the sums that pages read, from the lines in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select

from samplan.plugin_api import TenantSession
from samplan_agency.models import CostLine, CostMonth, CostTotal

_TOTAL_KEYS = (
    "work_month", "source", "kind", "unit_id", "category", "sector_id", "supplier_id", "zone",
)  # fmt: skip
_SUMS = ("amount", "hours", "lines")
_KEYS = (*_TOTAL_KEYS, "booked_month", "account", "time_class")


def renew_months(session: TenantSession, source: str, months: Iterable[date]) -> None:
    """Sum the lines in force of a source (`ledger`, `invoices`) anew for these months of work.

    Every page of costs reads these sums: whoever changes lines calls this in the same transaction.
    """
    wanted = sorted(set(months))
    lines = [CostLine.replaced_by.is_(None), CostLine.source == source, CostLine.work_month.in_(wanted)]
    _clear(session, CostMonth, source, wanted)
    keys = [getattr(CostLine, name) for name in _KEYS]
    sums = (func.sum(CostLine.amount), func.coalesce(func.sum(CostLine.hours), 0), func.count())
    _fill(session, CostMonth, (*_KEYS, *_SUMS), select(*keys, *sums).where(*lines).group_by(*keys))
    _clear(session, CostTotal, source, wanted)
    keys = [getattr(CostMonth, name) for name in _TOTAL_KEYS]
    totals = (func.sum(getattr(CostMonth, name)) for name in _SUMS)
    rows = select(*keys, func.max(CostMonth.booked_month), *totals).group_by(*keys)
    here = [CostMonth.source == source, CostMonth.work_month.in_(wanted)]
    _fill(session, CostTotal, (*_TOTAL_KEYS, "booked_to", *_SUMS), rows.where(*here))


def _clear(session: TenantSession, kind: Any, source: str, months: Sequence[date]) -> None:
    rows = delete(kind).where(kind.source == source, kind.work_month.in_(months))
    session.execute(rows.execution_options(synchronize_session=False))


def _fill(session: TenantSession, kind: Any, names: Sequence[str], rows: Any) -> None:
    # Without Python's defaults, which would give all rows one id.
    session.execute(insert(kind).from_select(names, rows, include_defaults=False))
