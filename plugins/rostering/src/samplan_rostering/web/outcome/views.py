"""The pages on what was worked in a period: the table of it, one date of a person, and confirming."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    NotFound,
    _,
    current_session,
    ngettext,
    requires,
    today,
)
from samplan_rostering.domain.disturbance import SOURCE
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.outcome.days import Outcome, Rostered, outcome
from samplan_rostering.queries.outcome.rest import people_owed
from samplan_rostering.queries.outcome.table import outcome_table
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.services.outcome.edit import (
    Place,
    confirm,
    enter,
    locked_outcome,
    next_number,
    remove,
    stored,
)
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.outcome.forms import ConfirmForm, WorkForm, default_through


@blueprint.get("/periods/<uuid:period_id>/outcome")
@requires(Allow.READ_OUTCOME)
def period_outcome(period_id: UUID) -> str:
    """Show what was worked in a period, beside what was rostered."""
    found = outcome(current_session(), period_id)
    form = ConfirmForm(through=default_through(found, today()))
    return _outcome_page(found, form)


@blueprint.post("/periods/<uuid:period_id>/outcome/confirm")
@requires(Allow.WRITE_OUTCOME)
def confirm_outcome(period_id: UUID) -> Response | tuple[str, int]:
    """Confirm the roster up to a date as worked."""
    found = locked_outcome(current_session(), period_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _outcome_page(found, form), 422
    count = confirm(current_session(), found, form.through.data)
    flash(ngettext("%(num)d shift is confirmed.", "%(num)d shifts are confirmed.", count), "success")
    return redirect(url_for("rostering.period_outcome", period_id=period_id), 303)


@blueprint.get("/periods/<uuid:period_id>/outcome/<uuid:employee_id>/<day>/<int:number>")
@requires(Allow.WRITE_OUTCOME)
def worked_day(period_id: UUID, employee_id: UUID, day: str, number: int) -> str:
    """Show the form on how a date of a person turned out; number 0 is the rostered shift."""
    found, place = outcome(current_session(), period_id), Place(employee_id, _date(day), number)
    return _day_page(found, place, _form(found, place))


@blueprint.post("/periods/<uuid:period_id>/outcome/<uuid:employee_id>/<day>/<int:number>")
@requires(Allow.WRITE_OUTCOME)
def enter_day(period_id: UUID, employee_id: UUID, day: str, number: int) -> Response | tuple[str, int]:
    """Store how a date of a person turned out."""
    session = current_session()
    found, place = locked_outcome(session, period_id), Place(employee_id, _date(day), number)
    form = _form(found, place)
    if not form.validate_on_submit():
        return _day_page(found, place, form), 422
    try:
        enter(session, found, place, form.entry(), version=form.expected)
    except Conflict as conflict:
        newest = WorkForm.of(found, number, stored(found, place), _rostered(found, place), fresh=True)
        return _day_page(found, place, newest, outdated=str(conflict)), 409
    except Invalid as fault:
        form.kind.errors = [*form.kind.errors, str(fault)]
        return _day_page(found, place, form), 422
    flash(_("Saved."), "success")
    return redirect(f"{url_for('rostering.period_outcome', period_id=period_id)}#person-{employee_id}", 303)


@blueprint.post("/periods/<uuid:period_id>/outcome/<uuid:employee_id>/<day>/<int:number>/remove")
@requires(Allow.WRITE_OUTCOME)
def remove_day(period_id: UUID, employee_id: UUID, day: str, number: int) -> Response | tuple[str, int]:
    """Take back what was entered of a date."""
    session = current_session()
    found, place = locked_outcome(session, period_id), Place(employee_id, _date(day), number)
    form = _form(found, place)
    try:
        remove(session, found, place, version=form.expected)
    except Conflict as conflict:
        newest = WorkForm.of(found, number, stored(found, place), _rostered(found, place), fresh=True)
        return _day_page(found, place, newest, outdated=str(conflict)), 409
    flash(_("What was entered is removed."), "success")
    return redirect(url_for("rostering.period_outcome", period_id=period_id), 303)


def _form(found: Outcome, place: Place) -> WorkForm:
    found.person(place.employee_id)
    if not found.period.start_date <= place.on <= found.period.end_date:
        raise NotFound(_("The date is outside the period."))
    return WorkForm.of(found, place.number, stored(found, place), _rostered(found, place))


def _rostered(found: Outcome, place: Place) -> Rostered | None:
    return None if place.number else found.rostered.get((place.employee_id, place.on))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(_("There is no such date.")) from error


def _outcome_page(found: Outcome, form: ConfirmForm) -> str:
    return render_template(
        "rostering/outcome.html",
        period=periods.overview(current_session(), found.period.id),
        found=found,
        table=outcome_table(found),
        owed=people_owed(current_session(), found),
        source=SOURCE,
        form=form,
        ahead=found.period.end_date > today(),
    )


def _day_page(found: Outcome, place: Place, form: WorkForm, outdated: str = "") -> str:
    return render_template(
        "rostering/worked_day.html",
        period=periods.overview(current_session(), found.period.id),
        found=found,
        person=found.person(place.employee_id),
        place=place,
        row=stored(found, place),
        rows=found.worked.get((place.employee_id, place.on), ()),
        rostered=found.rostered.get((place.employee_id, place.on)),
        another=next_number(found, place.employee_id, place.on),
        form=form,
        outdated=outdated,
    )
