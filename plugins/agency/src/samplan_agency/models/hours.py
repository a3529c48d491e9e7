"""Hours by month, unit and profession, for regions whose rosters are elsewhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_agency.models.base import first_of_month, in_force, one_of, own, table
from samplan_agency.models.reference import CATEGORIES, TIME_CLASSES

STAFF = ("hired", "own")
BASES = ("planned", "worked")


class HoursMonth(TenantMixin, Base):
    """Hours of a month, as one delivery gave them; in force while `replaced_by` is empty.

    `basis` planned: rostered or called off, what is expected to be invoiced; worked: what was worked.
    `line_key` is a hash of month, unit, category, staff, basis and, where it is told, `time_class`.
    """

    __tablename__ = "hours_month"
    __table_args__ = table(
        in_force("hours_month"),
        Index("ix_hours_month_work_month", "tenant_id", "work_month"),
        one_of("category", CATEGORIES),
        one_of("staff", STAFF),
        one_of("basis", BASES),
        one_of("time_class", TIME_CLASSES),
        CheckConstraint("hours >= 0", name="hours"),
        first_of_month("work_month"),
        own("delivery_id", "delivery"),
    )

    delivery_id: Mapped[UUID]
    replaced_by: Mapped[UUID | None]
    line_key: Mapped[UUID]
    row_number: Mapped[int]
    work_month: Mapped[date]
    unit: Mapped[str]
    unit_id: Mapped[UUID | None]
    category: Mapped[str]
    staff: Mapped[str]
    basis: Mapped[str]
    time_class: Mapped[str | None]
    hours: Mapped[Decimal] = mapped_column(Numeric(12, 2))
