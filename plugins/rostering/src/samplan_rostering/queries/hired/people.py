"""Who is hired for a period, and the shifts that they have been given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.hired import Hired
from samplan_rostering.domain.ward import Employee as EmployeeValue
from samplan_rostering.models import Assignment, Employee, PeriodEmployee, Roster, RosterPeriod
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.hours import hours_by_employee
from samplan_rostering.queries.rosters.stored import assignments
from samplan_rostering.queries.solving.best import rosters_in_force


@dataclass(frozen=True, slots=True)
class HiredLine:
    """Somebody who is hired for a period; `minutes` are rostered in the roster in force."""

    id: UUID
    person: EmployeeValue
    hired: Hired
    minutes: int


@dataclass(frozen=True, slots=True)
class HiredShift:
    """A shift of somebody hired; `row` is the person's place in the grid, counted from 1."""

    code: str
    skills: frozenset[str]
    row: int


def hired_lines(session: TenantSession, period_id: UUID) -> list[HiredLine]:
    """Return who is hired for a period, in its order."""
    ward = ward_data(session, period_id)
    if not ward.hired:
        return []
    roster = next(iter(rosters_in_force(session, Roster.period_id == period_id)), None)
    hours = hours_by_employee(ward, assignments(session, roster) if roster else ())
    ids = dict(session.execute(select(Employee.code, Employee.id).where(Employee.code.in_(ward.hired))).all())
    return [
        HiredLine(ids[person.code], person, person.hired, hours[person.code].rostered)
        for person in ward.employees
        if person.hired
    ]


def get_hired(
    session: TenantSession, period_id: UUID, employee_id: UUID
) -> tuple[RosterPeriod, Employee, PeriodEmployee]:
    """Return somebody who is hired for a period, with the period; raises `NotFound`."""
    found = session.execute(
        select(RosterPeriod, Employee, PeriodEmployee)
        .join(PeriodEmployee, PeriodEmployee.period_id == RosterPeriod.id)
        .join(Employee, Employee.id == PeriodEmployee.employee_id)
        .where(RosterPeriod.id == period_id, Employee.id == employee_id, Employee.supplier.is_not(None)),
        execution_options={"populate_existing": True},
    ).first()
    if found is None:
        raise NotFound(_("There is nobody like that who is hired for the period."))
    period, person, part = found
    return period, person, part


def shifts_of_hired(
    session: TenantSession, period_id: UUID, roster_id: UUID
) -> Mapping[tuple[date, UUID], list[HiredShift]]:
    """Return who is hired for each date and shift type of a roster."""
    ward = ward_data(session, period_id)
    people = {p.code: (row, p) for row, p in enumerate(ward.employees, start=1) if p.hired}
    found: dict[tuple[date, UUID], list[HiredShift]] = defaultdict(list)
    rows = session.execute(
        select(Employee.code, Assignment.on_date, Assignment.shift_type_id)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(Assignment.roster_id == roster_id, Employee.code.in_(people))
        .order_by(Employee.code)
    )
    for code, on, shift_type_id in rows:
        row, person = people[code]
        skills = frozenset(held.skill for held in person.skills if held.valid_on(on))
        found[on, shift_type_id].append(HiredShift(code, skills, row))
    return found
