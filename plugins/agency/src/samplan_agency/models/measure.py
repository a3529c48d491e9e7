"""Measures against the cost of hired staff: what is decided and planned, and reports to the board."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Numeric, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin, tenant_fk
from samplan_agency.models.base import first_of_month, one_of, own, table
from samplan_agency.models.reference import CATEGORIES

COST_KINDS = ("hired", "own", "other_cost")


class Measure(TenantMixin, Base):
    """A measure of a division. `owner` is a function, such as head of a clinic, and no person's name.

    It acts from `first_month` on, until `ended_month` where that is filled. Its effect is the difference to
    the same month of the twelve that begin with `baseline_month`; empty: the twelve before it began.
    """

    __tablename__ = "measure"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "code"),
        Index("ix_measure_division_id", "tenant_id", "division_id"),
        first_of_month("first_month"),
        first_of_month("ended_month"),
        first_of_month("baseline_month"),
        CheckConstraint("ended_month >= first_month", name="months"),
        CheckConstraint("baseline_month <= first_month - INTERVAL '1 year'", name="baseline"),
        CheckConstraint("(decided_on IS NULL) = (decided_by IS NULL)", name="decision"),
        tenant_fk("division_id", "core.org_unit"),
    )

    code: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="", default="")
    owner: Mapped[str]
    division_id: Mapped[UUID]
    first_month: Mapped[date]
    ended_month: Mapped[date | None]
    baseline_month: Mapped[date | None]
    decided_by: Mapped[str | None]
    decided_on: Mapped[date | None]
    diary_number: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MeasureTarget(TenantMixin, Base):
    """What a measure acts on, one thing a row: a unit with all below it, a category, a supplier, a kind.

    Without a unit it is all of the division, without a category all of them, and so on.
    """

    __tablename__ = "measure_target"
    __table_args__ = table(
        UniqueConstraint(
            "tenant_id",
            "measure_id",
            "unit_id",
            "category",
            "supplier_id",
            "kind",
            name="uq_measure_target_measure_id",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("num_nonnulls(unit_id, category, supplier_id, kind) = 1", name="one"),
        one_of("category", CATEGORIES),
        one_of("kind", COST_KINDS),
        own("measure_id", "measure", cascade=True),
        tenant_fk("unit_id", "core.org_unit"),
        own("supplier_id", "supplier"),
    )

    measure_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    category: Mapped[str | None]
    supplier_id: Mapped[UUID | None]
    kind: Mapped[str | None]


class MeasureEffect(TenantMixin, Base):
    """By how much a measure is planned to lower the cost of a year, in SEK.

    `weights` spreads it over January to December; empty: evenly over the months in which the measure acts.
    """

    __tablename__ = "measure_effect"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "measure_id", "year"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint("jsonb_array_length(weights) IN (0, 12)", name="weights"),
        own("measure_id", "measure", cascade=True),
    )

    measure_id: Mapped[UUID]
    year: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    weights: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"), default=list)


class MeasureReport(TenantMixin, Base):
    """A report to the board about the measures, frozen when it was made; anew it gets the next number."""

    __tablename__ = "measure_report"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "due_month", "number"),
        CheckConstraint("number > 0", name="number"),
        first_of_month("due_month"),
    )

    due_month: Mapped[date]
    number: Mapped[int]
    board: Mapped[str]
    figures: Mapped[dict[str, Any]]
    docx: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str]
    made_at: Mapped[datetime]
