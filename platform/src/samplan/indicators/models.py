"""A tenant's own indicator values, and the facts that it publishes to a management group."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base, TenantMixin
from samplan.db.rls import APPEND_ONLY, CURRENT_TENANT


class IndicatorValueRow(TenantMixin, Base):
    """One value of an indicator for a period; a newer `version` supersedes, nothing is overwritten."""

    __tablename__ = "indicator_value"
    __table_args__ = (
        UniqueConstraint("tenant_id", "indicator", "period_start", "period_end", "version"),
        CheckConstraint("period_end >= period_start", name="period"),
        Index("ix_indicator_value_series", "tenant_id", "indicator", "period_start"),
        {"schema": "core", "info": {"grants": APPEND_ONLY}},
    )

    indicator: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    version: Mapped[int]
    value: Mapped[Decimal | None]
    numerator: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    n: Mapped[int | None]
    strata: Mapped[dict[str, Any] | None]
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    origin: Mapped[str]
    source: Mapped[str | None]
    comment: Mapped[str | None]
    method_version: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    recorded_by: Mapped[UUID | None]


class IndicatorFact(Base):
    """What a region has published: frozen, versioned, suppressed below the minimum number."""

    __tablename__ = "indicator_fact"
    __table_args__ = (
        PrimaryKeyConstraint("group_id", "tenant_id", "indicator", "period_start", "period_end", "version"),
        CheckConstraint(
            "n IS NULL OR n >= min_n"
            " OR (suppressed AND num_nonnulls(value, numerator, denominator, strata) = 0)",
            name="small_numbers_are_suppressed",
        ),
        ForeignKeyConstraint(
            ["group_id", "tenant_id"], ["core.group_member.group_id", "core.group_member.tenant_id"]
        ),
        Index("ix_indicator_fact_tenant", "tenant_id", "indicator", "period_start"),
        {"schema": "core", "info": {"protection": "to_group", "grants": "SELECT, INSERT, UPDATE"}},
    )

    group_id: Mapped[UUID]
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    indicator: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    version: Mapped[int]
    value: Mapped[Decimal | None]
    numerator: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    strata: Mapped[dict[str, Any] | None]
    n: Mapped[int | None]
    min_n: Mapped[int]
    suppressed: Mapped[bool]
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    comment: Mapped[str | None]
    source: Mapped[str | None]
    method_version: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_by: Mapped[UUID]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
