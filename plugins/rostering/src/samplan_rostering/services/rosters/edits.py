"""Changes of a roster by hand: checked, made in place, and kept in a log that undoing and redoing go by.

What breaks a rule is told and not refused: who makes the roster decides. Refused is what makes no sense, and
what the state of the period forbids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering.domain.explain.effect import CellChange, Effect
from samplan_rostering.models import Roster, RosterEdit, RosterPeriod
from samplan_rostering.queries.rosters.desks import Desk, open_desk, remember
from samplan_rostering.queries.rosters.edits import turns
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.employees.edit import refuse_identity_numbers
from samplan_rostering.services.hired.history import carry_to_later, tell_other_wards
from samplan_rostering.services.publishing.telling import tell_changed
from samplan_rostering.services.rosters.cells import Cells, Change, Wanted, kind_of
from samplan_rostering.services.rosters.helping import count_guests, helped_wards
from samplan_rostering.services.versions import Stale

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes a roster, the version of it that they saw, and why where that must be said."""

    account_id: UUID
    now: datetime
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A change that was made: its entry in the log, what it does, and the roster with it."""

    edit: RosterEdit
    effect: Effect
    before: Desk
    desk: Desk
    places: tuple[tuple[str, date], ...]
    """The cells that were changed, by employee and date."""


def edit_roster(
    session: TenantSession,
    roster_id: UUID,
    editor: Editor,
    wanted: Sequence[Wanted],
    lending: Collection[UUID] = (),
) -> Edited:
    """Change cells of a roster, all of them or none.

    Shifts of other wards can be wanted where the roster has some, and those that `lending` names by id.

    Raises:
        NotFound: no such roster, or one of a benchmark problem.
        Stale: the roster is newer than the version that was seen.
        Conflict: the period's state forbids changes.
        Invalid: what is wanted makes no sense; the message says what was expected.
    """
    desk = _opened(session, roster_id, editor, lending)
    cells = Cells(session, desk)
    changes = cells.changes(wanted)
    _check_dates(desk, changes, editor.now)
    return _make(session, desk, cells, editor, changes, kind=kind_of(changes))


def undo_edit(session: TenantSession, roster_id: UUID, editor: Editor) -> Edited:
    """Take back the newest change that is not undone, whoever made it; raises as `edit_roster` does."""
    desk = _opened(session, roster_id, editor)
    number = turns(session, roster_id).undo
    if number is None:
        raise Invalid(_("There is nothing to undo."))
    return _turn(session, desk, editor, number, undone=True)


def redo_edit(session: TenantSession, roster_id: UUID, editor: Editor) -> Edited:
    """Make the change again that was undone last; raises as `edit_roster` does."""
    desk = _opened(session, roster_id, editor)
    number = turns(session, roster_id).redo
    if number is None:
        raise Invalid(_("There is nothing to redo."))
    return _turn(session, desk, editor, number, undone=False)


def _turn(session: TenantSession, desk: Desk, editor: Editor, number: int, *, undone: bool) -> Edited:
    """Make a change backwards or again."""
    own = RosterEdit.roster_id == desk.roster.id, RosterEdit.number == number
    edit = session.scalars(select(RosterEdit).where(*own)).one()
    changes = [Change.from_json(item) for item in edit.changes]
    if undone:
        changes = [change.backwards for change in changes]
    _check_dates(desk, changes, editor.now)
    cells = Cells(session, desk)
    if lent := cells.unknown(changes):  # shifts of other wards that nobody here works any more
        desk = open_desk(session, desk.roster, lent)
        cells = Cells(session, desk)
    cells.check_as_before(changes)
    edit.undone = undone
    kind = "undo" if undone else "redo"
    return _make(session, desk, cells, editor, changes, kind=kind, of_number=edit.number)


def _opened(session: TenantSession, roster_id: UUID, editor: Editor, lending: Collection[UUID] = ()) -> Desk:
    """Return the roster, locked against others, when it may be changed."""
    # The period first: its state decides, and locked cells are its rows. Everybody locks in this order:
    # period, line or swap, roster, employee, and last what follows from them in later periods.
    period_id = session.scalar(select(Roster.period_id).where(Roster.id == roster_id))
    if period_id is None and session.get(Roster, (session.tenant_id, roster_id)) is None:
        raise NotFound(_("There is no such roster."))
    if period_id is not None:
        session.get_one(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    roster = session.get_one(
        Roster, (session.tenant_id, roster_id), with_for_update=True, populate_existing=True
    )
    desk = open_desk(session, roster, lending)
    if desk.period.state == "decided":
        raise Conflict(_("The roster has been decided. Reopen the period before you change it."))
    if roster.version != editor.version:
        raise Stale(_("Somebody else has changed the roster since you saw it."), version=roster.version)
    if len(editor.reason) > REASON_LENGTH:
        message = _("The reason may have at most %(limit)s characters.", limit=REASON_LENGTH)
        raise Invalid(message, {"reason": [message]})
    refuse_identity_numbers({"reason": editor.reason})
    if desk.period.state == "published" and not editor.reason.strip():
        message = _("The roster has been published. Say why it is changed.")
        raise Invalid(message, {"reason": [message]})
    return desk


def _check_dates(desk: Desk, changes: Sequence[Change], now: datetime) -> None:
    """Refuse to change what has been worked already."""
    today = desk.date_of(now).isoformat()
    past = [change.on for change in changes if change.on < today]
    if desk.period.state == "published" and past:
        message = _("The roster has been published: dates before today are not changed (%(on)s).", on=past[0])
        raise Invalid(message, {"cells": [message]})


def _make(
    session: TenantSession,
    desk: Desk,
    cells: Cells,
    editor: Editor,
    changes: Sequence[Change],
    *,
    kind: str,
    of_number: int | None = None,
) -> Edited:
    """Make checked changes, log them, and price the roster anew."""
    roster, moved = desk.roster, cells.of_board(changes)
    helped = helped_wards(session, desk, moved, editor.now.date(), editor.reason)
    cells.apply(changes)
    roster.version += 1
    edit = RosterEdit(
        roster_id=roster.id,
        number=roster.version,
        account_id=editor.account_id,
        made_at=editor.now,
        kind=kind,
        of_number=of_number,
        changes=[change.as_json() for change in changes],
        reason=editor.reason.strip(),
        after_publication=desk.period.state == "published",
    )
    session.add(edit)
    effect, after = desk.effect(moved), _after(session, desk, changes, moved)
    _price(roster, after)
    remember(after)
    _record(session, edit)
    _tell(session, roster, changes, editor.now, helped)
    return Edited(edit, effect, desk, after, cells.places_of(changes))


def _record(session: TenantSession, edit: RosterEdit) -> None:
    after = {"version": edit.number, "kind": edit.kind, "cells": len(edit.changes), "reason": edit.reason}
    record(
        session,
        "roster.edited",
        "rostering.roster",
        edit.roster_id,
        before={"version": edit.number - 1},
        after=after,
        personal=("reason",),
    )


def _tell(
    session: TenantSession,
    roster: Roster,
    changes: Sequence[Change],
    now: datetime,
    helped: Sequence[Roster],
) -> None:
    """Tell whose shifts are others now, and wards who helps; what was only locked is nobody's news."""
    session.flush()
    count_guests(session, helped)
    shifts = [change for change in changes if change.before != change.after]
    if shifts:
        people, dates = map(set, zip(*(change.place for change in shifts), strict=True))
        carry_to_later(session, people, dates)
        if roster.period_id is not None:
            tell_other_wards(session, roster.period_id, people, dates)
    tell_changed(session, roster, {UUID(change.employee) for change in shifts}, len(shifts), now)


def _after(
    session: TenantSession, desk: Desk, changes: Sequence[Change], moved: Sequence[CellChange]
) -> Desk:
    """Return the roster with the changes; locked cells are input, which is counted as changed."""
    if all(change.lock_before == change.lock_after for change in changes):
        return desk.with_changes(moved)
    period = desk.period
    period.version, period.updated_at = period.version + 1, func.now()
    session.flush()
    after = open_desk(session, desk.roster)
    # Locks say how to go on and not what a roster costs: those of the same input stay comparable.
    session.execute(
        update(Roster)
        .where(Roster.period_id == period.id, Roster.input_hash == input_hash(desk.ward))
        .values(input_hash=input_hash(after.ward)),
        execution_options={"synchronize_session": "fetch"},
    )
    return after


def _price(roster: Roster, desk: Desk) -> None:
    evaluation = desk.evaluation()
    roster.objective = evaluation.objective
    roster.breakdown = {term.value: points for term, points in evaluation.breakdown.items()}
    roster.status = "feasible"
    if roster.origin == "solved":
        roster.origin = "edited"
