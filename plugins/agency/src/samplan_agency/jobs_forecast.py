"""Background work: the forecast of a year."""

from __future__ import annotations

from typing import Any

from samplan.plugin_api import JobContext, JobFailed, Outcome, TenantSession, _l, new_id, settings_of
from samplan_agency.domain.outlook import outlook
from samplan_agency.queries.forecast_given import given
from samplan_agency.services.forecasts import keep_forecast

READING, FORECASTING = _l("Reading outcome, budget and measures"), _l("Forecasting")
NOTHING = _l("There is no outcome up to the chosen month.")


def make_forecast(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Forecast a year from the outcome up to a month, and keep it.

    Raises:
        JobFailed: there is no outcome to forecast from.
    """
    ctx.progress(pct=0, phase=READING)
    year, as_of = params["year"], params["as_of"]
    with ctx.unit_of_work() as session:
        provisional = settings_of(ctx.modules, session, "agency")["provisional_months"]
        known = given(session, year, as_of, provisional)
    if known is None:
        raise JobFailed("no_outcome", str(NOTHING))
    ctx.progress(pct=20, phase=FORECASTING)
    found = outlook(known)
    forecast_id, now = new_id(), ctx.clock.now()

    def write(session: TenantSession) -> None:
        keep_forecast(session, forecast_id, known, found, ctx.run_id, now)

    link = {"endpoint": "agency.kept_forecast_page", "values": {"forecast_id": str(forecast_id)}}
    return Outcome({"year": year, "link": link}, write)
