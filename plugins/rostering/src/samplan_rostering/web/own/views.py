"""The roster of whoever signs in: by week and by month."""

from __future__ import annotations

from samplan.plugin_api import current_session, now, requires
from samplan_rostering.models import Employee
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.own import calendar
from samplan_rostering.queries.own.roster import next_shift_date
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.own.page import asked_date, for_employee, show

SHOWN_WEEKS = 6


@blueprint.get("/own/")
@requires(Allow.OWN)
@for_employee
def own_roster(employee: Employee) -> str:
    """List one's own shifts and absences by week: from this week, or the week of the next shift."""
    session, today = current_session(), now().date()
    begin = calendar.monday_of(asked_date("from", next_shift_date(session, employee.id, today) or today))
    return show(
        "own_roster.html",
        employee,
        weeks=calendar.own_weeks(session, employee.id, begin, SHOWN_WEEKS, today),
        earlier=begin - SHOWN_WEEKS * calendar.WEEK,
        later=begin + SHOWN_WEEKS * calendar.WEEK,
        month=begin.replace(day=1),
        today=today,
    )


@blueprint.get("/own/month")
@requires(Allow.OWN)
@for_employee
def own_month(employee: Employee) -> str:
    """Show one's own shifts and absences in a month."""
    session, today = current_session(), now().date()
    month = asked_date("month", next_shift_date(session, employee.id, today) or today).replace(day=1)
    return show(
        "own_month.html",
        employee,
        month=month,
        weeks=calendar.own_month(session, employee.id, month, today),
        earlier=calendar.previous_month(month),
        later=calendar.following_month(month),
    )
