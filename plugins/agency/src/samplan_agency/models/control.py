"""What invoices are held against, and what was found wrong with them."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin, tenant_fk
from samplan_agency.domain.control import Reason
from samplan_agency.models.base import first_of_month, in_force, one_of, own, table

DEVIATION_REASONS = tuple(reason.value for reason in Reason)
DEVIATION_STATES = ("new", "asked", "accepted", "credited")


class TimeReport(TenantMixin, Base):
    """A shift as the consultant's time report tells it: local times, and hours without the break.

    In force while `replaced_by` is empty. `line_key` is a hash of supplier, order, consultant, date and
    beginning: the same key in a later delivery replaces it. `delivery_id` None: kept before files were.
    """

    __tablename__ = "time_report"
    __table_args__ = table(
        in_force("time_report"),
        Index("ix_time_report_work_date", "tenant_id", "work_date"),
        CheckConstraint("hours > 0 AND hours <= 24", name="hours"),
        CheckConstraint("break_minutes >= 0", name="break_minutes"),
        own("supplier_id", "supplier"),
        own("delivery_id", "delivery"),
        tenant_fk("unit_id", "core.org_unit"),
        many_rows=True,
    )

    delivery_id: Mapped[UUID | None]
    replaced_by: Mapped[UUID | None]
    line_key: Mapped[UUID]
    row_number: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    supplier_id: Mapped[UUID]
    order_reference: Mapped[str] = mapped_column(server_default="", default="")
    consultant: Mapped[str] = mapped_column(server_default="", default="")
    unit_id: Mapped[UUID | None]
    work_date: Mapped[date]
    begins: Mapped[time | None]
    ends: Mapped[time | None]
    break_minutes: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2))


class InvoiceDeviation(TenantMixin, Base):
    """One reason for which an invoice line is not as it should be, and how far it has been handled.

    `line_key` keeps it with the line when that is delivered again. `expected`, `billed` are the line's, in
    SEK without VAT; `difference` is this reason's part. `handled_by` is the account that handled it last.
    """

    __tablename__ = "deviation"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "line_key", "reason"),
        Index("ix_deviation_line_id", "tenant_id", "line_id"),
        Index("ix_deviation_state", "tenant_id", "state", "work_month"),
        one_of("reason", DEVIATION_REASONS),
        one_of("state", DEVIATION_STATES),
        first_of_month("work_month"),
        own("line_id", "cost_line", cascade=True),
        own("supplier_id", "supplier"),
    )

    line_id: Mapped[UUID]
    line_key: Mapped[str]
    supplier_id: Mapped[UUID | None]
    work_month: Mapped[date]
    reason: Mapped[str]
    expected: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    billed: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    difference: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    state: Mapped[str] = mapped_column(server_default="new", default="new")
    note: Mapped[str] = mapped_column(server_default="", default="")
    handled_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    found_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ControlMonth(TenantMixin, Base):
    """How many invoice lines of a supplier and work month were controlled, and how many had no deviation.

    Credit notes, and the lines that they take back, are not counted. Renewed when the month is controlled; a
    month without any line that counts has a row of none.
    """

    __tablename__ = "control_month"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "work_month", "supplier_id", postgresql_nulls_not_distinct=True),
        first_of_month("work_month"),
        own("supplier_id", "supplier"),
    )

    work_month: Mapped[date]
    supplier_id: Mapped[UUID | None]
    lines: Mapped[int]
    matched_lines: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    matched_amount: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    controlled_at: Mapped[datetime] = mapped_column(server_default=func.now())
