"""The page of hours that costs are expected by: entered, changed and deleted."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    NotFound,
    VersionForm,
    _,
    current_core,
    current_session,
    requires,
)
from samplan_agency.domain.months import Months, month_of
from samplan_agency.models import Exposure
from samplan_agency.permissions import Allow
from samplan_agency.queries.accrual.exposure import delivered_hours, entered_rows
from samplan_agency.queries.agreements.mean_prices import mean_prices
from samplan_agency.queries.unit_tree import unit_tree
from samplan_agency.services.accrual.exposure import delete_hours, enter_hours, same_cell
from samplan_agency.web.accrual.forms import MONTHS, HoursForm
from samplan_agency.web.blueprint import blueprint

Page = str | tuple[str, int]


@blueprint.get("/accrual/hours")
@requires(Allow.READ)
def exposure() -> str:
    """Show the hours that were entered or delivered, with a form for more."""
    row = None
    if request.args.get("change"):
        row = next((row for row in _rows() if str(row.id) == request.args["change"]), None)
        if row is None:
            raise NotFound(_("There are no such hours."))
    return _page(HoursForm.of(row, _units()))


@blueprint.post("/accrual/hours")
@requires(Allow.WRITE_ACCRUAL)
def enter_exposure() -> Response | Page:
    """Enter hours, or change those that are there."""
    session, form = current_session(), HoursForm.of(None, _units())
    if not form.validate_on_submit():
        return _page(form), 422
    given = None
    try:
        given = form.given()
        enter_hours(session, given, version=form.number, now=current_core().clock.now())
    except Invalid as error:
        form.show(error)
        return _page(form), 422
    except Conflict as error:
        newest = same_cell(session, given) if given else None
        if newest is not None:
            form.fill(newest)
        form.show(error)
        return _page(form), 409
    flash(_("The hours are kept."), "success")
    return redirect(url_for("agency.exposure"), 303)


@blueprint.post("/accrual/hours/<uuid:exposure_id>/delete")
@requires(Allow.WRITE_ACCRUAL)
def delete_exposure(exposure_id: UUID) -> Response | Page:
    """Delete hours."""
    try:
        delete_hours(current_session(), exposure_id, version=VersionForm().number)
    except Conflict as error:
        form = HoursForm.of(None, _units())
        form.show(error)
        return _page(form), 409
    flash(_("The hours are deleted."), "success")
    return redirect(url_for("agency.exposure"), 303)


def _rows() -> list[Exposure]:
    return list(entered_rows(current_session()))


def _units() -> list[tuple[UUID, str]]:
    units = sorted(unit_tree(current_session()).units.values(), key=lambda unit: unit.code)
    return [(unit.id, f"{unit.name} ({unit.code})") for unit in units if unit.kind != "region"]


def _page(form: HoursForm) -> str:
    session = current_session()
    prices, names = mean_prices(session), unit_tree(session)
    rows = _rows()
    agreed = {row.id: prices.of(row.unit_id, row.category, row.month) for row in rows if not row.per_hour}
    last = month_of(current_core().clock.now().date())
    delivered: dict[tuple[date, str, str | None], Decimal] = defaultdict(Decimal)
    for (month, _unit, category), by_class in delivered_hours(session, Months.rolling(last, MONTHS)).items():
        for time_class, hours in by_class.items():
            delivered[month, category, time_class] += hours
    return render_template(
        "agency/exposure.html",
        form=form,
        rows=rows,
        agreed=agreed,
        names=names,
        delivered=sorted(delivered.items(), key=str, reverse=True),
    )
