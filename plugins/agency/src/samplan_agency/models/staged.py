"""Lines of a file that has been looked through, and their sums by month, ready to be read in.

Nothing is lost where they are missing: the delivery's file is read again. So the tables are unlogged. Rows
come by the million, and nothing looks for one of them: the keys here say what tells them apart, and have no
index.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base
from samplan_agency.models.base import table


class StagedLine(Base):
    """A line as a delivery will give it, with what its account and its unit are.

    `wrong` and `refused` have a bit for each fault: such lines are told, not kept.
    """

    __tablename__ = "staged_line"
    __table_args__ = table(
        Index("ix_staged_line_delivery_id", "delivery_id", postgresql_using="brin"),
        unlogged=True,
        many_rows=True,
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    delivery_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wrong: Mapped[int]
    refused: Mapped[int]
    line_key: Mapped[UUID | None]
    kind: Mapped[str | None]
    account: Mapped[str]
    unit: Mapped[str | None]
    unit_id: Mapped[UUID | None]
    work_month: Mapped[date | None]
    booked_month: Mapped[date | None]
    worked: Mapped[date | None]
    line_category: Mapped[str | None]
    level: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    supplier: Mapped[str | None]
    supplier_name: Mapped[str | None]
    zone: Mapped[int | None]
    time_class: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    hours: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    unit_price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    invoice: Mapped[str | None]
    order_reference: Mapped[str | None]
    consultant: Mapped[str | None]
    shift: Mapped[str | None]
    description: Mapped[str | None]


class StagedSum(Base):
    """The sum of `StagedLine` rows of a delivery by all that `CostMonth` tells apart."""

    __tablename__ = "staged_sum"
    __table_args__ = table(unlogged=True, many_rows=True)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    delivery_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    work_month: Mapped[date | None]
    booked_month: Mapped[date | None]
    kind: Mapped[str | None]
    account: Mapped[str]
    unit: Mapped[str | None]
    unit_id: Mapped[UUID | None]
    category: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    supplier: Mapped[str | None]
    supplier_name: Mapped[str | None]
    zone: Mapped[int | None]
    time_class: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    hours: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    lines: Mapped[int]
