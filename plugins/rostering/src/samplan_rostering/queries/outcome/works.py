"""Worked time as the values that are counted, and what people have worked in any ward."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.outcome import Work, WorkKind
from samplan_rostering.domain.ward import Contract as ContractValue
from samplan_rostering.models import Contract, ShiftType, WorkedShift
from samplan_rostering.queries.employees.people import contract_value

if TYPE_CHECKING:
    from samplan_rostering.queries.outcome.days import Entered, Person, Rostered


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


_KINDS = {kind.value: kind for kind in WorkKind}
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


def work_value(row: Entered | Row[*tuple[Any, ...]], code: str, *, night: bool) -> Work:
    """Return a stored row as the value that is counted."""
    paid, on_call, standby, end = row.paid_minutes, row.on_call_minutes, row.standby_minutes, row.ends_at
    if end is not None and (on_call or standby):
        end -= _duty(on_call, standby)
    return Work(
        employee=code,
        on=row.on_date,
        kind=_KINDS[row.kind],
        begin=row.starts_at,
        end=end,
        paid=paid,
        extra=row.extra_minutes,
        night=night and paid + on_call > 0,
        on_call=on_call,
        standby=standby,
    )


def works_of_year(
    session: TenantSession, people: Sequence[Person], first: date, last: date
) -> Mapping[str, list[Work]]:
    """Return what these people have worked in any ward, by code: whole weeks that hold the dates."""
    names = {person.id: person.code for person in people}
    found: dict[str, list[Work]] = defaultdict(list)
    for row in session.execute(_works(names, first, last)):
        code = names[row.employee_id]
        found[code].append(work_value(row, code, night=bool(row.night)))
    return found


def extra_weeks_of_year(
    session: TenantSession, people: Sequence[Person], first: date, last: date
) -> Mapping[str, list[Work]]:
    """Return of `works_of_year` each one's weeks in which something was beyond the ordinary hours."""
    names = {person.id: person.code for person in people}
    beyond = select(WorkedShift.employee_id, WorkedShift.on_date).where(
        WorkedShift.employee_id.in_(names),
        WorkedShift.on_date.between(*_weeks(first, last)),
        WorkedShift.extra_minutes > 0,
    )
    weeks = {(who, _monday(on)) for who, on in session.execute(beyond)}
    found: dict[str, list[Work]] = defaultdict(list)
    if weeks:
        mondays = [monday for _who, monday in weeks]
        rows = _works({who for who, _monday in weeks}, min(mondays), max(mondays) + timedelta(days=6))
        for row in session.execute(rows):
            if (row.employee_id, _monday(row.on_date)) in weeks:
                code = names[row.employee_id]
                found[code].append(work_value(row, code, night=bool(row.night)))
    return found


def _works(people: Collection[UUID], first: date, last: date) -> Select[*tuple[Any, ...]]:
    return (
        select(*_OF_WORK, (ShiftType.kind == "night").label("night"))
        .select_from(WorkedShift)
        .outerjoin(ShiftType, ShiftType.id == WorkedShift.shift_type_id)
        .where(WorkedShift.employee_id.in_(people), WorkedShift.on_date.between(*_weeks(first, last)))
        .order_by(WorkedShift.on_date, WorkedShift.starts_at)
    )


def _weeks(first: date, last: date) -> tuple[date, date]:
    """Return dates between which whole weeks hold the dates given."""
    return first - timedelta(days=6), last + timedelta(days=6)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def contracts_of(session: TenantSession, people: Sequence[Person]) -> Mapping[str, list[ContractValue]]:
    """Return these people's contracts, by code."""
    names = {person.id: person.code for person in people}
    found: dict[str, list[ContractValue]] = defaultdict(list)
    rows = select(*Contract.__table__.columns).where(Contract.employee_id.in_(names))
    for row in session.execute(rows.order_by(Contract.valid_from)):
        found[names[row.employee_id]].append(contract_value(row, names[row.employee_id]))
    return found
