"""Lines of a file that has been looked through, and their sums by month, ready to be read in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, ManyRowsMixin
from samplan_agency.models.base import table


class StagedLine(ManyRowsMixin, Base):
    """A line as a checked delivery will give it, with what its account and its unit are.

    Nothing is lost where it is missing: the delivery's file is read again. So the table is unlogged.
    """

    __tablename__ = "staged_line"
    __table_args__ = table(
        Index("ix_staged_line_delivery_id", "delivery_id", postgresql_using="brin"), unlogged=True
    )

    delivery_id: Mapped[UUID]
    line_key: Mapped[UUID]
    row_number: Mapped[int]
    kind: Mapped[str]
    account: Mapped[str | None]
    unit: Mapped[str]
    unit_id: Mapped[UUID | None]
    work_month: Mapped[date]
    booked_month: Mapped[date]
    worked: Mapped[date | None]
    line_category: Mapped[str | None]
    level: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    supplier: Mapped[str | None]
    supplier_name: Mapped[str | None]
    zone: Mapped[str | None]
    time_class: Mapped[str | None]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    hours: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    unit_price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    invoice: Mapped[str | None]
    order_reference: Mapped[str | None]
    consultant: Mapped[str | None]
    shift: Mapped[str | None]
    description: Mapped[str | None]


class StagedSum(ManyRowsMixin, Base):
    """The sum of `StagedLine` rows of a delivery by all that `CostMonth` tells apart."""

    __tablename__ = "staged_sum"
    __table_args__ = table(unlogged=True)

    delivery_id: Mapped[UUID]
    work_month: Mapped[date]
    booked_month: Mapped[date]
    kind: Mapped[str]
    account: Mapped[str]
    unit_id: Mapped[UUID | None]
    category: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    supplier: Mapped[str | None]
    supplier_name: Mapped[str | None]
    zone: Mapped[int | None]
    time_class: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    hours: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    lines: Mapped[int]
