"""Own staff by month, unit and profession: how many, who came and left, and who may be missed soon."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_agency.models.base import first_of_month, in_force, one_of, own, table
from samplan_agency.models.reference import CATEGORIES

STAFF_COUNTS = ("headcount", "fte", "started", "ended", "residents", "past_65", "introduction")


class StaffMonth(TenantMixin, Base):
    """Own staff of a month, as one delivery gave them; in force while `replaced_by` is empty.

    People at the month's end: `headcount`, full-time equivalents, of them residents (ST), past 65 and in
    introduction. `started` and `ended` are employments that began or ended during the month. None: not told.
    """

    __tablename__ = "staff_month"
    __table_args__ = table(
        in_force("staff_month"),
        Index("ix_staff_month_work_month", "tenant_id", "work_month"),
        one_of("category", CATEGORIES),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in STAFF_COUNTS),
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
    headcount: Mapped[int]
    fte: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    started: Mapped[int | None]
    ended: Mapped[int | None]
    residents: Mapped[int | None]
    past_65: Mapped[int | None]
    introduction: Mapped[int | None]
