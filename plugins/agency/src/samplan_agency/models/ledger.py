"""What was delivered by other systems, every delivery kept; and the months that pages read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Numeric, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, ManyRowsMixin, TenantMixin
from samplan_agency.models.base import first_of_month, in_force, one_of, table
from samplan_agency.models.reference import CATEGORIES, LINE_KINDS, TIME_CLASSES

DELIVERY_KINDS = ("ledger", "invoices", "hours", "budget", "staff", "prices", "time_reports")
SOURCES = ("ledger", "invoices")
DELIVERY_STATES = ("waiting", "checked", "read", "refused", "cancelled")


class Delivery(TenantMixin, Base):
    """A file as it was delivered: a vintage of what it holds.

    `first_month` and `last_month` are what it covers; with `whole_months` all that there is of them, so that
    what it lacks is no longer in force. `content` is the file as UTF-8, compressed, without columns of
    personal identity numbers. `faults` are the first of `fault_count` that keep it from being read in;
    `summary` counts what it holds and what it changes.
    """

    __tablename__ = "delivery"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "number"),
        one_of("kind", DELIVERY_KINDS),
        one_of("state", DELIVERY_STATES),
        Index("ix_delivery_kind", "tenant_id", "kind", "number"),
    )

    number: Mapped[int]
    kind: Mapped[str]
    source: Mapped[str]
    filename: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting", default="waiting")
    mapping: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"), default=dict)
    mapping_name: Mapped[str] = mapped_column(server_default="", default="")
    mapping_version: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    first_month: Mapped[date | None]
    last_month: Mapped[date | None]
    rows: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    added: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    replaced: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    removed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    unchanged: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    amount: Mapped[Decimal] = mapped_column(Numeric(16, 2), server_default=text("0"), default=Decimal(0))
    whole_months: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    faults: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"), default=list)
    fault_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    summary: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"), default=dict)
    run_id: Mapped[UUID | None]
    delivered_at: Mapped[datetime] = mapped_column(server_default=func.now())
    read_at: Mapped[datetime | None]


class CostLine(ManyRowsMixin, Base):
    """A line of the ledger or of a supplier's invoice, in SEK without VAT, as one delivery gave it.

    In force while `replaced_by` is empty. `line_key` is a hash of the natural key with the source: the same
    key in a later delivery replaces the line. Units and accounts stand as the file named them, beside what
    they were found to be. `category` None: no profession, as for revenue. Rows come by the million: their
    delivery, which is never deleted, is not looked up for each.
    """

    __tablename__ = "cost_line"
    __table_args__ = table(
        in_force("cost_line"),
        # A unit's lines are looked at: reading all of the months for them takes seven times as long.
        Index(
            "ix_cost_line_drill",
            "tenant_id",
            "work_month",
            "unit_id",
            postgresql_where=text("replaced_by IS NULL"),
        ),
        Index(
            "ix_cost_line_replaced_by",
            "tenant_id",
            "replaced_by",
            postgresql_where=text("replaced_by IS NOT NULL"),
        ),
        Index(
            "ix_cost_line_accrued",
            "tenant_id",
            "booked_month",
            postgresql_where=text("kind = 'accrued' AND replaced_by IS NULL"),
        ),
        # Lines of a delivery stand together.
        Index("ix_cost_line_delivery_id", "delivery_id", postgresql_using="brin"),
        one_of("kind", LINE_KINDS),
        one_of("category", CATEGORIES),
        one_of("time_class", TIME_CLASSES),
        CheckConstraint("zone BETWEEN 1 AND 3", name="zone"),
        first_of_month("work_month"),
        first_of_month("booked_month"),
        many_rows=True,
    )

    delivery_id: Mapped[UUID]
    replaced_by: Mapped[UUID | None]
    source: Mapped[str]
    line_key: Mapped[UUID]
    row_number: Mapped[int]
    kind: Mapped[str]
    account: Mapped[str]
    unit: Mapped[str]
    unit_id: Mapped[UUID | None]
    work_month: Mapped[date]
    booked_month: Mapped[date]
    work_date: Mapped[date | None]
    category: Mapped[str | None]
    level: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    supplier_id: Mapped[UUID | None]
    zone: Mapped[int | None]
    time_class: Mapped[str] = mapped_column(server_default="ordinary", default="ordinary")
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    hours: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    unit_price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    invoice: Mapped[str | None]
    order_reference: Mapped[str | None]
    consultant: Mapped[str | None]
    shift: Mapped[str | None]
    description: Mapped[str | None]


class CostMonth(ManyRowsMixin, Base):
    """The sum of the lines in force by everything that pages choose by: what they read instead of lines.

    Renewed for the months that a delivery touches, in the same transaction.
    """

    __tablename__ = "cost_month"
    __table_args__ = table(
        Index("ix_cost_month_work_month", "tenant_id", "work_month", "kind"),
        Index("ix_cost_month_booked_month", "tenant_id", "source", "kind", "booked_month"),
        one_of("kind", LINE_KINDS),
        first_of_month("work_month"),
        first_of_month("booked_month"),
        many_rows=True,
    )

    work_month: Mapped[date]
    booked_month: Mapped[date]
    source: Mapped[str]
    kind: Mapped[str]
    account: Mapped[str]
    unit_id: Mapped[UUID | None]
    category: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    supplier_id: Mapped[UUID | None]
    zone: Mapped[int | None]
    time_class: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    hours: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    lines: Mapped[int]
