"""The table of what was worked: people by dates, with what each one's hours come to; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from samplan_rostering.domain.outcome import WorkKind
from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.queries.outcome.days import Entered, Outcome, Person, Rostered


class CellState(StrEnum):
    """What is known of a person's date."""

    FREE = "free"
    OPEN = "open"  # rostered, and nothing entered
    PLANNED = "planned"
    CHANGED = "changed"
    EXTRA = "extra"
    OVERTIME = "overtime"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class OutcomeDay:
    """A column."""

    number: int
    on: date
    red: bool
    monday: bool
    holiday: str | None


class OutcomeCell(
    NamedTuple
):  # thousands are made for a page, several times as fast as frozen dataclasses are
    """A date of a person; `number` is the row that its link leads to, `paid` the minutes worked."""

    day: OutcomeDay
    state: CellState
    rostered: Rostered | None
    rows: tuple[Entered, ...]
    number: int
    paid: int
    absence: str | None = None
    """The kind of absence, where that is what is known."""

    @property
    def look(self) -> tuple[int, CellState, str | None, bool, int, int | None, str | None]:
        """What tells the cell from others of the table."""
        shift = self.rostered
        if shift is None:
            return self.day.number, self.state, None, False, self.number, self.paid, self.absence
        return self.day.number, self.state, shift.shift, shift.night, self.number, None, self.absence


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A person with the dates, and the minutes rostered and worked."""

    person: Person
    cells: tuple[OutcomeCell, ...]

    @property
    def rostered(self) -> int:
        """Minutes rostered."""
        return sum(cell.rostered.paid for cell in self.cells if cell.rostered)

    @property
    def worked(self) -> int:
        """Minutes worked."""
        return sum(cell.paid for cell in self.cells)


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """All people by all dates."""

    days: tuple[OutcomeDay, ...]
    rows: tuple[OutcomeRow, ...]


def outcome_table(found: Outcome) -> OutcomeTable:
    """Return the table of a period's outcome."""
    days = tuple(_day(number, on) for number, on in enumerate(found.dates))
    rows = tuple(
        OutcomeRow(person, tuple(_cell(found, person, day) for day in days)) for person in found.people
    )
    return OutcomeTable(days, rows)


def _day(number: int, on: date) -> OutcomeDay:
    holiday = public_holiday(on)
    return OutcomeDay(number, on, on.weekday() > 4 or holiday is not None, on.weekday() == 0, holiday)


_STATES = {kind.value: CellState(kind.value) for kind in WorkKind}
_ORDER = {kind.value: place for place, kind in enumerate(WorkKind)}


def _cell(found: Outcome, person: Person, day: OutcomeDay) -> OutcomeCell:
    key = person.id, day.on
    rostered, rows = found.rostered.get(key), found.worked.get(key, ())
    number = rows[0].number if rows and not rostered else int(not rostered)
    if not rows:
        return OutcomeCell(day, CellState.OPEN if rostered else CellState.FREE, rostered, (), number, 0)
    # What differs from the roster is what is to be seen first.
    most = rows[0] if len(rows) == 1 else max(rows, key=lambda row: _ORDER[row.kind])
    state = _STATES[most.kind]
    absence = next((row.absence_kind for row in rows if row.absence_kind), None)
    paid = most.paid_minutes if len(rows) == 1 else sum(row.paid_minutes for row in rows)
    return OutcomeCell(day, state, rostered, rows, number, paid, absence)
