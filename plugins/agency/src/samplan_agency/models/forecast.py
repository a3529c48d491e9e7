"""Budget, plan lines, and forecasts as they were made."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin, tenant_fk
from samplan_agency.models.base import APPEND_ONLY, first_of_month, one_of, own, table
from samplan_agency.models.reference import ACCOUNT_KINDS

LINE_KINDS = ("budget", "plan")
_TWELVE_ZEROS = text("'[0,0,0,0,0,0,0,0,0,0,0,0]'::jsonb")


class BudgetLine(TenantMixin, Base):
    """A year's amounts of a division and cost type: of the budget, or a plan line of the forecast.

    `months` are January to December as decimal texts, with the ledger's sign: costs positive, revenue
    negative. A budget line comes with a delivery and is in force while `replaced_by`, the one that replaced
    it, is empty. A plan line is an addition or a deduction that somebody noted; `owner` is a function, and no
    person's name. `measure_id` is the measure that it stands for. Without a division it is the region's as a
    whole.
    """

    __tablename__ = "budget_line"
    __table_args__ = table(
        one_of("kind", LINE_KINDS),
        one_of("cost_kind", ACCOUNT_KINDS),
        CheckConstraint("jsonb_array_length(months) = 12", name="months"),
        CheckConstraint("(kind = 'budget') = (delivery_id IS NOT NULL)", name="delivery"),
        Index(
            "uq_budget_line_in_force",
            "tenant_id",
            "year",
            "division_id",
            "cost_kind",
            "cost_type",
            unique=True,
            postgresql_where=text("kind = 'budget' AND replaced_by IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        tenant_fk("division_id", "core.org_unit"),
        own("delivery_id", "delivery"),
        own("measure_id", "measure"),
    )

    year: Mapped[int]
    kind: Mapped[str] = mapped_column(server_default="plan", default="plan")
    division_id: Mapped[UUID | None]
    cost_kind: Mapped[str] = mapped_column(server_default="hired")
    cost_type: Mapped[str] = mapped_column(server_default="", default="")
    months: Mapped[list[Any]] = mapped_column(server_default=_TWELVE_ZEROS)
    note: Mapped[str] = mapped_column(server_default="", default="")
    owner: Mapped[str] = mapped_column(server_default="", default="")
    measure_id: Mapped[UUID | None]
    delivery_id: Mapped[UUID | None]
    replaced_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Forecast(TenantMixin, Base):
    """A forecast of a year as it was made; nobody can change it afterwards.

    `as_of` is the last month whose outcome counted, `history_from` the first. `counted` are the plan lines
    and measures that were taken, `left_out` those that were not, so that nothing is counted twice.
    `deliveries` are the numbers of the deliveries that it rests on. `accrued` tells the valuation by which
    months were completed that are not fully invoiced, if there is one.
    """

    __tablename__ = "forecast"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "number"),
        first_of_month("as_of"),
        first_of_month("history_from"),
        grants=APPEND_ONLY,
    )

    number: Mapped[int]
    year: Mapped[int]
    as_of: Mapped[date]
    history_from: Mapped[date]
    method: Mapped[str]
    counted: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"), default=list)
    left_out: Mapped[list[Any]]
    deliveries: Mapped[list[Any]]
    accrued: Mapped[dict[str, Any] | None]
    run_id: Mapped[UUID | None]
    made_at: Mapped[datetime]


class ForecastRow(TenantMixin, Base):
    """A division's cost type in a forecast, in SEK with the ledger's sign; `p50` is the forecast of the year.

    `months` are outcome and then forecast, `budget_months` and `last_year_months` beside them. `misses` is by
    how much forecasts from earlier months would have missed, which totals get their intervals from. P10 and
    P90 are empty where too little is known for them. `accrued_months` is the part of the outcome that was not
    invoiced, `accrued_error` its standard error.
    """

    __tablename__ = "forecast_row"
    __table_args__ = table(
        UniqueConstraint(
            "tenant_id",
            "forecast_id",
            "division_id",
            "cost_kind",
            "cost_type",
            name="uq_forecast_row_forecast_id",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("cost_kind", ACCOUNT_KINDS),
        own("forecast_id", "forecast"),
        tenant_fk("division_id", "core.org_unit"),
        grants=APPEND_ONLY,
    )

    forecast_id: Mapped[UUID]
    division_id: Mapped[UUID | None]
    cost_kind: Mapped[str] = mapped_column(server_default="hired")
    cost_type: Mapped[str]
    outcome: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    drawn: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    plan: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    measures: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    p10: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    p50: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    p90: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    budget: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    last_year: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    deviation: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    months: Mapped[list[Any]]
    budget_months: Mapped[list[Any]]
    last_year_months: Mapped[list[Any]]
    misses: Mapped[list[Any]]
    accrued_months: Mapped[list[Any]] = mapped_column(server_default=_TWELVE_ZEROS)
    accrued_error: Mapped[Decimal] = mapped_column(
        Numeric(16, 2), server_default=text("0"), default=Decimal(0)
    )
