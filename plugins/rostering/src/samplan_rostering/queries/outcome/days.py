"""What was rostered and what was worked in a period, side by side; the number of queries is fixed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.outcome import Work
from samplan_rostering.domain.ward import DEFAULT_DAY_BREAK
from samplan_rostering.models import (
    Assignment,
    Employee,
    PeriodEmployee,
    Roster,
    RosterPeriod,
    ShiftType,
    Ward,
    WorkedShift,
)
from samplan_rostering.queries.outcome.works import work_value
from samplan_rostering.queries.solving.best import rosters_in_force

Key = tuple[UUID, date]
"""An employee's id and a date."""


# Of the rows that follow, thousands are made for a page: several times as fast as frozen dataclasses are.


class Rostered(NamedTuple):
    """A rostered shift with its instants, as it was when the roster was made."""

    employee_id: UUID
    on: date
    shift_type_id: UUID
    shift: str
    night: bool
    begin: datetime
    end: datetime
    break_minutes: int
    paid: int
    on_call: int = 0
    standby: int = 0


class Entered(NamedTuple):
    """What has been entered as worked: `id` is that of its row, None where it is not stored."""

    employee_id: UUID
    on_date: date
    number: int
    kind: str
    shift_type_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    paid_minutes: int = 0
    extra_minutes: int = 0
    on_call_minutes: int = 0
    standby_minutes: int = 0
    absence_kind: str | None = None
    version: int = 0
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A participant of a period."""

    id: UUID
    code: str
    name: str
    profession: str
    day_break: time = DEFAULT_DAY_BREAK


@dataclass(frozen=True, slots=True)
class Outcome:
    """A period with its people, the roster it was planned by, and what has been entered as worked."""

    period: RosterPeriod
    zone: ZoneInfo
    roster: Roster | None
    people: tuple[Person, ...]
    rostered: Mapping[Key, Rostered]
    worked: Mapping[Key, tuple[Entered, ...]]
    shifts: Mapping[UUID, ShiftType]

    @property
    def dates(self) -> list[date]:
        """The dates of the period."""
        days = (self.period.end_date - self.period.start_date).days + 1
        return [self.period.start_date + timedelta(days=day) for day in range(days)]

    @property
    def begun(self) -> bool:
        """Whether there is a roster, or something worked, for hours to be counted against the contract's."""
        return self.roster is not None or bool(self.worked)

    @property
    def unconfirmed(self) -> int:
        """How many rostered shifts nothing is entered for."""
        return sum(key not in self.worked for key in self.rostered)

    def person(self, employee_id: UUID) -> Person:
        """Return a participant; raises `NotFound`."""
        found = next((person for person in self.people if person.id == employee_id), None)
        if found is None:
            raise NotFound(_("There is no such employee in the period."))
        return found

    def works(self) -> Mapping[UUID, list[Work]]:
        """Return what has been entered as worked, by participant."""
        nights = {key for key, shift in self.shifts.items() if shift.kind == "night"}
        codes = {person.id: person.code for person in self.people}
        found: dict[UUID, list[Work]] = {person: [] for person in codes}
        for (who, _on), rows in self.worked.items():
            if who in codes:
                found[who] += [work_value(r, codes[who], night=r.shift_type_id in nights) for r in rows]
        return found


def find_period(session: TenantSession, period_id: UUID) -> RosterPeriod:
    """Return a period; raises `NotFound`."""
    period = session.get(RosterPeriod, (session.tenant_id, period_id))
    if period is None:
        raise NotFound(_("There is no such roster period."))
    return period


def outcome(session: TenantSession, period_id: UUID) -> Outcome:
    """Return the outcome so far of a period's own staff; raises `NotFound`."""
    period = find_period(session, period_id)
    ward = session.get_one(Ward, (session.tenant_id, period.ward_id))
    roster = next(iter(rosters_in_force(session, Roster.period_id == period_id)), None)
    worked = entered(session, period_id)
    rostered = {} if roster is None else rostered_shifts(session, roster.id)
    people = _people(session, period_id, {who for who, _on in rostered.keys() | worked.keys()})
    own = {person.id for person in people}
    if any(who not in own for who, _on in rostered):
        rostered = {key: shift for key, shift in rostered.items() if key[0] in own}
    return Outcome(
        period=period,
        zone=ZoneInfo(ward.timezone),
        roster=roster,
        people=people,
        rostered=rostered,
        worked=worked,
        shifts={row.id: row for row in shift_types(session, ward.id, worked.values())},
    )


def entered(session: TenantSession, period_id: UUID) -> dict[Key, tuple[Entered, ...]]:
    """Return what has been entered in a period, by employee and date, in the order of numbers."""
    columns = [getattr(WorkedShift, name) for name in Entered._fields]
    rows = session.execute(
        select(*columns)
        .where(WorkedShift.period_id == period_id)
        .order_by(WorkedShift.on_date, WorkedShift.number)
    )
    found: dict[Key, tuple[Entered, ...]] = {}
    for row in map(Entered._make, rows):
        key = row.employee_id, row.on_date
        found[key] = (*found[key], row) if key in found else (row,)
    return found


def rostered_shifts(session: TenantSession, roster_id: UUID) -> dict[Key, Rostered]:
    """Return the shifts of a roster by employee and date."""
    rows: Select[*tuple[Any, ...]] = select(
        Assignment.employee_id,
        Assignment.on_date,
        Assignment.shift_type_id,
        Assignment.starts_at,
        Assignment.ends_at,
        Assignment.break_minutes,
        Assignment.paid_minutes,
        Assignment.on_call_minutes,
        Assignment.standby_minutes,
    ).where(Assignment.roster_id == roster_id)
    # Joined to thousands of rows, the kinds of shift take several times as long.
    used = select(Assignment.shift_type_id).where(Assignment.roster_id == roster_id)
    kinds = select(ShiftType.id, ShiftType.code, ShiftType.kind == "night").where(ShiftType.id.in_(used))
    told = {key: (code, night) for key, code, night in session.execute(kinds)}
    return {
        (who, on): Rostered(who, on, shift, *told[shift], *rest)
        for who, on, shift, *rest in session.execute(rows)
    }


def shift_types(
    session: TenantSession, ward_id: UUID, worked: Iterable[Sequence[Entered]] = ()
) -> Sequence[ShiftType]:
    """Return the ward's shift types in their order, with the others that somebody worked."""
    used = {row.shift_type_id for rows in worked for row in rows} - {None}
    mine = (ShiftType.ward_id == ward_id) & ~ShiftType.retired
    query = select(ShiftType).where(mine | ShiftType.id.in_(used))
    return session.scalars(query.order_by(ShiftType.position, ShiftType.id)).all()


def _people(session: TenantSession, period_id: UUID, others: Collection[UUID]) -> tuple[Person, ...]:
    """Return the own staff that takes part, and then who is rostered or has worked without doing so."""
    part = (PeriodEmployee.employee_id == Employee.id) & (PeriodEmployee.period_id == period_id)
    rows = session.scalars(
        select(Employee)
        .outerjoin(PeriodEmployee, part)
        .where(PeriodEmployee.id.is_not(None) | Employee.id.in_(others), Employee.supplier.is_(None))
        .order_by(PeriodEmployee.position.nulls_last(), Employee.code)
    )
    return tuple(Person(row.id, row.code, row.name, row.profession, row.day_break) for row in rows)
