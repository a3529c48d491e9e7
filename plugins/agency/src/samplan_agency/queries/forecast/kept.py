"""Forecasts as they were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession, _
from samplan_agency.domain.months import months_between
from samplan_agency.domain.outlook import Cell, Part, Reason, Row
from samplan_agency.models import Delivery, Forecast, ForecastRow
from samplan_agency.queries.costs.figures import Vintage
from samplan_agency.queries.rows import get_row
from samplan_agency.queries.unit_tree import unit_tree

SHOWN = 60
"""Forecasts that can be chosen among."""


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """A forecast with its rows, and what the divisions are called."""

    forecast: Forecast
    rows: tuple[Row, ...]
    counted: tuple[Part, ...]
    left_out: tuple[Part, ...]
    names: Mapping[UUID, str]

    @property
    def known(self) -> int:
        """How many months of the year have an outcome."""
        return months_between(
            self.forecast.as_of.replace(year=self.forecast.year - 1, month=12), self.forecast.as_of
        )


def forecasts(session: TenantSession) -> list[Forecast]:
    """Return the newest forecasts, newest first."""
    return list(session.scalars(select(Forecast).order_by(Forecast.number.desc()).limit(SHOWN)))


def kept_forecast(session: TenantSession, forecast_id: UUID) -> KeptForecast:
    """Return a forecast; raises `NotFound` where there is none."""
    forecast = get_row(session, Forecast, forecast_id, _("There is no such forecast."))
    rows = session.scalars(
        select(ForecastRow).where(ForecastRow.forecast_id == forecast_id).order_by(ForecastRow.id)
    )
    names = unit_tree(session).division_names
    counted, left_out = (tuple(map(_part, kept)) for kept in (forecast.counted, forecast.left_out))
    return KeptForecast(forecast, tuple(map(_row, rows)), counted, left_out, names)


def rests_on(session: TenantSession, forecast: Forecast) -> list[Vintage]:
    """Return the deliveries of the ledger that a forecast rests on, the newest first."""
    rows = session.execute(
        select(Delivery.id, Delivery.number, Delivery.filename, Delivery.source, Delivery.delivered_at)
        .where(Delivery.number.in_(forecast.deliveries))
        .order_by(Delivery.number.desc())
    )
    return [Vintage(*row) for row in rows]


def _row(row: ForecastRow) -> Row:
    return Row(
        cell=Cell(row.division_id, row.cost_kind, row.cost_type),
        months=_amounts(row.months),
        outcome=row.outcome,
        drawn=row.drawn,
        plan=row.plan,
        measures=row.measures,
        budget=_amounts(row.budget_months),
        last_year=_amounts(row.last_year_months),
        misses=tuple(tuple(miss) for miss in row.misses),
        accrued=_amounts(row.accrued_months),
        error=row.accrued_error,
    )


def _amounts(texts: Sequence[Any]) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


def _part(kept: Mapping[str, Any]) -> Part:
    division = None if kept["division"] is None else UUID(kept["division"])
    cell = Cell(division, kept["kind"], kept["cost_type"])
    reason = kept["reason"] and Reason(kept["reason"])
    return Part(kept["name"], cell, reason, Decimal(kept["amount"]))
