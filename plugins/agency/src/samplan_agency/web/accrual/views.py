"""The page of accruals: what is still to be invoiced, and keeping it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    NotFound,
    RosteredHours,
    _,
    current_core,
    current_principal,
    current_session,
    find,
    requires,
    show_month,
)
from samplan_agency.domain.months import month_of, plus_months
from samplan_agency.permissions import Allow
from samplan_agency.queries.accrual.shares import shares
from samplan_agency.queries.accrual.valuations import Tested, back_tests, kept_valuations, open_proposal
from samplan_agency.queries.accrual.valuing import Proposal, Wanted, booked_months, value
from samplan_agency.queries.names import supplier_names
from samplan_agency.services.accrual.valuations import keep_valuation
from samplan_agency.web.accrual.chart import Bar, draw
from samplan_agency.web.accrual.forms import ValuationForm, asked_fields
from samplan_agency.web.blueprint import blueprint

Page = str | tuple[str, int]
SHADES = 5
"""Steps of colour in the table of work months and lags."""


@blueprint.get("/accrual")
@requires(Allow.READ)
def accrual() -> Page:
    """Show what is still to be invoiced, by the method that is asked for or else recommended."""
    form, usual, empty = _asked()
    if empty:
        return render_template("agency/accrual.html", form=form, found=None, fault="", proposal=None)
    if not form.validate():
        return _page(form, Wanted(usual)), 422
    return _page(form, form.wanted(usual))


@blueprint.post("/accrual/keep")
@requires(Allow.WRITE_ACCRUAL)
def keep_accrual() -> Response | Page:
    """Keep the valuation as it was shown."""
    form, usual, empty = _asked()
    if empty:
        raise NotFound(_("Nothing is booked that a valuation could rest on."))
    if not form.validate_on_submit():
        return _page(form, Wanted(usual)), 422
    wanted = form.wanted(usual)
    found = _valued(wanted)
    if isinstance(found, str) or (seen := _amount(form.seen.data)) is None:
        return _page(form, wanted), 422
    by, now = current_principal().account_id, current_core().clock.now()
    try:
        kept = keep_valuation(current_session(), found, by=by, now=now, seen=seen)
    except Conflict as error:
        form.show(error)
        return _page(form, wanted), 409
    flash(_("The valuation is kept."), "success")
    return redirect(url_for("agency.valuation", valuation_id=kept.id), 303)


def _asked() -> tuple[ValuationForm, date, bool]:
    """Return the form, the month where none is chosen, and whether nothing is booked by the chosen source.

    That month is the newest booked one that has ended, or else the oldest.
    """
    source = "invoices" if request.values.get("source") == "invoices" else "ledger"
    booked = booked_months(current_session(), source)
    ended = plus_months(month_of(current_core().clock.now().date()), -1)
    usual = next((month for month in booked if month <= ended), booked[-1] if booked else ended)
    return ValuationForm.asked(booked, usual), usual, not booked


def _amount(text: str | None) -> Decimal | None:
    try:
        amount = Decimal(text or "")
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _valued(wanted: Wanted) -> Proposal | str:
    """Return the valuation, or why there is none."""
    from samplan_agency.domain.triangle import TriangleFault

    try:
        found = value(current_session(), wanted, find(RosteredHours))
    except TriangleFault:
        return _("Too little is booked to judge how late invoices are. Choose other months, or count more.")
    return found or _("Nothing is booked of these months.")


def _page(form: ValuationForm, wanted: Wanted) -> str:
    session = current_session()
    found = _valued(wanted)
    shown = {
        "form": form,
        "wanted": wanted,
        "asked": asked_fields(wanted),
        "chosen": bool(wanted.work_months or wanted.booked_months or wanted.halved),
        "proposal": open_proposal(session),
        "kept": kept_valuations(session, limit=12),
    }
    if isinstance(found, str):
        return render_template("agency/accrual.html", found=None, fault=found, **shown)
    to_come = {row.month: row.reserve.mean for row in found.valued.rows}
    tests = back_tests(session, to_come, wanted.booked_to, wanted.source)
    return render_template(
        "agency/accrual.html",
        found=found,
        fault="",
        shades=_shades(found),
        chart=draw([_bar(row) for row in found.valued.rows]),
        shares=shares(session, found.parts, found.valued.total.error),
        tests=tests,
        tests_chart=_tests_chart(tests),
        suppliers={str(key): name for key, name in supplier_names(session).items()},
        departing=[month for month in found.booking_months if month.departs],
        **shown,
    )


def _bar(row: Any) -> Bar:
    low, high = row.reported + row.reserve.p10, row.reported + row.reserve.p90
    return Bar(show_month(row.month), row.reported, row.reserve.mean, low, high)


def _tests_chart(tests: Sequence[Tested]) -> Any:
    """Return the picture of what was accrued, with its range, and a dot for the outcome."""
    return draw(
        [
            Bar(
                show_month(tested.valuation.booked_to),
                Decimal(0),
                tested.test.held.accrued,
                tested.test.held.p10,
                tested.test.held.p90,
                tested.test.outcome,
            )
            for tested in tests
        ]
    )


def _shades(found: Proposal) -> Mapping[tuple[date, int], int]:
    """Return a step of colour for each month and lag: by its share of what the month will come to."""
    shades = {}
    for row in found.valued.rows:
        for lag in range(found.table.known(row.month)):
            amount = found.table.amounts.get((row.month, lag), Decimal(0))
            if amount > 0 and row.ultimate > 0:
                shades[row.month, lag] = min(int(amount / row.ultimate * SHADES) + 1, SHADES)
    return shades
