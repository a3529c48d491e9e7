"""The page of a period's balances, as a page and a workbook; carrying them on; the region's own rates."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from samplan.plugin_api import (
    Conflict,
    PageForm,
    _,
    _l,
    current_core,
    current_session,
    download,
    requires,
    settings_of,
)
from samplan_rostering import labels
from samplan_rostering.balance_book import write_balances
from samplan_rostering.domain.unsocial import PAY_CLASSES, pay_class
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.outcome.balances import Balances, balances
from samplan_rostering.queries.outcome.days import Outcome, outcome
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.services.outcome.edit import locked_outcome
from samplan_rostering.services.outcome.rates import set_rate
from samplan_rostering.services.periods.carrying import carry_on, next_period
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import FiniteDecimalField


class RateForm(PageForm):
    """What an hour of a class gives in the region, from a date."""

    unsocial_class = SelectField(_l("Unsocial hours or duty"), validators=[InputRequired()])
    valid_from = DateField(_l("Valid from"), validators=[InputRequired(_l("Choose a date."))])
    amount = FiniteDecimalField(
        _l("Kronor an hour"), validators=[InputRequired(), NumberRange(0, 10_000)], places=2
    )
    source = StringField(
        _l("Source"),
        validators=[InputRequired(), Length(max=200)],
        description=_l("The agreement or decision that it stands in."),
    )


@blueprint.get("/periods/<uuid:period_id>/balances")
@requires(Allow.READ_OUTCOME)
def period_balances(period_id: UUID) -> str:
    """Show what a period's work comes to, for each and for the ward."""
    return _page(outcome(current_session(), period_id), _rate_form())


@blueprint.get("/periods/<uuid:period_id>/balances.xlsx")
@requires(Allow.READ_OUTCOME)
def balances_workbook(period_id: UUID) -> Response:
    """Answer the balances as a workbook."""
    found = outcome(current_session(), period_id)
    period = periods.overview(current_session(), period_id)
    content = write_balances(_counted(found), created=current_core().clock.now())
    return download(
        content, _("Balances %(unit)s %(start)s", unit=period.unit_name, start=period.start), "xlsx"
    )


@blueprint.post("/periods/<uuid:period_id>/balances/carry")
@requires(Allow.WRITE_OUTCOME)
def carry_balances(period_id: UUID) -> Response | tuple[str, int]:
    """Carry the outcome into the ward's next period."""
    session = current_session()
    found = locked_outcome(session, period_id)
    try:
        carried = carry_on(session, found, _counted(found))
    except Conflict as conflict:
        return _page(found, _rate_form(), refused=str(conflict)), 409
    told = _(
        "%(shifts)s shifts and the balances of %(people)s employees are carried on.",
        shifts=carried.shifts,
        people=carried.people,
    )
    flash(told, "success")
    return redirect(url_for("rostering.period_balances", period_id=period_id), 303)


@blueprint.post("/periods/<uuid:period_id>/balances/rates")
@requires(Allow.WRITE_OUTCOME)
def enter_rate(period_id: UUID) -> Response | tuple[str, int]:
    """Enter what an hour of a class gives in the region."""
    form = _rate_form()
    found = outcome(current_session(), period_id)
    if not form.validate_on_submit():
        return _page(found, form), 422
    kind = pay_class(form.unsocial_class.data)
    set_rate(current_session(), kind, form.valid_from.data, form.amount.data, form.source.data.strip())
    flash(_("Saved."), "success")
    return redirect(url_for("rostering.period_balances", period_id=period_id), 303)


def _rate_form() -> RateForm:
    form = RateForm()
    form.unsocial_class.choices = [(kind.value, labels.UNSOCIAL[kind]) for kind in PAY_CLASSES]
    return form


def _counted(found: Outcome) -> Balances:
    settings = settings_of(current_core().modules, current_session(), blueprint.name)
    return balances(current_session(), found, by_month=settings["overtime_reference"] == "month")


def _page(found: Outcome, form: RateForm, refused: str = "") -> str:
    session = current_session()
    following = next_period(session, found.period)
    return render_template(
        "rostering/balances.html",
        period=periods.overview(session, found.period.id),
        found=found,
        counted=_counted(found),
        following=None if following is None else periods.overview(session, following.id),
        form=form,
        refused=refused,
    )
