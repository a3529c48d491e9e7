"""What goes with a person's erasure beside the roster: words in consultation, and calendar addresses."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select, update

from samplan.plugin_api import TenantSession, _l
from samplan_rostering.models import CalendarFeed, Employee, PeriodComment

WORDS = {
    "rostering.period_comment": _l("Comments on rosters in consultation: name and text are removed"),
    "rostering.calendar_feed": _l("Calendar addresses: deleted"),
}


def erase_words(
    session: TenantSession, account_id: UUID | None, employee: Employee | None, *, dry_run: bool
) -> dict[str, int]:
    """Take words and account away from what somebody said of rosters, and delete the calendar addresses.

    That something was said stays. Returns the rows by table, without those that have none.
    """
    own = CalendarFeed.employee_id == (employee.id if employee else None)
    said = PeriodComment.by == account_id
    rows = {
        "rostering.period_comment": session.scalar(
            select(func.count()).select_from(PeriodComment).where(said)
        ),
        "rostering.calendar_feed": session.scalar(select(func.count()).select_from(CalendarFeed).where(own)),
    }
    if not dry_run:
        unsynchronised = {"synchronize_session": False}
        session.execute(
            update(PeriodComment).where(said).values(text="", by=None), execution_options=unsynchronised
        )
        session.execute(delete(CalendarFeed).where(own), execution_options=unsynchronised)
    return {table: count for table, count in rows.items() if count}
