"""The forecast of a year: its tables and picture, earlier ones, the workbook, and the form for a new one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from samplan.plugin_api import (
    Invalid,
    JobRun,
    NotFound,
    PageForm,
    _,
    _l,
    can,
    current_core,
    current_principal,
    current_session,
    download,
    options,
    request_job,
    requires,
    run_view,
    show_month,
)
from samplan_agency.declarations import FORECAST
from samplan_agency.domain.forecast_table import by_division, by_type, changes, points, result
from samplan_agency.domain.interval import least_months
from samplan_agency.domain.months import month_of, plus_months
from samplan_agency.domain.outlook import Cell, Row
from samplan_agency.forecast_book import forecast_book
from samplan_agency.permissions import Allow
from samplan_agency.queries.forecast.given import ledger_months
from samplan_agency.queries.forecast.kept import KeptForecast, forecasts, kept_forecast, rests_on
from samplan_agency.queries.runs import newest_run
from samplan_agency.services.forecast.kept import check_wanted
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.forecast.chart import draw_months
from samplan_agency.web.forms import NEEDED

SUBJECT = "agency-forecast"
NO_DIVISION = "none"
Answer = Response | tuple[str, int]


class ForecastForm(PageForm):
    """Which year is to be forecast, from the outcome up to which month."""

    year = IntegerField(_l("Year"), [InputRequired(NEEDED), NumberRange(2000, 2100)])
    as_of = SelectField(
        _l("Outcome up to"),
        [InputRequired(NEEDED)],
        description=_l(
            "Later months are forecast. What is not invoiced of months up to it is taken from the accrual."
        ),
    )


@blueprint.get("/forecast")
@requires(Allow.READ)
def forecast() -> str:
    """Show the newest forecast."""
    known = forecasts(current_session())
    return _page(kept_forecast(current_session(), known[0].id) if known else None, _form())


@blueprint.post("/forecast")
@requires(Allow.WRITE_FORECAST)
def ask_forecast() -> Answer:
    """Have a forecast made."""
    form = _form()
    if form.validate_on_submit():
        try:
            check_wanted(current_session(), form.year.data, date.fromisoformat(form.as_of.data))
            request_job(FORECAST, {"year": form.year.data, "as_of": form.as_of.data}, subject=SUBJECT)
            return redirect(url_for("agency.forecast"), 303)
        except Invalid as error:
            form.show(error)
    known = forecasts(current_session())
    return _page(kept_forecast(current_session(), known[0].id) if known else None, form), 422


@blueprint.get("/forecasts/<uuid:forecast_id>")
@requires(Allow.READ)
def kept_forecast_page(forecast_id: UUID) -> str:
    """Show a forecast as it was made."""
    return _page(kept_forecast(current_session(), forecast_id), _form())


@blueprint.get("/forecasts/<uuid:forecast_id>/forecast.xlsx")
@requires(Allow.READ)
def forecast_file(forecast_id: UUID) -> Response:
    """Answer the tables of a forecast as a workbook."""
    kept = kept_forecast(current_session(), forecast_id)
    content = forecast_book(kept, current_core().clock.now())
    name = _("Forecast %(year)s number %(number)s", year=kept.forecast.year, number=kept.forecast.number)
    return download(content, name, "xlsx")


def _form() -> ForecastForm:
    """Return the form with the months that have an outcome, and the latest that has ended."""
    session = current_session()
    known, ended = ledger_months(session), plus_months(month_of(current_core().clock.now().date()), -1)
    months = [] if known is None else list(known)[::-1]
    newest = next((month for month in months if month <= ended), months[0] if months else None)
    form = ForecastForm(
        year=None if newest is None else newest.year + (newest.month == 12),
        as_of=None if newest is None else newest.isoformat(),
    )
    form.as_of.choices = options((month.isoformat(), show_month(month)) for month in months)
    return form


def _page(kept: KeptForecast | None, form: ForecastForm) -> str:
    run = newest_run(current_session(), SUBJECT)
    return render_template(
        "agency/forecast.html",
        kept=kept,
        form=form,
        others=forecasts(current_session()),
        run=None if run is None or not _tells(run) else run_view(run),
        has_outcome=bool(form.as_of.choices),
        **({} if kept is None else _tables(kept)),
    )


def _tells(run: JobRun) -> bool:
    """Tell whether the newest run is still news: who may ask for one sees it until it has succeeded."""
    return run.status != "succeeded" and can(current_principal(), Allow.WRITE_FORECAST)


def _tables(kept: KeptForecast) -> dict[str, Any]:
    chosen, rows = _chosen(kept)
    known = kept.known
    month_points = points(rows, known, kept.forecast.year) if rows else []
    revenue, cost, net = result(rows, known)
    return {
        "chosen": chosen,
        "result": (revenue, cost, net) if any(row.cell.kind == "revenue" for row in rows) else (cost,),
        "net": net,
        "divisions": by_division(kept.rows, known, list(kept.names)),
        "whole": result(kept.rows, known)[2],
        "types": by_type(rows, known),
        "changes": changes(rows, known),
        "points": month_points,
        "picture": draw_months(month_points) if month_points else None,
        "least_months": least_months(12 - known) if known < 12 else 0,
        "parts_of": _parts(rows),
        "sources": rests_on(current_session(), kept.forecast),
        "counted": [one for one in kept.counted if _within(one.cell, chosen)],
        "left_out": [one for one in kept.left_out if _within(one.cell, chosen)],
    }


def _parts(rows: tuple[Row, ...]) -> dict[str, Decimal]:
    """Return what the net is made of, in the result's sign."""
    found = {
        name: -sum((getattr(row, name) for row in rows), Decimal(0))
        for name in ("outcome", "drawn", "plan", "measures")
    }
    accrued = -sum((sum(row.accrued, Decimal(0)) for row in rows), Decimal(0))
    return {**found, "accrued": accrued, "invoiced": found["outcome"] - accrued}


def _chosen(kept: KeptForecast) -> tuple[str, tuple[Row, ...]]:
    """Return the division that is asked for, and its rows; raises `NotFound` for another."""
    asked = request.args.get("division", "")
    if not asked:
        return "", kept.rows
    rows = tuple(row for row in kept.rows if _within(row.cell, asked))
    if not rows:
        raise NotFound(_("The forecast has no such division."))
    return asked, rows


def _within(cell: Cell, chosen: str) -> bool:
    """Tell whether a row belongs to the chosen division, or whether none is chosen."""
    return not chosen or chosen == (str(cell.division) if cell.division else NO_DIVISION)
