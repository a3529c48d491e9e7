"""What employees ask for themselves: time off, and swaps of shifts with a colleague."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table

ABSENCE_STATES = ("requested", "approved", "declined", "withdrawn")
SWAP_STATES = ("proposed", "accepted", "declined", "withdrawn", "approved", "rejected")


class AbsenceRequest(TenantMixin, Base):
    """Dates, or a part of each, that an employee asks to be away; the reason is never stored."""

    __tablename__ = "absence_request"
    __table_args__ = table(
        Index("ix_absence_request_employee", "tenant_id", "employee_id"),
        CheckConstraint("last_date >= first_date", name="dates"),
        CheckConstraint("num_nonnulls(start_time, end_time) IN (0, 2)", name="times"),
        CheckConstraint("end_time > start_time OR end_time = '00:00'", name="part"),
        CheckConstraint(f"state IN {ABSENCE_STATES}", name="state"),
        own("employee_id", "employee", cascade=True),
    )

    employee_id: Mapped[UUID]
    first_date: Mapped[date]
    last_date: Mapped[date]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="requested", default="requested")
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]


class Swap(TenantMixin, Base):
    """A shift that `giver` wants `taker` to work, for one of the taker's shifts or for none."""

    __tablename__ = "swap"
    __table_args__ = table(
        Index("ix_swap_period", "tenant_id", "period_id"),
        Index("ix_swap_giver", "tenant_id", "giver_id"),
        Index("ix_swap_taker", "tenant_id", "taker_id"),
        CheckConstraint(f"state IN {SWAP_STATES}", name="state"),
        CheckConstraint("num_nonnulls(taken_on, taken_shift_id) IN (0, 2)", name="taken"),
        own("period_id", "roster_period", cascade=True),
        own("giver_id", "employee", cascade=True),
        own("taker_id", "employee", cascade=True),
        own("given_shift_id", "shift_type"),
        own("taken_shift_id", "shift_type"),
    )

    period_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    given_on: Mapped[date]
    given_shift_id: Mapped[UUID]
    taker_id: Mapped[UUID]
    taken_on: Mapped[date | None]
    taken_shift_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default="proposed", default="proposed")
    proposed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answered_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
