"""The log of a roster's changes by hand, in words, and which of them can be undone or redone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, TenantSession, members_by_account
from samplan_rostering.models import Employee, RosterEdit, RosterPeriod, ShiftType, Ward
from samplan_rostering.queries.rosters.standing import AWAY

SHOWN = 30


@dataclass(frozen=True, slots=True)
class EditedCell:
    """A changed cell by names; an empty shift is a free day, a lock is its shift, and None is none."""

    employee: str
    name: str
    on: date
    before: str
    after: str
    lock_before: str | None
    lock_after: str | None


@dataclass(frozen=True, slots=True)
class EditLine:
    """A change as a list shows it; `who` is empty for somebody who is no member any more."""

    number: int
    who: str
    made_at: datetime
    kind: str
    of_number: int | None
    reason: str
    after_publication: bool
    undone: bool
    cells: tuple[EditedCell, ...]


@dataclass(frozen=True, slots=True)
class Turns:
    """Numbers of the changes that undoing takes back and redoing makes again; None where there is none."""

    undo: int | None
    redo: int | None


def turns(session: TenantSession, roster_id: UUID) -> Turns:
    """Return what can be undone and redone, by the whole log: a new change ends what could be redone."""
    log = select(RosterEdit.number, RosterEdit.kind).where(RosterEdit.roster_id == roster_id)
    made: list[int] = []
    undone: list[int] = []
    for number, kind in session.execute(log.order_by(RosterEdit.number)):
        if kind == "undo":
            undone.append(made.pop())
        elif kind == "redo":
            made.append(undone.pop())
        else:
            made.append(number)
            undone.clear()
    return Turns(made[-1] if made else None, undone[-1] if undone else None)


def edit_lines(
    session: TenantSession, roster_id: UUID, period_id: UUID | None, *, limit: int = SHOWN, after: int = 0
) -> list[EditLine]:
    """Return a roster's newest changes, newest first: those after a version of it."""
    query = (
        select(RosterEdit)
        .where(RosterEdit.roster_id == roster_id, RosterEdit.number > after)
        .order_by(RosterEdit.number.desc())
    )
    return lines_of(session, session.scalars(query.limit(limit)).all(), period_id)


def cell_lines(
    session: TenantSession, roster_id: UUID, period_id: UUID, employee_id: UUID, on: date
) -> list[EditLine]:
    """Return the changes of one cell, newest first."""
    cell = [{"employee": str(employee_id), "date": on.isoformat()}]
    query = (
        select(RosterEdit)
        .where(RosterEdit.roster_id == roster_id, RosterEdit.changes.contains(cell))
        .order_by(RosterEdit.number.desc())
    )
    return lines_of(session, session.scalars(query.limit(SHOWN)).all(), period_id)


def lines_of(session: TenantSession, edits: Sequence[RosterEdit], period_id: UUID | None) -> list[EditLine]:
    """Return changes in words; the number of queries is fixed."""
    cells = [cell for edit in edits for cell in edit.changes]
    people = select(Employee.id, Employee.code, Employee.name).where(
        Employee.id.in_({UUID(cell["employee"]) for cell in cells})
    )
    known = {str(key): (code, name or code) for key, code, name in session.execute(people)}
    names = ("before", "after", "lock_before", "lock_after")
    shifts = _shift_codes(session, {cell[name] for cell in cells for name in names if cell[name]}, period_id)
    who = members_by_account(session, {edit.account_id for edit in edits})
    return [
        EditLine(
            number=edit.number,
            who=who[edit.account_id].name if edit.account_id in who else "",
            made_at=edit.made_at,
            kind=edit.kind,
            of_number=edit.of_number,
            reason=edit.reason,
            after_publication=edit.after_publication,
            undone=edit.undone,
            cells=tuple(
                EditedCell(
                    *known.get(cell["employee"], ("", "")),
                    date.fromisoformat(cell["date"]),
                    *(shifts.get(cell[name], cell[name]) for name in names),
                )
                for cell in edit.changes
            ),
        )
        for edit in edits
    ]


def _shift_codes(session: TenantSession, ids: set[str], period_id: UUID | None) -> dict[str | None, str]:
    own = select(RosterPeriod.ward_id).where(RosterPeriod.id == period_id).scalar_subquery()
    rows = session.execute(
        select(ShiftType.id, ShiftType.code, OrgUnit.code, ShiftType.ward_id == own)
        .select_from(ShiftType)
        .join(Ward, Ward.id == ShiftType.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(ShiftType.id.in_({UUID(key) for key in ids}))
    )
    return {str(key): code if here else f"{unit}{AWAY}{code}" for key, code, unit, here in rows}
