"""Employees as their list and their pages show them, over all wards."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_rostering.models import (
    Absence,
    Assignment,
    Contract,
    Employee,
    EmployeeSkill,
    PeriodEmployee,
    Roster,
    ShiftType,
    Skill,
    Ward,
)
from samplan_rostering.queries.employees.people import Place, places
from samplan_rostering.queries.employees.shares import ShareLine, shares_of
from samplan_rostering.queries.setup.wards import staff_ids
from samplan_rostering.queries.solving.best import rosters_in_force

_UPPER = "ÅÄÖÆØÉÈÜ"  # what the database's own collation does not fold
MAIN_RULE_REST = 660
"""Minutes of rest between two shifts by AB § 13."""


@dataclass(frozen=True, slots=True)
class EmployeeLine:
    """An employee as lists show it, with today's contract."""

    id: UUID
    code: str
    name: str
    profession: str
    contract: Contract | None


@dataclass(frozen=True, slots=True)
class WorkedShift:
    """A shift in a roster in force, with the rest before it, whichever ward the one before was in."""

    ward: str
    shift: str
    starts_at: datetime
    ends_at: datetime
    rest: int | None
    """Minutes; None for the first that is known."""

    @property
    def short(self) -> bool:
        """Whether the rest is shorter than the agreement's main rule."""
        return self.rest is not None and self.rest < MAIN_RULE_REST


@dataclass(frozen=True, slots=True)
class EmployeePage:
    """All that the page of an employee shows."""

    employee: Employee
    contracts: Sequence[Contract]
    shares: dict[UUID, list[ShareLine]]
    skills: Sequence[tuple[EmployeeSkill, Skill, str]]
    absences: Sequence[Absence]
    places: tuple[Place, ...]
    shifts: list[WorkedShift]

    @property
    def mark(self) -> str:
        """A mark of what is stored: a change names the one that its form was shown with."""
        own = self.employee
        said = [
            (own.code, own.name, own.profession, own.day_break),
            [
                (c.id, c.valid_from, c.valid_to, c.percentage, c.roster_type, c.fulltime_week_minutes)
                for c in self.contracts
            ],
            [(share.id, share.percentage) for rows in self.shares.values() for share in rows],
            [(held.id, held.valid_from, held.valid_to) for held, _skill, _ward in self.skills],
            [(a.id, a.first_date, a.last_date, a.start_time, a.end_time, a.kind) for a in self.absences],
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def employee_lines(
    session: TenantSession, words: str, ward_id: UUID | None, today: date, limit: int
) -> tuple[list[EmployeeLine], int]:
    """Return own staff found by parts of name, id or profession, in a ward if one is given; and how many."""
    query: Select[Any] = select(Employee).where(Employee.supplier.is_(None))
    for word in words.split()[:8]:
        pattern = "%" + word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        query = query.where(
            or_(
                *(
                    func.lower(func.translate(column, _UPPER, _UPPER.lower())).like(pattern.lower())
                    for column in (Employee.name, Employee.code, Employee.profession)
                )
            )
        )
    if ward_id is not None:
        query = query.where(Employee.id.in_(staff_ids(ward_id)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(Employee.name, Employee.code).limit(limit)).all()
    contracts = session.scalars(
        select(Contract).where(
            Contract.employee_id.in_([row.id for row in rows]),
            Contract.valid_from <= today,
            or_(Contract.valid_to.is_(None), Contract.valid_to >= today),
        )
    )
    by_person = {row.employee_id: row for row in contracts}
    lines = [EmployeeLine(row.id, row.code, row.name, row.profession, by_person.get(row.id)) for row in rows]
    return lines, total


def get_employee(session: TenantSession, employee_id: UUID, *, lock: bool = False) -> Employee:
    """Return somebody of the own staff; raises `NotFound`."""
    query = select(Employee).where(Employee.id == employee_id, Employee.supplier.is_(None))
    row = session.scalar(
        query.with_for_update(key_share=True) if lock else query,
        execution_options={"populate_existing": True},
    )
    if row is None:
        raise NotFound(_("There is no such employee."))
    return row


def contracts_of(session: TenantSession, employee_id: UUID) -> Sequence[Contract]:
    """Return somebody's contracts, the oldest first."""
    query = select(Contract).where(Contract.employee_id == employee_id).order_by(Contract.valid_from)
    return session.scalars(query).all()


def employee_page(session: TenantSession, employee: Employee, now: datetime) -> EmployeePage:
    """Return what the page of an employee shows; the number of queries is fixed."""
    own = employee.id
    contracts = contracts_of(session, own)
    skills = session.execute(
        select(EmployeeSkill, Skill, OrgUnit.name)
        .join(Skill, Skill.id == EmployeeSkill.skill_id)
        .join(Ward, Ward.id == Skill.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(EmployeeSkill.employee_id == own)
        .order_by(OrgUnit.name, EmployeeSkill.position, EmployeeSkill.id)
    ).all()
    absences = session.scalars(
        select(Absence).where(Absence.employee_id == own).order_by(Absence.first_date.desc())
    ).all()
    return EmployeePage(
        employee=employee,
        contracts=contracts,
        shares=shares_of(session, [row.id for row in contracts]),
        skills=[(held, skill, ward) for held, skill, ward in skills],
        absences=absences,
        places=places(session, [employee.code], None).get(employee.code, ()),
        shifts=rest_account(session, own, now - timedelta(days=14), now + timedelta(days=56)),
    )


def rest_account(
    session: TenantSession, employee_id: UUID, since: datetime, until: datetime
) -> list[WorkedShift]:
    """Return the shifts of somebody in all wards' rosters in force, with the rest before each.

    Standby is no work: it may be rest, and none is told before a shift of nothing else.
    """
    taking_part = select(PeriodEmployee.period_id).where(PeriodEmployee.employee_id == employee_id)
    rosters = [roster.id for roster in rosters_in_force(session, Roster.period_id.in_(taking_part))]
    rows = session.execute(
        select(
            Assignment.starts_at,
            Assignment.ends_at,
            Assignment.standby_minutes,
            ShiftType.code,
            OrgUnit.name,
        )
        .join(ShiftType, ShiftType.id == Assignment.shift_type_id)
        .join(Ward, Ward.id == ShiftType.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(
            Assignment.roster_id.in_(rosters),
            Assignment.employee_id == employee_id,
            Assignment.ends_at >= since,
            Assignment.starts_at <= until,
        )
        .order_by(Assignment.starts_at, Assignment.id)
    )
    found: list[WorkedShift] = []
    latest: datetime | None = None
    for starts, ends, standby, shift, ward in rows:
        worked = ends - timedelta(minutes=standby)
        known = latest if worked > starts else None
        rest = None if known is None else int((starts - known).total_seconds()) // 60
        found.append(WorkedShift(ward, shift, starts, ends, rest))
        if worked > starts:
            latest = worked if latest is None else max(latest, worked)
    return found
