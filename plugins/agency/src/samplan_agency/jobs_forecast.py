"""Background work: the forecast of a year."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from samplan.plugin_api import (
    JobContext,
    JobFailed,
    Outcome,
    RosteredHours,
    TenantSession,
    _l,
    new_id,
    settings_of,
)
from samplan_agency.domain.months import month_of, plus_months
from samplan_agency.domain.outlook import outlook
from samplan_agency.queries.forecast.given import given
from samplan_agency.services.forecast.kept import Made, keep_forecast

READING, FORECASTING = _l("Reading outcome, budget and measures"), _l("Forecasting")
NOTHING = _l("There is no outcome up to the chosen month.")


def make_forecast(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Forecast a year from the outcome up to a month, with what is not invoiced of it yet, and keep it.

    Raises:
        JobFailed: there is no outcome to forecast from.
    """
    ctx.progress(pct=0, phase=READING)
    year, as_of = params["year"], params["as_of"]
    last = plus_months(month_of(ctx.clock.now().astimezone(ZoneInfo(ctx.tenant.timezone)).date()), -1)
    with ctx.unit_of_work() as session:
        provisional = settings_of(ctx.modules, session, "agency")["provisional_months"]
        offered = ctx.find(RosteredHours, session)
        made_of = given(session, year, as_of, provisional, last=last, offered=offered)
    if made_of is None:
        raise JobFailed("no_outcome", str(NOTHING))
    known, accrued = made_of
    ctx.progress(pct=20, phase=FORECASTING)
    made = Made(known, outlook(known), accrued)
    forecast_id, now = new_id(), ctx.clock.now()

    def write(session: TenantSession) -> None:
        keep_forecast(session, forecast_id, made, now, run_id=ctx.run_id)

    link = {"endpoint": "agency.kept_forecast_page", "values": {"forecast_id": str(forecast_id)}}
    return Outcome({"year": str(year), "link": link}, write)
