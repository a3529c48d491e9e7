"""One's own absences, hours and swaps: what is registered, what one asks for, and what colleagues ask."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, Invalid, NotFound, SamplanError, _, current_session, now, requires
from samplan_rostering.domain.ward import AbsenceKind
from samplan_rostering.models import AbsenceRequest, Employee
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.own.balance import own_balance as balance
from samplan_rostering.queries.own.calendar import WEEK, own_periods
from samplan_rostering.queries.own.roster import own_absences as registered
from samplan_rostering.queries.own.roster import own_shifts
from samplan_rostering.queries.requests.swaps import published_desk, swap_options, swaps_of
from samplan_rostering.services.requests.absences import Asked, ask_for_absence, withdraw_request
from samplan_rostering.services.requests.swaps import Offer, answer_swap, propose_swap, withdraw_swap
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.own.forms import AbsenceForm
from samplan_rostering.web.own.page import asked_date, for_employee, show

AHEAD = 8 * WEEK


@blueprint.get("/own/balance")
@requires(Allow.OWN)
@for_employee
def own_balance(employee: Employee) -> str:
    """Show one's own hours against the contract, and weekends, nights, holidays and wishes by period."""
    return show("own_balance.html", employee, periods=balance(current_session(), employee))


@blueprint.get("/own/absences")
@requires(Allow.OWN)
@for_employee
def own_absences(employee: Employee) -> str:
    """Show one's own absences and requests, with a form for another."""
    return _absences(employee, AbsenceForm())


@blueprint.post("/own/absences")
@requires(Allow.OWN)
@for_employee
def ask_absence(employee: Employee) -> Response | tuple[str, int]:
    """Ask for time off."""
    form = AbsenceForm()
    if not form.validate_on_submit():
        return _absences(employee, form), 422
    kind = AbsenceKind(form.kind.data)
    asked = Asked(form.first.data, form.last.data, kind, form.start.data, form.end.data)
    try:
        ask_for_absence(current_session(), employee, asked, now())
    except Invalid as error:
        form.show(error)
        return _absences(employee, form), error.status
    flash(_("Your request has been sent to the ward manager."), "success")
    return redirect(url_for("rostering.own_absences"), 303)


@blueprint.post("/own/absences/<uuid:request_id>/withdraw")
@requires(Allow.OWN)
@for_employee
def withdraw_absence(employee: Employee, request_id: UUID) -> Response | tuple[str, int]:
    """Take a request back."""
    try:
        withdraw_request(current_session(), employee, request_id, now())
    except Conflict as error:
        form = AbsenceForm(formdata=None)
        form.show(error)
        return _absences(employee, form), error.status
    flash(_("The request has been withdrawn."), "success")
    return redirect(url_for("rostering.own_absences"), 303)


def _absences(employee: Employee, form: AbsenceForm) -> str:
    session, today = current_session(), now().date()
    asked = select(AbsenceRequest).where(AbsenceRequest.employee_id == employee.id)
    return show(
        "own_absences.html",
        employee,
        form=form,
        registered=registered(session, employee.id, today - 4 * WEEK, date(9999, 1, 1)),
        requests=session.scalars(asked.order_by(AbsenceRequest.id.desc()).limit(20)).all(),
    )


@blueprint.get("/own/swaps")
@requires(Allow.OWN)
@for_employee
def own_swaps(employee: Employee) -> str:
    """Show the swaps that one gives or takes in, and the shifts that may be given."""
    return _swaps(employee)


@blueprint.get("/own/swaps/new")
@requires(Allow.OWN)
@for_employee
def new_swap(employee: Employee) -> str:
    """Show who could take the shift of a date: only those who may by the rules."""
    session, today = current_session(), now().date()
    on = asked_date("on", today)
    mine = next((s for s in own_shifts(session, employee.id, on, on) if s.on > today), None)
    desk = None if mine is None else published_desk(session, mine.period_id)
    if mine is None or desk is None:
        raise NotFound(_("You have no shift that can be swapped on that date."))
    return show(
        "own_new_swap.html", employee, shift=mine, options=swap_options(session, desk, employee, on, today)
    )


@blueprint.post("/own/swaps")
@requires(Allow.OWN)
@for_employee
def propose(employee: Employee) -> Response | tuple[str, int]:
    """Propose a swap to a colleague."""
    try:
        propose_swap(current_session(), employee, _uuid("period_id"), _offer(), now())
    except (Conflict, Invalid) as error:
        return _swaps(employee, error), error.status
    flash(_("Your proposal has been sent to the colleague."), "success")
    return redirect(url_for("rostering.own_swaps"), 303)


@blueprint.post("/own/swaps/<uuid:swap_id>/answer")
@requires(Allow.OWN)
@for_employee
def answer_own_swap(employee: Employee, swap_id: UUID) -> Response | tuple[str, int]:
    """Accept or decline a swap that a colleague proposes."""
    accept = request.form.get("accept") == "1"
    try:
        answer_swap(current_session(), employee, swap_id, accept=accept, now=now())
    except (Conflict, Invalid) as error:
        return _swaps(employee, error), error.status
    said = _("You have agreed. The ward manager decides.") if accept else _("You have declined.")
    flash(said, "success")
    return redirect(url_for("rostering.own_swaps"), 303)


@blueprint.post("/own/swaps/<uuid:swap_id>/withdraw")
@requires(Allow.OWN)
@for_employee
def withdraw_own_swap(employee: Employee, swap_id: UUID) -> Response | tuple[str, int]:
    """Take back a swap that one has proposed."""
    try:
        withdraw_swap(current_session(), employee, swap_id, now())
    except Conflict as error:
        return _swaps(employee, error), error.status
    flash(_("The swap has been withdrawn."), "success")
    return redirect(url_for("rostering.own_swaps"), 303)


def _swaps(employee: Employee, fault: SamplanError | None = None) -> str:
    session, today = current_session(), now().date()
    published = {row.id for row in own_periods(session, employee.id) if row.state == "published"}
    shifts = own_shifts(session, employee.id, today, today + AHEAD)
    return show(
        "own_swaps.html",
        employee,
        fault=None if fault is None else str(fault),
        swaps=swaps_of(session, employee.id),
        shifts=[shift for shift in shifts if shift.on > today and shift.period_id in published],
    )


def _offer() -> Offer:
    try:
        given = date.fromisoformat(request.form.get("given_on", ""))
        taken = request.form.get("taken_on", "")
        return Offer(given, _uuid("taker_id"), date.fromisoformat(taken) if taken else None)
    except ValueError as error:
        raise Invalid(_("Choose one of the colleagues in the list.")) from error


def _uuid(name: str) -> UUID:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError as error:
        raise Invalid(_("Choose one of the colleagues in the list.")) from error
