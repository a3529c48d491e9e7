"""The cells of a roster that somebody changes: what is wanted of them, checked, and made in its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from samplan.plugin_api import Conflict, Invalid, OrgUnit, TenantSession, _
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.models import Assignment, Employee, Lock, PeriodEmployee, ShiftType, Ward
from samplan_rostering.queries.periods.ward_data import shift_value
from samplan_rostering.queries.rosters.desks import Desk
from samplan_rostering.queries.rosters.standing import AWAY
from samplan_rostering.services.rosters.stored import ShiftRows

MOST_CELLS = 500
FREE = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a cell is to be: a shift, or an empty text for a free day; locked or not. None: as it is."""

    employee: str
    on: date
    shift: str | None = None
    locked: bool | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A cell before and after, as the log keeps it: ids of employee and shifts, an ISO date."""

    employee: str
    on: str
    before: str
    after: str
    lock_before: str | None
    lock_after: str | None

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Change:
        """Return the change that a log entry tells."""
        return cls(on=value["date"], **{name: item for name, item in value.items() if name != "date"})

    def as_json(self) -> dict[str, str | None]:
        """Return what the log keeps."""
        return {"date" if name == "on" else name: getattr(self, name) for name in self.__slots__}

    @property
    def backwards(self) -> Change:
        """The change that takes this one back."""
        return replace(
            self,
            before=self.after,
            after=self.before,
            lock_before=self.lock_after,
            lock_after=self.lock_before,
        )

    @property
    def place(self) -> tuple[UUID, date]:
        """Whose cell, and on which date."""
        return UUID(self.employee), date.fromisoformat(self.on)


def kind_of(changes: Sequence[Change]) -> str:
    """Return what changes are called together."""
    moved = [change for change in changes if change.before != change.after]
    if not moved:
        locked = {change.lock_after is not None for change in changes}
        return "several" if len(locked) > 1 else "lock" if locked == {True} else "unlock"
    if len(changes) == 1:
        change = moved[0]
        return "place" if not change.before else "replace" if change.after else "remove"
    if len(changes) == 2 and len(moved) == 2:
        one, other = moved
        if (one.before, one.after) == (other.after, other.before):
            return "swap" if one.before and one.after else "move"
    return "several"


class Cells:
    """A roster's cells as they are, by ids and by codes."""

    def __init__(self, session: TenantSession, desk: Desk) -> None:
        self._session, self._desk = session, desk
        people = (
            select(Employee.code, Employee.id)
            .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
            .where(PeriodEmployee.period_id == desk.period.id)
        )
        self._people = dict(session.execute(people).all())
        self._codes = {str(key): code for code, key in self._people.items()}
        usable = {shift.code for shift in desk.stands.ward.shift_types}
        rows = session.execute(
            select(ShiftType, OrgUnit.code)
            .select_from(ShiftType)
            .join(Ward, Ward.id == ShiftType.ward_id)
            .join(OrgUnit, OrgUnit.id == Ward.unit_id)
            .where((ShiftType.ward_id == desk.period.ward_id) | OrgUnit.code.in_(_units(usable)))
        ).all()
        named = [
            (row if row.ward_id == desk.period.ward_id else None, row, f"{unit}{AWAY}{row.code}")
            for row, unit in rows
        ]
        self._shifts = {
            code: row for own, row, away in named if (code := row.code if own is not None else away) in usable
        }
        self._shift_codes = {str(row.id): code for code, row in self._shifts.items()}
        types = tuple(replace(shift_value(row), code=str(row.id)) for row in self._shifts.values())
        self._rows = ShiftRows(replace(desk.ward, shift_types=types))

    def changes(self, wanted: Sequence[Wanted]) -> list[Change]:
        """Return what is to be changed; raises `Invalid` for what makes no sense, with what was expected."""
        if not 0 < len(wanted) <= MOST_CELLS:
            message = _("Name at least one cell and at most %(most)s.", most=MOST_CELLS)
            raise Invalid(message, {"cells": [message]})
        faults: dict[str, list[str]] = {}
        seen: set[tuple[str, date]] = set()
        for number, want in enumerate(wanted):
            for name, message in self._faults(want, seen):
                faults.setdefault(f"cells.{number}.{name}", []).append(message)
            seen.add((want.employee, want.on))
        if faults:
            raise Invalid(next(iter(faults.values()))[0], faults)
        made = [change for change in self._wished(wanted) if _differs(change)]
        if not made:
            message = _("Nothing would be changed: the cells are like that already.")
            raise Invalid(message, {"cells": [message]})
        return made

    def _faults(self, want: Wanted, seen: set[tuple[str, date]]) -> Iterable[tuple[str, str]]:
        period = self._desk.period
        if want.employee not in self._people:
            yield "employee", _("%(code)s does not take part in the period.", code=want.employee)
        if not period.start_date <= want.on <= period.end_date:
            first, last = period.start_date.isoformat(), period.end_date.isoformat()
            yield "date", _("Give a date from %(first)s to %(last)s.", first=first, last=last)
        if want.shift and want.shift not in self._shifts:
            codes = ", ".join(self._shifts)
            yield (
                "shift",
                _("%(code)s is no shift of the ward. There are: %(codes)s.", code=want.shift, codes=codes),
            )
        if (want.employee, want.on) in seen:
            yield "date", _("Name each cell once.")

    def _wished(self, wanted: Sequence[Wanted]) -> Iterable[Change]:
        worked, locks = self._now([(self._people[want.employee], want.on) for want in wanted])
        for want in wanted:
            place = self._people[want.employee], want.on
            before, locked = worked.get(place, FREE), locks.get(place)
            after = before if want.shift is None else str(self._shifts[want.shift].id) if want.shift else FREE
            if want.employee in self._desk.ward.hired:  # what somebody is hired for, no search moves
                yield Change(str(place[0]), want.on.isoformat(), before, after, locked, after or None)
                continue
            keeps = locked is not None if want.locked is None else want.locked
            if want.locked is None and locked is not None and after not in {before, locked}:
                message = _(
                    "%(name)s %(on)s is locked. Unlock it first.",
                    name=self._name(want.employee),
                    on=want.on.isoformat(),
                )
                raise Invalid(message, {"cells": [message]})
            # A lock that is there stays as it is; a new one holds what the cell has then.
            lock = (locked if locked is not None and want.locked is None else after) if keeps else None
            yield Change(str(place[0]), want.on.isoformat(), before, after, locked, lock)

    def unknown(self, changes: Sequence[Change]) -> set[UUID]:
        """Return the shifts after changes that the roster does not know, by id."""
        return {UUID(change.after) for change in changes if change.after} - {
            UUID(key) for key in self._shift_codes
        }

    def check_as_before(self, changes: Sequence[Change]) -> None:
        """Raise `Conflict` unless the cells are as the changes found them and can be as they left them."""
        worked, locks = self._now([change.place for change in changes])
        for change in changes:
            now = worked.get(change.place, FREE), locks.get(change.place)
            known = change.employee in self._codes and {change.before, change.after} <= {
                FREE,
                *self._shift_codes,
            }
            if now != (change.before, change.lock_before) or not known:
                raise Conflict(
                    _("The cells have been changed otherwise meanwhile: this cannot be undone or redone.")
                )

    def places_of(self, changes: Sequence[Change]) -> tuple[tuple[str, date], ...]:
        """Return the cells of changes by employee and date."""
        return tuple((self._codes[change.employee], change.place[1]) for change in changes)

    def of_board(self, changes: Sequence[Change]) -> list[CellChange]:
        """Return the changes of shifts by codes and days."""
        day_of = self._desk.ward.period.day_of
        return [
            CellChange(
                self._codes[change.employee],
                day_of(change.place[1]),
                self._shift_codes.get(change.before, FREE),
                self._shift_codes.get(change.after, FREE),
            )
            for change in changes
            if change.before != change.after
        ]

    def apply(self, changes: Sequence[Change]) -> None:
        """Make changes in the rows of the roster and of the period's locked cells."""
        roster_id, period = self._desk.roster.id, self._desk.period
        places = [change.place for change in changes]
        rows = {(row.employee_id, row.on_date): row for row in self._assignments(places)}
        locks = {(row.employee_id, row.on_date): row for row in self._locks(places)}
        last = self._session.scalar(select(func.max(Lock.position)).where(Lock.period_id == period.id)) or 0
        for change in changes:
            place = change.place
            if change.before != change.after and place in rows:
                self._session.delete(rows[place])
            if change.lock_before != change.lock_after and place in locks:
                self._session.delete(locks[place])
        self._session.flush()
        for number, change in enumerate(changes, start=1):
            employee_id, on = change.place
            if change.before != change.after and change.after:
                day, shift_id = self._desk.ward.period.day_of(on), UUID(change.after)
                self._session.add(self._rows.row(roster_id, employee_id, day, change.after, shift_id))
            if change.lock_before != change.lock_after and change.lock_after is not None:
                self._session.add(
                    Lock(
                        period_id=period.id,
                        employee_id=employee_id,
                        on_date=on,
                        shift_type_id=UUID(change.lock_after) if change.lock_after else None,
                        position=last + number,
                    )
                )
        self._session.flush()

    def _now(
        self, places: Sequence[tuple[UUID, date]]
    ) -> tuple[dict[tuple[UUID, date], str], dict[tuple[UUID, date], str]]:
        """Return the shifts and the locks of cells that have any."""
        worked = {(r.employee_id, r.on_date): str(r.shift_type_id) for r in self._assignments(places)}
        locks = {
            (r.employee_id, r.on_date): str(r.shift_type_id) if r.shift_type_id else FREE
            for r in self._locks(places)
        }
        return worked, locks

    def _assignments(self, places: Sequence[tuple[UUID, date]]) -> Sequence[Assignment]:
        here = tuple_(Assignment.employee_id, Assignment.on_date).in_(places)
        return self._session.scalars(
            select(Assignment).where(Assignment.roster_id == self._desk.roster.id, here)
        ).all()

    def _locks(self, places: Sequence[tuple[UUID, date]]) -> Sequence[Lock]:
        here = tuple_(Lock.employee_id, Lock.on_date).in_(places)
        return self._session.scalars(select(Lock).where(Lock.period_id == self._desk.period.id, here)).all()

    def _name(self, code: str) -> str:
        return next((p.name or p.code for p in self._desk.ward.employees if p.code == code), code)


def _units(codes: Iterable[str]) -> set[str]:
    return {code.split(AWAY)[0] for code in codes if AWAY in code}


def _differs(change: Change) -> bool:
    return (change.before, change.lock_before) != (change.after, change.lock_after)
