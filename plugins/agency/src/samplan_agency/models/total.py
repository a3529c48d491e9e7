"""What the overview reads: the sums by month without booking month, account and time of day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, ManyRowsMixin
from samplan_agency.models.base import first_of_month, one_of, table
from samplan_agency.models.reference import LINE_KINDS


class CostTotal(ManyRowsMixin, Base):
    """The sum of `CostMonth` rows of a month, renewed with them; `booked_to` is the last month booked in.

    A tenth of their number: a page that shows years by every dimension reads these.
    """

    __tablename__ = "cost_total"
    __table_args__ = table(
        Index("ix_cost_total_work_month", "tenant_id", "work_month", "kind"),
        # Every page begins with what months there are: found at the ends of these, not by looking at all.
        Index("ix_cost_total_booked_to", "tenant_id", "source", "kind", "booked_to"),
        Index("ix_cost_total_source", "tenant_id", "source", "kind", "work_month"),
        one_of("kind", LINE_KINDS),
        first_of_month("work_month"),
    )

    work_month: Mapped[date]
    booked_to: Mapped[date]
    source: Mapped[str]
    kind: Mapped[str]
    unit_id: Mapped[UUID | None]
    category: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    supplier_id: Mapped[UUID | None]
    zone: Mapped[int | None]
    amount: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    hours: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    lines: Mapped[int]
