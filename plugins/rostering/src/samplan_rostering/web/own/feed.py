"""The calendar of whoever signs in: its address, and what a calendar gets there."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from samplan.plugin_api import _, by_token, current_core, current_session, now, requires
from samplan_rostering.calendar_file import write_calendar
from samplan_rostering.models import Employee
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.publishing.shifts import own_published
from samplan_rostering.services.publishing.feeds import feed_of, make_feed, open_feed, revoke_feed
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.own.page import for_employee, own_links, show

_BACK = timedelta(days=60)  # how far a calendar shows what has been worked


@blueprint.get("/own/calendar")
@requires(Allow.OWN)
@for_employee
def own_feed(employee: Employee) -> str:
    """Show whether there is an address for one's calendar."""
    return show("own_feed.html", employee, feed=feed_of(current_session(), employee.id))


@blueprint.post("/own/calendar")
@requires(Allow.OWN)
@for_employee
def make_own_feed(employee: Employee) -> BaseResponse:
    """Make an address, and show it this once."""
    token = make_feed(current_session(), employee.id, now=current_core().clock.now())
    url = url_for("rostering.calendar_feed", token=token, _external=True)
    page = render_template("rostering/own_feed_made.html", employee=employee, own_links=own_links(), url=url)
    return Response(page)


@blueprint.post("/own/calendar/revoke")
@requires(Allow.OWN)
@for_employee
def revoke_own_feed(employee: Employee) -> BaseResponse:
    """End the address."""
    revoke_feed(current_session(), employee.id, now=current_core().clock.now())
    flash(_("The calendar address no longer works."), "success")
    return redirect(url_for("rostering.own_feed"), 303)


@blueprint.get("/calendar/<token>.ics")
@by_token
def calendar_feed(token: str) -> Response:
    """Answer a calendar with its owner's published shifts."""
    session = current_session()
    employee_id = open_feed(session, token, now=current_core().clock.now())
    shifts = own_published(session, employee_id, now().date() - _BACK)
    content = write_calendar(employee_id, shifts, title=_("My roster"))
    return Response(content, mimetype="text/calendar", headers={"Cache-Control": "private, no-store"})
