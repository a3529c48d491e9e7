"""One's own wishes: for which periods they are taken, what is left to spend, and what one has wished."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from samplan.plugin_api import Conflict, Invalid, NotFound, _, current_session, now, requires
from samplan_rostering.domain.wishing import Allowance, OwnKind, OwnWish, WindowState
from samplan_rostering.models import Employee, RosterPeriod, ShiftType, WishWindow
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.own.calendar import own_periods
from samplan_rostering.queries.periods.lists import overview
from samplan_rostering.queries.requests import wishing
from samplan_rostering.services.requests.wishing import add_wish, answer, withdraw_wish
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import WishForm
from samplan_rostering.web.own.page import for_employee, show


@dataclass(frozen=True, slots=True)
class WishesIn:
    """One's own wishes in a period, its window, whether wishes are taken, and what is left to spend."""

    period: RosterPeriod
    window: WishWindow | None
    state: WindowState | None
    wishes: tuple[wishing.StoredWish, ...]
    left: Allowance
    answered: bool

    @property
    def open(self) -> bool:
        """Whether wishes are taken now."""
        return self.state is WindowState.OPEN


@blueprint.get("/own/wishes")
@requires(Allow.OWN)
@for_employee
def own_wishes(employee: Employee) -> str:
    """List the periods that one may wish for, or has wished for."""
    found = [_wishes_in(employee, period) for period in own_periods(current_session(), employee.id)]
    return show("own_wishes.html", employee, found=[each for each in found if each.window or each.wishes])


@blueprint.get("/own/wishes/<uuid:period_id>")
@requires(Allow.OWN)
@for_employee
def own_wishes_in(employee: Employee, period_id: UUID) -> str:
    """Show one's own wishes in a period, with a form for another while they are taken."""
    return _page(employee, period_id, _form(period_id))


@blueprint.post("/own/wishes/<uuid:period_id>")
@requires(Allow.OWN)
@for_employee
def add_own_wish(employee: Employee, period_id: UUID) -> Response | tuple[str, int]:
    """Take a wish."""
    form = _form(period_id)
    if not form.validate_on_submit():
        return _page(employee, period_id, form), 422
    kind = OwnKind(form.kind.data)
    shift = None if kind.whole_day else form.shift.data or None
    wish = OwnWish(form.on.data, kind, shift, form.points.data or 1)
    try:
        add_wish(current_session(), employee, period_id, wish, now())
    except (Conflict, Invalid) as error:
        form.show(error)
        return _page(employee, period_id, form), error.status
    flash(_("Your wish has been saved."), "success")
    return _back(period_id)


@blueprint.post("/own/wishes/<uuid:period_id>/<uuid:wish_id>/withdraw")
@requires(Allow.OWN)
@for_employee
def withdraw_own_wish(employee: Employee, period_id: UUID, wish_id: UUID) -> Response | tuple[str, int]:
    """Take back a wish."""
    try:
        withdraw_wish(current_session(), employee, period_id, wish_id, now())
    except Conflict as error:
        return _refused(employee, period_id, error)
    flash(_("Your wish has been withdrawn."), "success")
    return _back(period_id)


@blueprint.post("/own/wishes/<uuid:period_id>/answer")
@requires(Allow.OWN)
@for_employee
def answer_wishes(employee: Employee, period_id: UUID) -> Response | tuple[str, int]:
    """Note that one has answered."""
    try:
        answer(current_session(), employee, period_id, now())
    except Conflict as error:
        return _refused(employee, period_id, error)
    flash(_("Thank you, your answer has been noted."), "success")
    return _back(period_id)


def _back(period_id: UUID) -> Response:
    return redirect(url_for("rostering.own_wishes_in", period_id=period_id), 303)


def _refused(employee: Employee, period_id: UUID, error: Conflict) -> tuple[str, int]:
    form = _form(period_id)
    form.show(error)
    return _page(employee, period_id, form), error.status


def _form(period_id: UUID) -> WishForm:
    """Return the form with the shifts of the period's ward."""
    of_ward = (
        select(ShiftType)
        .join(RosterPeriod, RosterPeriod.ward_id == ShiftType.ward_id)
        .where(RosterPeriod.id == period_id, ~ShiftType.retired)
        .order_by(ShiftType.position, ShiftType.id)
    )
    form = WishForm()
    form.shift.choices = [
        SelectChoice(value="", label=_("any shift")),
        *(
            SelectChoice(value=row.code, label=f"{row.code} {row.name}".strip())
            for row in current_session().scalars(of_ward)
        ),
    ]
    return form


def _page(employee: Employee, period_id: UUID, form: WishForm) -> str:
    mine = next((row for row in own_periods(current_session(), employee.id) if row.id == period_id), None)
    if mine is None:
        raise NotFound(_("There is no such roster period."))
    if request.method == "GET" and form.on.data is None:
        form.on.data = mine.start_date
    found = _wishes_in(employee, mine)
    unit = overview(current_session(), period_id).unit_name
    return show("own_wishes_in.html", employee, found=found, form=form, unit=unit)


def _wishes_in(employee: Employee, period: RosterPeriod) -> WishesIn:
    session = current_session()
    window = wishing.window_of(session, period.id)
    wishes = tuple(wishing.wishes_by_employee(session, period.id, employee.id).get(employee.id, ()))
    allowance = Allowance(window.points, window.vetoes) if window else Allowance(0, 0)
    return WishesIn(
        period=period,
        window=window,
        state=wishing.state_of(window, period, now()) if window else None,
        wishes=wishes,
        left=allowance.left([stored.wish for stored in wishes]),
        answered=employee.id in wishing.answered(session, period.id),
    )
