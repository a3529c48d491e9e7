"""Giving a shift that lacks people to somebody of the own staff, or of an internal unit."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering.models import CallOffLine, Roster, RosterPeriod
from samplan_rostering.queries.hired.chain import chain
from samplan_rostering.queries.rosters.standing import AWAY
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Edited, Editor, edit_roster


def give_line(
    session: TenantSession, period_id: UUID, line_id: UUID, *, seen: int, employee: str, editor: Editor
) -> Edited:
    """Give a line's shift to one of the own staff who can take it, into the roster's log.

    Raises:
        NotFound: no such line.
        Conflict: the line or the roster is another by now than was seen, or needs nobody any more.
        Invalid: a rule or a limit speaks against it, or what `edit_roster` refuses.
    """
    row = _locked(session, period_id, line_id, seen)
    found = chain(session, period_id, line_id)
    if found.roster is None:
        raise Conflict(_("The period has no roster yet."))
    if employee not in {taker.employee for taker in found.own if taker.fits}:
        message = _("A rule or a limit speaks against it. The list says which.")
        raise Invalid(message, {"employee": [message]})
    made = edit_roster(session, found.roster.id, editor, [Wanted(employee, row.on_date, found.line.shift)])
    _taken(session, row, "own_staff")
    return made


def lend_for_line(
    session: TenantSession,
    period_id: UUID,
    line_id: UUID,
    *,
    seen: int,
    floater: tuple[UUID, str],
    editor: Editor,
) -> Edited:
    """Give a line's shift to somebody of an internal unit who can take it: a change of that unit's roster.

    `floater` is the unit's roster with the person's code; the editor's version is that roster's. The ward's
    roster in force counts the person from then on.

    Raises:
        NotFound: no such line or roster.
        Conflict: the line or the unit's roster is another by now than was seen, or needs nobody any more.
        Invalid: a rule or a limit speaks against it, or what `edit_roster` refuses.
    """
    roster_id, employee = floater
    of_unit = session.scalar(select(Roster.period_id).where(Roster.id == roster_id))
    if of_unit is None:
        raise NotFound(_("There is no such roster."))
    # The unit's period first, as whoever takes the change back does; then those of the wards that it helps.
    session.get(RosterPeriod, (session.tenant_id, of_unit), with_for_update=True)
    row = _locked(session, period_id, line_id, seen)
    found = chain(session, period_id, line_id)
    if found.roster is None:
        raise Conflict(_("The period has no roster yet."))
    if floater not in {(one.roster_id, one.employee) for one in found.internal if one.fits}:
        message = _("A rule or a limit speaks against it. The list says which.")
        raise Invalid(message, {"employee": [message]})
    code = f"{found.line.unit}{AWAY}{found.line.shift}"
    wanted = [Wanted(employee, row.on_date, code)]
    made = edit_roster(session, roster_id, editor, wanted, [row.shift_type_id])
    _taken(session, row, "internal_unit")
    return made


def _locked(session: TenantSession, period_id: UUID, line_id: UUID, seen: int) -> CallOffLine:
    # The period first, as whoever lists the lines anew does.
    session.get(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    where = CallOffLine.period_id == period_id, CallOffLine.id == line_id
    row = session.scalar(select(CallOffLine).where(*where).with_for_update())
    if row is None:
        raise NotFound(_("There is no such line."))
    if row.version != seen or row.state in {"filled", "withdrawn"}:
        raise Conflict(_("Lines have changed meanwhile. This is what they say now."))
    return row


def _taken(session: TenantSession, row: CallOffLine, state: str) -> None:
    row.people -= 1
    row.state = state if row.people else "filled"
    row.version, row.updated_at = row.version + 1, func.now()
    after = {"state": row.state, "lines": 1}
    record(session, "calloff.taken", "rostering.period", row.period_id, after=after)
    session.flush()
