"""Figures of a ward: entered by hand, counted in its rosters; and what it has called off."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table

FIGURE_KINDS = (
    "scheduling_clinical",
    "scheduling_administrative",
    "payroll_corrections",
    "units_stood_down",
    "employees",
    "managers",
    "external_hours",
)
CALL_OFF_STATES = ("open", "own_staff", "internal_unit", "agency", "filled", "withdrawn")


class EnteredFigure(TenantMixin, Base):
    """A number that a ward enters for a month (its first date), with where it comes from."""

    __tablename__ = "entered_figure"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "ward_id", "month", "kind"),
        CheckConstraint(f"kind IN {FIGURE_KINDS}", name="kind"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("EXTRACT(day FROM month) = 1", name="month"),
        own("ward_id", "ward"),
    )

    ward_id: Mapped[UUID]
    month: Mapped[date]
    kind: Mapped[str]
    amount: Mapped[Decimal]
    source: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RosterFigures(TenantMixin, Base):
    """What the key figures count in a roster, by month; `mark` tells of which versions of it."""

    __tablename__ = "roster_figures"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "roster_id"),
        own("roster_id", "roster", cascade=True),
    )

    roster_id: Mapped[UUID]
    mark: Mapped[str]
    people: Mapped[int]
    months: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CallOffLine(TenantMixin, Base):
    """People missing on a shift of a period, and to whom it has been offered."""

    __tablename__ = "call_off_line"
    __table_args__ = table(
        UniqueConstraint(
            "tenant_id",
            "period_id",
            "on_date",
            "shift_type_id",
            "skill_id",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(f"state IN {CALL_OFF_STATES}", name="state"),
        CheckConstraint("people >= 0", name="people"),
        CheckConstraint("ends_at > starts_at", name="instants"),
        own("period_id", "roster_period", cascade=True),
        own("shift_type_id", "shift_type"),
        own("skill_id", "skill"),
    )

    period_id: Mapped[UUID]
    on_date: Mapped[date]
    shift_type_id: Mapped[UUID]
    skill_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    break_minutes: Mapped[int]
    people: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="open", default="open")
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
