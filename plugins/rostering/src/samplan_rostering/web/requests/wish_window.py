"""The manager's page of a period's wishes: when they are taken, what is wished, and who has not answered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, Invalid, _, current_session, current_tenant, now, requires
from samplan_rostering.domain.wishing import WindowState
from samplan_rostering.models import RosterPeriod
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.requests import wishing
from samplan_rostering.queries.requests.wish_counts import wish_weeks
from samplan_rostering.services.requests.wishing import WindowValues, set_window
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import WindowForm

USUAL_DAYS = timedelta(days=14)
CLOSING = time(16)


@blueprint.get("/periods/<uuid:period_id>/wishes")
@requires(Allow.MANAGE_WISHES)
def period_wishes(period_id: UUID) -> str:
    """Show the window, what is wished by date and shift, and who has not answered."""
    return _page(period_id, _filled(period_id))


@blueprint.post("/periods/<uuid:period_id>/wishes")
@requires(Allow.MANAGE_WISHES)
def set_wish_window(period_id: UUID) -> Response | tuple[str, int]:
    """Open the period to wishes, or change the window."""
    session, form = current_session(), WindowForm()
    starts = datetime.combine(periods.overview(session, period_id).start, time.min)
    if not form.validate_on_submit():
        return _page(period_id, form), 422
    values = WindowValues(
        opens_at=_instant(form.opens.data),
        closes_at=_instant(form.closes.data),
        points=form.points.data,
        vetoes=form.vetoes.data,
        version=form.number,
    )
    try:
        set_window(session, period_id, values, _instant(starts))
    except Invalid as error:
        form.show(error)
        return _page(period_id, form), error.status
    except Conflict as error:
        newest = _filled(period_id, fresh=True)
        newest.show(error)
        return _page(period_id, newest), error.status
    flash(_("The window for wishes has been saved."), "success")
    return redirect(url_for("rostering.period_wishes", period_id=period_id), 303)


def _instant(local: datetime) -> datetime:
    """Return a date and time of the form as an instant, by the region's clock."""
    return local.replace(tzinfo=_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(current_tenant().timezone)


def _filled(period_id: UUID, *, fresh: bool = False) -> WindowForm:
    """Return the form with the window as it is; `fresh` leaves out what was sent."""
    window = wishing.window_of(current_session(), period_id)
    if window is None:
        usual = _usual(periods.overview(current_session(), period_id).start)
        return WindowForm(formdata=None, **usual) if fresh else WindowForm(**usual)
    known = {
        "opens": window.opens_at.astimezone(_zone()).replace(tzinfo=None),
        "closes": window.closes_at.astimezone(_zone()).replace(tzinfo=None),
        "points": window.points,
        "vetoes": window.vetoes,
        "version": str(window.version),
    }
    return WindowForm(formdata=None, **known) if fresh else WindowForm(**known)


def _usual(starts: date) -> dict[str, Any]:
    """Return what is proposed for a period that begins on a date: from now on for two weeks."""
    opens = now().replace(tzinfo=None, minute=0, second=0, microsecond=0)
    closes = datetime.combine(min(opens.date() + USUAL_DAYS, starts - timedelta(days=1)), CLOSING)
    usual: dict[str, Any] = {"points": 10, "vetoes": 1}
    return usual | ({"opens": opens, "closes": closes} if opens < closes else {})


def _page(period_id: UUID, form: WindowForm) -> str:
    session = current_session()
    period = periods.overview(session, period_id)
    people = wishing.participants(session, period_id)
    window = wishing.window_of(session, period_id)
    row = session.get_one(RosterPeriod, (session.tenant_id, period_id))
    wished = wishing.wishes_by_employee(session, period_id)
    known = wishing.answered(session, period_id)
    by_code = {person.code: [stored.wish for stored in wished.get(person.id, ())] for person in people}
    state = wishing.state_of(window, row, now()) if window else None
    return render_template(
        "rostering/period_wishes.html",
        period=period,
        form=form,
        window=window,
        state=state,
        left=window.closes_at - now() if window and state is WindowState.OPEN else None,
        weeks=wish_weeks(ward_data(session, period_id), by_code),
        people=len(people),
        answered=len([person for person in people if person.id in known]),
        unanswered=[
            (person.name or person.code, person.account_id is not None, len(wished.get(person.id, ())))
            for person in people
            if person.id not in known
        ],
    )
