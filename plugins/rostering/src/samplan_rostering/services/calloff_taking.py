"""Giving a shift that lacks people to somebody of the own staff."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering.models import CallOffLine, RosterPeriod
from samplan_rostering.queries.chain import chain
from samplan_rostering.services.edit_cells import Wanted
from samplan_rostering.services.edits import Edited, Editor, edit_roster


def give_line(
    session: TenantSession, period_id: UUID, line_id: UUID, *, seen: int, employee: str, editor: Editor
) -> Edited:
    """Give a line's shift to one of the own staff who can take it, into the roster's log.

    Raises:
        NotFound: no such line.
        Conflict: the line or the roster is another by now than was seen, or needs nobody any more.
        Invalid: a rule or a limit speaks against it, or what `edit_roster` refuses.
    """
    # The period first, as whoever lists the lines anew does.
    session.get(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    where = CallOffLine.period_id == period_id, CallOffLine.id == line_id
    row = session.scalar(select(CallOffLine).where(*where).with_for_update())
    if row is None:
        raise NotFound(_("There is no such line."))
    if row.version != seen or row.state in {"filled", "withdrawn"}:
        raise Conflict(_("Lines have changed meanwhile. This is what they say now."))
    found = chain(session, period_id, line_id)
    if found.roster is None:
        raise Conflict(_("The period has no roster yet."))
    if employee not in {taker.employee for taker in found.own if taker.fits}:
        message = _("A rule or a limit speaks against it. The list says which.")
        raise Invalid(message, {"employee": [message]})
    made = edit_roster(session, found.roster.id, editor, [Wanted(employee, row.on_date, found.line.shift)])
    row.people -= 1
    row.state = "own_staff" if row.people else "filled"
    row.version, row.updated_at = row.version + 1, func.now()
    after = {"state": row.state, "lines": 1}
    record(session, "calloff.taken", "rostering.period", period_id, after=after)
    session.flush()
    return made
