"""Which work months are to be controlled: all that have invoice lines, or what was delivered since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from samplan.plugin_api import TenantSession
from samplan_agency.models import ControlMonth, CostLine, CostTotal, Delivery

_UNSEEN = timedelta(minutes=1)
"""How long it may take from when a delivery notes that it is read in until others see its lines."""


def invoice_months(session: TenantSession) -> list[date]:
    """Return the work months that have invoice lines in force, or that were controlled, in order."""
    lines = select(CostTotal.work_month).where(CostTotal.source == "invoices", CostTotal.kind == "hired")
    return sorted(session.scalars(lines.union(select(ControlMonth.work_month).where(ControlMonth.lines > 0))))


def delivered_months(session: TenantSession) -> list[date]:
    """Return the work months that invoices were delivered for since each of them was controlled, in order.

    A delivery that was read in just before is taken with them: its lines may not have been seen.
    """
    month, at = ControlMonth.work_month, func.max(ControlMonth.controlled_at)
    seen = {month: at - _UNSEEN for month, at in session.execute(select(month, at).group_by(month))}
    never = set(invoice_months(session)) - set(seen)
    return sorted(never | _delivered_since(session, seen))


def _delivered_since(session: TenantSession, seen: Mapping[date, datetime]) -> set[date]:
    """Return the months of lines that deliveries brought or replaced after the instant of each month."""
    if not seen:
        return set()
    new = select(Delivery.id, Delivery.read_at).where(
        Delivery.kind == "invoices", Delivery.state == "read", Delivery.read_at > min(seen.values())
    )
    read_at = {delivery: at for delivery, at in session.execute(new) if at is not None}
    if not read_at:
        return set()
    touched = or_(CostLine.delivery_id.in_(read_at), CostLine.replaced_by.in_(read_at))
    lines = select(CostLine.work_month, CostLine.delivery_id, CostLine.replaced_by).distinct()
    found = session.execute(lines.where(CostLine.source == "invoices", touched))
    return {
        month
        for month, *deliveries in found
        if month in seen and any(read_at[one] > seen[month] for one in deliveries if one in read_at)
    }
