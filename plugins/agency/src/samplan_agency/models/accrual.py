"""What is still to be invoiced: hours that it is expected by, valuations as they were kept, and accounts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin, tenant_fk
from samplan_agency.models.base import APPEND_ONLY, first_of_month, one_of, own, table
from samplan_agency.models.ledger import SOURCES
from samplan_agency.models.reference import CATEGORIES

METHODS = ("mack", "bf", "capecod")


class Exposure(TenantMixin, Base):
    """Hours of hired staff of a month, entered by hand: they count instead of delivered ones (`HoursMonth`).

    Without `per_hour` the agreement's price counts. `price_source` says where the price is from.
    """

    __tablename__ = "exposure"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "month", "unit_id", "category", postgresql_nulls_not_distinct=True),
        one_of("category", CATEGORIES),
        first_of_month("month"),
        CheckConstraint("hours >= 0", name="hours"),
        CheckConstraint("per_hour > 0", name="per_hour"),
        tenant_fk("unit_id", "core.org_unit"),
    )

    month: Mapped[date]
    unit_id: Mapped[UUID | None]
    category: Mapped[str]
    hours: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    per_hour: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    price_source: Mapped[str] = mapped_column(server_default="", default="")
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Valuation(TenantMixin, Base):
    """What was still to be invoiced as it was seen in a booking month; nobody can change it afterwards.

    `proposed` ones were made by the monthly job and are nobody's. `params` is what was asked for, `notes`
    what was told of it, `deliveries` the vintages that it rests on.
    """

    __tablename__ = "valuation"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "number"),
        one_of("method", METHODS),
        one_of("source", SOURCES),
        first_of_month("booked_to"),
        Index("ix_valuation_booked_to", "tenant_id", "booked_to"),
        grants=APPEND_ONLY,
    )

    number: Mapped[int]
    booked_to: Mapped[date]
    source: Mapped[str]
    method: Mapped[str]
    params: Mapped[dict[str, Any]]
    notes: Mapped[list[Any]]
    deliveries: Mapped[list[Any]]
    reported: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    reserve: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    error: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    p10: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    p50: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    p90: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    proposed: Mapped[bool]
    kept_by: Mapped[UUID | None]
    kept_at: Mapped[datetime]


class ValuationRow(TenantMixin, Base):
    """A work month of a valuation: what was booked, and what was expected to come."""

    __tablename__ = "valuation_row"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "valuation_id", "work_month"),
        first_of_month("work_month"),
        own("valuation_id", "valuation"),
        grants=APPEND_ONLY,
    )

    valuation_id: Mapped[UUID]
    work_month: Mapped[date]
    reported: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    expected: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    reserve: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    error: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    p10: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    p50: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    p90: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    reported_share: Mapped[float]


class ValuationPart(TenantMixin, Base):
    """The share of a work month's expected cost that a unit, profession and sector was given."""

    __tablename__ = "valuation_part"
    __table_args__ = table(
        UniqueConstraint(
            "tenant_id",
            "valuation_id",
            "work_month",
            "unit_id",
            "category",
            "sector_id",
            name="uq_valuation_part_valuation_id",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("category", CATEGORIES),
        first_of_month("work_month"),
        own("valuation_id", "valuation"),
        grants=APPEND_ONLY,
    )

    valuation_id: Mapped[UUID]
    work_month: Mapped[date]
    unit_id: Mapped[UUID | None]
    category: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    amount: Mapped[Decimal] = mapped_column(Numeric(16, 2))


class JournalTemplate(TenantMixin, Base):
    """Which accounts a valuation is booked on: one row for the region; `accounts` by profession."""

    __tablename__ = "journal_template"
    __table_args__ = table(UniqueConstraint("tenant_id"))

    accounts: Mapped[dict[str, Any]]
    counter_account: Mapped[str]
    cost_centre: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
