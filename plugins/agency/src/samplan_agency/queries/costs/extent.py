"""How far the costs of a source reach: what pages take for the newest month that is known."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import month_of
from samplan_agency.models import CostMonth, CostTotal, Delivery

HIRED = ("hired",)


@dataclass(frozen=True, slots=True)
class Extent:
    """From which months there are costs: of work, and the last that anything was booked in."""

    first: date
    last: date
    booked: date


def extent(session: TenantSession, source: str, kinds: Collection[str] = HIRED) -> Extent | None:
    """Return what months a source has costs of these kinds of; None where there are none.

    Months after the one in which its newest delivery came do not count: they are slips, or booked ahead.
    Where all is later than that, the clock is what is wrong, and all counts.
    """
    came = session.scalar(
        select(func.max(Delivery.delivered_at)).where(Delivery.kind == source, Delivery.state == "read")
    )
    limit = came and month_of(came.date())
    found = _reach(session, source, kinds, limit)
    if limit is not None and (found is None or found.last < found.first):
        found = _reach(session, source, kinds, None)
    return found


def _reach(session: TenantSession, source: str, kinds: Collection[str], limit: date | None) -> Extent | None:
    """Return it up to a month; each part is found at the ends of an index, one for each kind."""

    def ends(month: InstrumentedAttribute[date], end: Callable[..., Any], limit: date | None) -> list[Any]:
        """Return the first or the last month of each kind."""
        table = month.class_
        each = select(end(month)).where(table.source == source, _up_to(month, limit))
        return [each.where(table.kind == kind).scalar_subquery() for kind in kinds]

    wanted = select(
        func.least(*ends(CostTotal.work_month, func.min, None)),
        func.greatest(*ends(CostTotal.work_month, func.max, limit)),
        func.greatest(*ends(CostMonth.booked_month, func.max, limit)),
    )
    first, last, booked = session.execute(wanted).one()
    return None if first is None or last is None or booked is None else Extent(first, last, booked)


def _up_to(month: InstrumentedAttribute[date], limit: date | None) -> ColumnElement[bool]:
    return month.is_not(None) if limit is None else month <= limit
