"""Forecasts, kept as they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from samplan.plugin_api import Invalid, TenantSession, _, record
from samplan_agency.domain.months import Months
from samplan_agency.domain.outlook import Given, Outlook, Part, Row, total
from samplan_agency.models import Forecast, ForecastRow
from samplan_agency.queries.forecast.accrued import Accrued
from samplan_agency.queries.forecast.given import deliveries, ledger_months
from samplan_agency.services.numbers import next_number

METHOD = "theta"
ZERO = Decimal(0)


def check_wanted(session: TenantSession, year: int, as_of: date) -> None:
    """Raise `Invalid` for a year that cannot be forecast from the outcome up to a month."""
    months = Months(date(year - 1, 12, 1), date(year, 12, 1))
    known = ledger_months(session)
    if known is None:
        raise Invalid(_("There is no outcome yet. Read in the ledger first."))
    if as_of not in months or as_of.day != 1:
        told = _("Choose a month from December of the year before to December of the year.")
        raise Invalid(told, {"as_of": [told]})
    if not known.first <= as_of <= known.last:
        first, last = known.first.isoformat()[:7], known.last.isoformat()[:7]
        told = _("There is outcome from %(first)s to %(last)s.", first=first, last=last)
        raise Invalid(told, {"as_of": [told]})


@dataclass(frozen=True, slots=True)
class Made:
    """A forecast as it is made: of what, what comes of it, and what was not invoiced yet of the outcome."""

    given: Given
    found: Outlook
    accrued: Accrued | None = None


def keep_forecast(
    session: TenantSession, forecast_id: UUID, made: Made, now: datetime, *, run_id: UUID | None = None
) -> Forecast:
    """Keep a forecast, which a job's run may have made, under the next number."""
    given = made.given
    row = Forecast(
        id=forecast_id,
        number=next_number(session, Forecast.number),
        year=given.year,
        as_of=given.as_of,
        history_from=given.first,
        method=METHOD,
        counted=[_told(one) for one in made.found.counted],
        left_out=[_told(one) for one in made.found.left_out],
        deliveries=deliveries(session, Months(given.first, given.as_of)),
        accrued=made.accrued.as_json() if made.accrued else None,
        run_id=run_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    session.add_all(_kept(forecast_id, one, given.known) for one in made.found.rows)
    session.flush()
    after = {"number": row.number, "year": row.year, "as_of": row.as_of.isoformat()}
    record(session, "forecast.made", "agency.forecast", row.id, after=after)
    return row


def _told(one: Part) -> dict[str, str | None]:
    return {
        "name": one.name,
        "division": None if one.cell.division is None else str(one.cell.division),
        "kind": one.cell.kind,
        "cost_type": one.cell.cost_type,
        "reason": one.reason and one.reason.value,
        "amount": str(one.amount),
    }


def _kept(forecast_id: UUID, row: Row, known: int) -> ForecastRow:
    one = total([row], known)
    return ForecastRow(
        forecast_id=forecast_id,
        division_id=row.cell.division,
        cost_kind=row.cell.kind,
        cost_type=row.cell.cost_type,
        outcome=row.outcome,
        drawn=row.drawn,
        plan=row.plan,
        measures=row.measures,
        p10=None if one.width is None else one.forecast - one.width,
        p50=one.forecast,
        p90=None if one.width is None else one.forecast + one.width,
        budget=one.budget,
        last_year=one.last_year,
        deviation=one.deviation,
        months=[str(amount) for amount in row.months],
        budget_months=[str(amount) for amount in row.budget],
        last_year_months=[str(amount) for amount in row.last_year],
        misses=[list(miss) for miss in row.misses],
        accrued_months=[str(amount) for amount in row.accrued],
        accrued_error=row.error,
    )
