"""Deliveries as pages show them: the list, and what one changed of those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from samplan.plugin_api import ColumnMapping, SourceTable, TenantSession
from samplan_agency.models import CostLine, Delivery

PAGE = 50
MOST_CHANGES = 200
MOST_BEFORE = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A line that a delivery replaced, or put aside (then without what it became)."""

    row_before: int
    row_after: int | None
    account: str
    unit: str
    month: date
    amount_before: Decimal
    amount_after: Decimal | None
    hours_before: Decimal | None
    hours_after: Decimal | None
    delivery: int

    @property
    def difference(self) -> Decimal:
        """How much more the line is than before."""
        return (self.amount_after or Decimal(0)) - self.amount_before


def list_deliveries(session: TenantSession, before: int | None = None) -> Sequence[Delivery]:
    """Return a page of deliveries and one more, the newest first, of lower numbers than `before`."""
    wanted = select(Delivery).order_by(Delivery.number.desc()).limit(PAGE + 1)
    if before is not None:
        wanted = wanted.where(Delivery.number < before)
    return session.scalars(wanted).all()


def mapping_before(session: TenantSession, delivery: Delivery, file: SourceTable) -> ColumnMapping | None:
    """Return how the newest file before it of its kind and system was mapped that has such columns."""
    mappings = session.scalars(
        select(Delivery.mapping)
        .where(
            Delivery.kind == delivery.kind,
            Delivery.source == delivery.source,
            Delivery.number < delivery.number,
        )
        .order_by(Delivery.number.desc())
        .limit(MOST_BEFORE)
    )
    known = (ColumnMapping.of(mapping) for mapping in mappings if mapping.get("columns"))
    return next((mapping for mapping in known if mapping.fits(file)), None)


def same_file(session: TenantSession, delivery: Delivery) -> Delivery | None:
    """Return an earlier delivery of the very same file that has been read in."""
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.sha256 == delivery.sha256,
            Delivery.kind == delivery.kind,
            Delivery.state == "read",
            Delivery.number < delivery.number,
        )
        .order_by(Delivery.number.desc())
        .limit(1)
    )


def newer_file(session: TenantSession, delivery: Delivery) -> Delivery | None:
    """Return the newest later delivery of the same system and months that has been read in."""
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.kind == delivery.kind,
            Delivery.source == delivery.source,
            Delivery.state == "read",
            Delivery.number > delivery.number,
            Delivery.first_month <= delivery.last_month,
            Delivery.last_month >= delivery.first_month,
        )
        .order_by(Delivery.number.desc())
        .limit(1)
    )


def changes_of(session: TenantSession, delivery: Delivery) -> list[Change]:
    """Return what a delivery of costs changed, the largest differences first."""
    new = aliased(CostLine)
    new_amount, old_amount = func.coalesce(new.amount, 0), CostLine.amount
    rows = session.execute(
        select(CostLine, new, Delivery.number)
        .join(Delivery, Delivery.id == CostLine.delivery_id)
        .outerjoin(new, (new.line_key == CostLine.line_key) & (new.delivery_id == delivery.id))
        .where(CostLine.replaced_by == delivery.id)
        .order_by(func.abs(new_amount - old_amount).desc(), CostLine.row_number)
        .limit(MOST_CHANGES)
    )
    return [_change(old, after, number) for old, after, number in rows]


def replaced_since(session: TenantSession, delivery: Delivery) -> list[tuple[int, UUID, int]]:
    """Return the later deliveries that replaced lines of this one: number, id, and how many lines."""
    rows = session.execute(
        select(Delivery.number, Delivery.id, func.count())
        .join(CostLine, CostLine.replaced_by == Delivery.id)
        .where(CostLine.delivery_id == delivery.id)
        .group_by(Delivery.number, Delivery.id)
        .order_by(Delivery.number)
    )
    return [(number, later, count) for number, later, count in rows]


def _change(old: CostLine, new: CostLine | None, number: int) -> Change:
    return Change(
        row_before=old.row_number,
        row_after=None if new is None else new.row_number,
        account=old.account,
        unit=old.unit,
        month=old.work_month,
        amount_before=old.amount,
        amount_after=None if new is None else new.amount,
        hours_before=old.hours,
        hours_after=None if new is None else new.hours,
        delivery=number,
    )
