"""The pages of indicators: all with their newest value, and each with its definition and series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask_babel import format_decimal
from werkzeug.wrappers import Response

from samplan.access.policy import can, requires
from samplan.errors import Invalid, NotFound, TooMany
from samplan.i18n import _, _l
from samplan.indicators.compute import JOB
from samplan.indicators.declarations import COMPUTE, ENTER, READ
from samplan.indicators.forms import ValueForm, value_form
from samplan.indicators.group_views import group_overview
from samplan.indicators.models import IndicatorValueRow
from samplan.indicators.periods import period_label
from samplan.indicators.publish_views import published_by_period
from samplan.indicators.service import Note, catalogue, find_spec, newest_values, record_value, series
from samplan.jobs.requests import request_job
from samplan.modules.contributions import IndicatorSpec, Period, Text
from samplan.tenancy.context import current_tenant
from samplan.web.core_pages import core_pages
from samplan.web.formats import show_number
from samplan.web.locale import choose_locale
from samplan.web.request import current_core, current_principal, current_session, today

GOOD: dict[str, Text] = {
    "higher": _l("Higher is better"),
    "lower": _l("Lower is better"),
    "neutral": _l("Neither higher nor lower is better"),
}
PERIODS: dict[str, Text] = {
    "week": _l("Week"),
    "month": _l("Month"),
    "quarter": _l("Quarter"),
    "half_year": _l("Half-year"),
    "year": _l("Year"),
}
ORIGINS: dict[str, Text] = {"computed": _l("Computed"), "manual": _l("Entered by hand")}


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value ready for a template, in the language of the request."""

    period: str
    value: str
    numerator: str
    denominator: str
    row: IndicatorValueRow
    earlier: tuple[ValueView, ...] = ()


@core_pages.get("/t/<tenant>/indicators")
@requires(READ)
def indicators() -> str:
    """Show every indicator with its newest value, by module; to a group first what its members published."""
    newest, group = newest_values(current_session()), group_overview()
    groups = [
        (module, [(spec, _view(spec, newest[spec.name]) if spec.name in newest else None) for spec in specs])
        for module, specs in catalogue(current_core().modules, current_tenant().enabled_modules)
    ]
    if group:  # values of its own, where it has any; the regions' come first
        groups = [(module, specs) for module, specs in groups if any(value for _spec, value in specs)]
    return render_template("core/indicators.html", groups=groups, periods=PERIODS, group=group)


@core_pages.get("/t/<tenant>/indicators/<name>")
@requires(READ)
def indicator(name: str) -> str:
    """Show what an indicator is, where it comes from, and its series."""
    spec = _spec(name)
    enters = spec.compute is None and can(current_principal(), ENTER)
    return _page(spec, _form(spec) if enters else None)


@core_pages.post("/t/<tenant>/indicators/<name>")
@requires(ENTER)
def enter_indicator(name: str) -> Response | tuple[str, int]:
    """Record a value that was entered by hand."""
    spec = _spec(name)
    if spec.compute is not None:
        raise NotFound(_("Values of this indicator are computed, not entered."))
    form = _form(spec)
    if form.validate():
        note = Note("manual", form.source.data, form.comment.data, current_principal().account_id)
        try:
            row = record_value(current_session(), spec, form.chosen(spec), form.entered(), note)
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The value is recorded.") if row else _("The value was so already."), "success")
            return redirect(url_for("core.indicator", name=name))
    return _page(spec, form), 422


@core_pages.post("/t/<tenant>/indicators/<name>/compute")
@requires(COMPUTE)
def compute_indicator(name: str) -> Response:
    """Have an indicator computed anew for its latest periods."""
    spec = _spec(name)
    if spec.compute is None:
        raise NotFound(_("Values of this indicator are entered by hand."))
    try:
        run = request_job(JOB, {"indicator": name}, subject=f"indicator:{name}")
    except TooMany as error:
        flash(str(error), "warning")
        return redirect(url_for("core.indicator", name=name))
    return redirect(url_for("core.job", run_id=run.id))


def _spec(name: str) -> IndicatorSpec:
    return find_spec(current_core().modules, current_tenant().enabled_modules, name)


def _form(spec: IndicatorSpec) -> ValueForm:
    return value_form(spec, today(), choose_locale())


def _page(spec: IndicatorSpec, form: ValueForm | None) -> str:
    found = series(current_session(), spec.name)
    group = group_overview()
    values = [_view(spec, item.current, item.earlier) for item in found]
    return render_template(
        "core/indicator.html",
        spec=spec,
        values=values,
        form=form,
        good=GOOD[spec.good],
        period=PERIODS[spec.period],
        origins=ORIGINS,
        computed=spec.compute is not None,
        published=group.series(spec.name) if group else None,
        shared=published_by_period(spec.name),
    )


def _view(
    spec: IndicatorSpec, row: IndicatorValueRow, earlier: Iterable[IndicatorValueRow] = ()
) -> ValueView:
    return ValueView(
        period=period_label(spec.period, Period(row.period_start, row.period_end), choose_locale()),
        value=show_number(row.value, spec.decimals),
        numerator=_plain(row.numerator),
        denominator=_plain(row.denominator),
        row=row,
        earlier=tuple(_view(spec, old) for old in earlier),
    )


def _plain(number: Decimal | None) -> str:
    return "" if number is None else str(format_decimal(number.normalize()))
