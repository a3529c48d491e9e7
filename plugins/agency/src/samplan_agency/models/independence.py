"""Plans for the way to independence of hired staff."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_agency.models.base import first_of_month, table


class IndependencePlan(TenantMixin, Base):
    """A plan by name, of so many months from its first on; `independence_schema` reads its `actions`."""

    __tablename__ = "independence_plan"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "name"),
        first_of_month("first_month"),
        CheckConstraint("months BETWEEN 6 AND 120", name="months"),
        CheckConstraint("jsonb_typeof(actions) = 'array'", name="actions"),
    )

    name: Mapped[str]
    first_month: Mapped[date]
    months: Mapped[int]
    actions: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"), default=list)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
