"""What was rostered and what was worked in a period, side by side; the number of queries is fixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.outcome import Work, WorkKind
from samplan_rostering.domain.ward import DEFAULT_DAY_BREAK
from samplan_rostering.domain.ward import Contract as ContractValue
from samplan_rostering.models import (
    Assignment,
    Contract,
    Employee,
    PeriodEmployee,
    Roster,
    RosterPeriod,
    ShiftType,
    Ward,
    WorkedShift,
)
from samplan_rostering.queries.employees.people import contract_value
from samplan_rostering.queries.solving.best import rosters_in_force

Key = tuple[UUID, date]
"""An employee's id and a date."""


@dataclass(frozen=True, slots=True)
class Rostered:
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
    worked: Mapping[Key, tuple[WorkedShift, ...]]
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
    worked: dict[Key, tuple[WorkedShift, ...]] = defaultdict(tuple)
    query = select(WorkedShift).where(WorkedShift.period_id == period_id)
    for row in session.scalars(query.order_by(WorkedShift.on_date, WorkedShift.number)):
        worked[row.employee_id, row.on_date] += (row,)
    rostered = {} if roster is None else rostered_shifts(session, roster.id)
    people = _people(session, period_id, {who for who, _on in (*rostered, *worked)})
    own = {person.id for person in people}
    return Outcome(
        period=period,
        zone=ZoneInfo(ward.timezone),
        roster=roster,
        people=people,
        rostered={key: shift for key, shift in rostered.items() if key[0] in own},
        worked=dict(worked),
        shifts={row.id: row for row in shift_types(session, ward.id, worked.values())},
    )


def rostered_shifts(session: TenantSession, roster_id: UUID) -> dict[Key, Rostered]:
    """Return the shifts of a roster by employee and date."""
    rows = session.execute(
        select(
            Assignment.employee_id,
            Assignment.on_date,
            Assignment.shift_type_id,
            ShiftType.code,
            ShiftType.kind == "night",
            Assignment.starts_at,
            Assignment.ends_at,
            Assignment.break_minutes,
            Assignment.paid_minutes,
            Assignment.on_call_minutes,
            Assignment.standby_minutes,
        )
        .join(ShiftType, ShiftType.id == Assignment.shift_type_id)
        .where(Assignment.roster_id == roster_id)
    )
    return {(row[0], row[1]): Rostered(*row) for row in rows}


def shift_types(
    session: TenantSession, ward_id: UUID, worked: Iterable[Sequence[WorkedShift]] = ()
) -> Sequence[ShiftType]:
    """Return the ward's shift types in their order, with the others that somebody worked."""
    used = {row.shift_type_id for rows in worked for row in rows} - {None}
    mine = (ShiftType.ward_id == ward_id) & ~ShiftType.retired
    query = select(ShiftType).where(mine | ShiftType.id.in_(used))
    return session.scalars(query.order_by(ShiftType.position, ShiftType.id)).all()


def _duty(on_call: int, standby: int) -> timedelta:
    return timedelta(minutes=on_call + standby)


def planned_work(row: Rostered | Row[*tuple[Any, ...]], employee: str) -> Work:
    """Return a shift as work done as planned."""
    return Work(
        employee=employee,
        on=row.on,
        kind=WorkKind.PLANNED,
        begin=row.begin,
        end=row.end - _duty(row.on_call, row.standby),
        paid=row.paid,
        night=row.night and row.paid + row.on_call > 0,
        on_call=row.on_call,
        standby=row.standby,
    )


_OF_WORK = (
    WorkedShift.employee_id,
    WorkedShift.on_date,
    WorkedShift.kind,
    WorkedShift.starts_at,
    WorkedShift.ends_at,
    WorkedShift.paid_minutes,
    WorkedShift.extra_minutes,
    WorkedShift.on_call_minutes,
    WorkedShift.standby_minutes,
)
"""What `work_value` asks of a row, beside whose it is: thousands are read, which need no object each."""


def work_value(row: WorkedShift | Row[*tuple[Any, ...]], code: str, *, night: bool) -> Work:
    """Return a stored row as the value that is counted."""
    return Work(
        employee=code,
        on=row.on_date,
        kind=WorkKind(row.kind),
        begin=row.starts_at,
        end=None if row.ends_at is None else row.ends_at - _duty(row.on_call_minutes, row.standby_minutes),
        paid=row.paid_minutes,
        extra=row.extra_minutes,
        night=night and row.paid_minutes + row.on_call_minutes > 0,
        on_call=row.on_call_minutes,
        standby=row.standby_minutes,
    )


def works_of_year(
    session: TenantSession, people: Sequence[Person], first: date, last: date
) -> Mapping[str, list[Work]]:
    """Return what these people have worked in any ward, by code: whole weeks that hold the dates."""
    names = {person.id: person.code for person in people}
    begin, end = first - timedelta(days=6), last + timedelta(days=6)
    rows = session.execute(
        select(*_OF_WORK, (ShiftType.kind == "night").label("night"))
        .select_from(WorkedShift)
        .outerjoin(ShiftType, ShiftType.id == WorkedShift.shift_type_id)
        .where(WorkedShift.employee_id.in_(names), WorkedShift.on_date.between(begin, end))
        .order_by(WorkedShift.on_date, WorkedShift.starts_at)
    )
    found: dict[str, list[Work]] = defaultdict(list)
    for row in rows:
        code = names[row.employee_id]
        found[code].append(work_value(row, code, night=bool(row.night)))
    return found


def contracts_of(session: TenantSession, people: Sequence[Person]) -> Mapping[str, list[ContractValue]]:
    """Return these people's contracts, by code."""
    names = {person.id: person.code for person in people}
    found: dict[str, list[ContractValue]] = defaultdict(list)
    rows = select(Contract).where(Contract.employee_id.in_(names)).order_by(Contract.valid_from)
    for row in session.scalars(rows):
        found[names[row.employee_id]].append(contract_value(row, names[row.employee_id]))
    return found


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
