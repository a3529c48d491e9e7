"""What was worked, what is carried on of it, and what unsocial hours give: facts that outlive a roster."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table

WORK_KINDS = ("planned", "changed", "extra", "overtime", "absence")
WORK_SOURCES = ("entered", "confirmed", "imported")


class WorkedShift(TenantMixin, Base):
    """How a date of an employee turned out; `number` is 0 for the rostered shift, more for others beside it.

    `extra_minutes` are the paid ones beyond the ordinary hours; an absence has no times. `version` counts the
    changes of the row.
    """

    __tablename__ = "worked_shift"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id", "employee_id", "on_date", "number"),
        Index("ix_worked_shift_employee", "tenant_id", "employee_id", "on_date"),
        CheckConstraint(f"kind IN {WORK_KINDS}", name="kind"),
        CheckConstraint(f"source IN {WORK_SOURCES}", name="source"),
        CheckConstraint("ends_at > starts_at", name="instants"),
        CheckConstraint("(kind = 'absence') = (starts_at IS NULL)", name="absence"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both"),
        CheckConstraint("(kind = 'absence') = (absence_kind IS NOT NULL)", name="absence_kind"),
        CheckConstraint("paid_minutes >= 0 AND extra_minutes BETWEEN 0 AND paid_minutes", name="minutes"),
        own("period_id", "roster_period"),
        own("employee_id", "employee"),
        own("shift_type_id", "shift_type"),
    )

    period_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    on_date: Mapped[date]
    number: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    shift_type_id: Mapped[UUID | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    paid_minutes: Mapped[int]
    extra_minutes: Mapped[int]
    on_call_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    standby_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    absence_kind: Mapped[str | None]
    source: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UnsocialRate(TenantMixin, Base):
    """What an hour of a class of unsocial hours gives in this region, from a date."""

    __tablename__ = "unsocial_rate"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "class", "valid_from"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    unsocial_class: Mapped[str] = mapped_column("class")
    valid_from: Mapped[date]
    amount: Mapped[Decimal]
    source: Mapped[str]


class CarriedHours(TenantMixin, Base):
    """An employee's balance of hours as it was carried into a period."""

    __tablename__ = "carried_hours"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id", "employee_id"),
        own("period_id", "roster_period", cascade=True),
        own("employee_id", "employee"),
    )

    period_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    minutes: Mapped[int]
