"""What a file of worked shifts says against the roster and what is entered, and reading it in."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import (
    ColumnMapping,
    FaultLog,
    ImportFaults,
    Invalid,
    Language,
    Row,
    SavedMapping,
    SourceTable,
    Table,
    TenantSession,
    _l,
    read_mapped,
    record,
    sound_rows,
)
from samplan_rostering.domain.outcome import WorkKind
from samplan_rostering.models import WorkedShift
from samplan_rostering.queries.outcome.days import Entered, Key, Outcome, Person, Rostered
from samplan_rostering.services.employees.staff_plan import MOST_FAULTS, SHOWN_FAULTS
from samplan_rostering.services.outcome.edit import Entry, Place, stored, worked_values, write
from samplan_rostering.workbook.worked_file import WORKED

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """A shift as the file says it, beside what was rostered and what is entered so far (None for nothing)."""

    person: Person
    place: Place
    rostered: Rostered | None
    before: Values | None
    values: Values


@dataclass(frozen=True, slots=True)
class WorkedPlan:
    """What reading a file in does; `outside` counts the rows of other dates than the period's."""

    lines: tuple[WorkedLine, ...]
    unchanged: int
    outside: int
    skipped: int
    faults: ImportFaults | None

    @property
    def mark(self) -> str:
        """A mark of exactly this, for who agrees to it."""
        said = [(line.place, line.before, line.values) for line in self.lines]
        return hashlib.sha256(repr((said, self.skipped)).encode()).hexdigest()

    @property
    def replaced(self) -> int:
        """How many entered shifts become other ones."""
        return sum(line.before is not None for line in self.lines)


def plan_worked(
    found: Outcome, source: SourceTable, mapping: ColumnMapping, language: Language = "sv"
) -> WorkedPlan:
    """Return what a file does to a period's outcome; nothing is stored.

    Raises `ImportFaults` where the mapping leaves out what every row needs.
    """
    log = FaultLog(MOST_FAULTS)
    table = read_mapped(WORKED, source, mapping, log, language)
    whole = log.found()
    if whole is not None and any(fault.row is None for fault in whole.faults):
        raise ImportFaults([fault for fault in whole.faults if fault.row is None])
    return _Planner(found, table, log).plan()


def import_worked(
    session: TenantSession,
    found: Outcome,
    plan: WorkedPlan,
    save: Callable[[], SavedMapping | None] = lambda: None,
) -> None:
    """Enter what a plan says as worked; `save` keeps the mapping with it."""
    saved = save()
    rows: dict[UUID | None, WorkedShift] = {}
    if plan.replaced:  # read at once
        of_period = select(WorkedShift).where(WorkedShift.period_id == found.period.id)
        rows = {row.id: row for row in session.scalars(of_period)}
    for line in plan.lines:
        values = {**line.values, "source": "imported"}
        write(session, found, line.place, values, stored(found, line.place), rows=rows)
    after: dict[str, object] = {"shifts": len(plan.lines)}
    if saved is not None:
        after |= {"mapping": saved.name, "mapping_version": saved.version}
    record(session, "outcome.imported", "rostering.period", found.period.id, after=after)
    session.flush()


class _Planner:
    """Carries what the steps of planning share; `staged` is the outcome as it grows row by row."""

    def __init__(self, found: Outcome, table: Table, log: FaultLog) -> None:
        self._found, self._table, self._log = found, table, log
        self._worked: dict[Key, tuple[Entered, ...]] = {}
        self._people = {person.code: person for person in found.people}
        period = found.period
        self._outside = frozenset(
            row.number
            for row in table.rows
            if (on := row.get("date", date)) and not period.start_date <= on <= period.end_date
        )

    def plan(self) -> WorkedPlan:
        """Return the plan."""
        placed = self._placed()
        taken = {place for place, _row in placed}
        self._worked = {
            key: tuple(row for row in rows if Place(*key, row.number) not in taken)
            for key, rows in self._found.worked.items()
        }
        staged = replace(self._found, worked=self._worked)
        lines = [line for place, row in placed if (line := self._line(staged, place, row)) is not None]
        changed = [line for line in lines if line.before != line.values]
        found = self._log.found()
        faults = [each for each in (found.faults if found else ()) if each.row not in self._outside]
        return WorkedPlan(
            lines=tuple(changed),
            unchanged=len(lines) - len(changed),
            outside=len(self._outside),
            skipped=len({fault.row for fault in faults}),
            faults=ImportFaults(faults[:SHOWN_FAULTS], len(faults)) if faults else None,
        )

    def _placed(self) -> list[tuple[Place, Row]]:
        """Return which row of the outcome each row of the file is: the rostered shift, or one beside it."""
        by_day: dict[Key, list[Row]] = defaultdict(list)
        for row in sound_rows(self._table, self._log):
            if row.number in self._outside:
                continue
            person = self._people.get(row.need("code", str))
            if person is None:
                message = _l("Nobody with this id takes part in the period.")
                self._log.add(self._table.fault("unknown_employee", row, "code", message))
            else:
                by_day[person.id, row.need("date", date)].append(row)
        placed: list[tuple[Place, Row]] = []
        for (who, on), rows in sorted(by_day.items(), key=lambda item: (item[0][1], str(item[0][0]))):
            is_open, number = (who, on) in self._found.rostered, 0
            for row in sorted(rows, key=lambda row: (row.get("start", time) or time(), row.number)):
                if row.get("absence", str) or (is_open and not row.get("beside", str)):
                    placed.append((Place(who, on), row))
                    is_open = False
                else:
                    number += 1
                    placed.append((Place(who, on, number), row))
        return placed

    def _line(self, staged: Outcome, place: Place, row: Row) -> WorkedLine | None:
        """Return what a row does; None with a fault where that cannot be."""
        rostered = None if place.number else staged.rostered.get((place.employee_id, place.on))
        try:
            if stored(staged, place) is not None:
                raise Invalid(str(_l("The date has several rows for the same shift.")))
            values = _worked(staged, place, row, rostered)
        except Invalid as error:
            self._log.add(self._table.fault("impossible", row, "date", str(error)))
            return None
        was = stored(self._found, place)
        before = None if was is None else {name: getattr(was, name) for name in values}
        key = place.employee_id, place.on
        staging = Entered(employee_id=key[0], on_date=place.on, number=place.number, **values)
        self._worked[key] = (*self._worked.get(key, ()), staging)
        person = self._people[row.need("code", str)]
        return WorkedLine(person, place, rostered, before, values)


def _worked(staged: Outcome, place: Place, row: Row, rostered: Rostered | None) -> dict[str, Any]:
    absence = row.get("absence", str)
    if absence:
        return worked_values(staged, place, Entry(kind=WorkKind.ABSENCE, absence=absence))
    beside = row.get("beside", str)
    kind = WorkKind(beside) if beside else WorkKind.CHANGED if rostered else WorkKind.EXTRA
    pause = row.get("pause", int)
    if pause is None and rostered is not None:
        pause = rostered.break_minutes
    entry = Entry(kind=kind, start=row.get("start", time), end=row.get("end", time), pause=pause or 0)
    values = worked_values(staged, place, entry)
    if rostered is not None and (values["starts_at"], values["ends_at"], values["paid_minutes"]) == (
        rostered.begin,
        rostered.end,
        rostered.paid,
    ):
        return worked_values(staged, place, Entry(kind=WorkKind.PLANNED))
    return values
