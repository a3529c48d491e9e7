"""What is stored of people: their own fields, contracts, absences and skills, and where they are rostered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.domain import ward as values
from samplan_rostering.models import (
    Absence,
    AbsenceRequest,
    Contract,
    Employee,
    EmployeeSkill,
    PeriodEmployee,
    RosterPeriod,
    Skill,
    Ward,
)

Codes = Mapping[UUID, str]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person as stored now; `skills` has those of every ward, each with the ward's id, in their order."""

    code: str
    name: str
    profession: str
    day_break: time
    contracts: tuple[values.Contract, ...]
    absences: tuple[values.Absence, ...]
    skills: tuple[tuple[UUID, values.HeldSkill], ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A unit and period that somebody is rostered in."""

    unit: str
    start: date
    end: date


def stored_people(session: TenantSession, codes: Collection[str]) -> dict[str, StoredPerson]:
    """Return those of the people who exist, by code; the number of queries is fixed."""
    rows = session.scalars(select(Employee).where(Employee.code.in_(codes))).all()
    who = {row.id: row.code for row in rows}
    contracts, absences, skills = _contracts(session, who), _absences(session, who), _skills(session, who)
    return {
        row.code: StoredPerson(
            code=row.code,
            name=row.name,
            profession=row.profession,
            day_break=row.day_break,
            contracts=tuple(contracts[row.code]),
            absences=tuple(absences[row.code]),
            skills=tuple(skills[row.code]),
        )
        for row in rows
    }


def places(
    session: TenantSession, codes: Collection[str], without: UUID | None
) -> dict[str, tuple[Place, ...]]:
    """Return where each of the people is rostered, by code, leaving one period out."""
    found: dict[str, list[Place]] = defaultdict(list)
    rows = session.execute(
        select(Employee.code, OrgUnit.name, OrgUnit.code, RosterPeriod)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .join(RosterPeriod, RosterPeriod.id == PeriodEmployee.period_id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(Employee.code.in_(codes))
    )
    for code, name, unit, period in rows:
        if period.id != without:
            found[code].append(Place(name or unit, period.start_date, period.end_date))
    return {code: tuple(sorted(theirs)) for code, theirs in found.items()}


def contract_value(
    row: Contract | Row[*tuple[Any, ...]], employee: str, percentage: Decimal | None = None
) -> values.Contract:
    """Return a stored contract as the value; `percentage` where a ward has only a share of it."""
    return values.Contract(
        employee=employee,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        percentage=row.percentage if percentage is None else percentage,
        roster_type=values.RosterType(row.roster_type),
        fulltime_week_minutes=row.fulltime_week_minutes,
    )


def absence_value(row: Absence | AbsenceRequest, employee: str) -> values.Absence:
    """Return a stored absence, or what is asked for, as the value."""
    kind = values.AbsenceKind(row.kind)
    return values.Absence(employee, row.first_date, row.last_date, kind, row.start_time, row.end_time)


def _contracts(session: TenantSession, who: Codes) -> Mapping[str, list[values.Contract]]:
    rows = session.scalars(
        select(Contract).where(Contract.employee_id.in_(who)).order_by(Contract.valid_from, Contract.id)
    )
    return _by_code((who[row.employee_id], contract_value(row, who[row.employee_id])) for row in rows)


def _absences(session: TenantSession, who: Codes) -> Mapping[str, list[values.Absence]]:
    rows = session.scalars(
        select(Absence).where(Absence.employee_id.in_(who)).order_by(Absence.first_date, Absence.id)
    )
    return _by_code((who[row.employee_id], absence_value(row, who[row.employee_id])) for row in rows)


def _skills(session: TenantSession, who: Codes) -> Mapping[str, list[tuple[UUID, values.HeldSkill]]]:
    rows = session.execute(
        select(EmployeeSkill, Skill)
        .join(Skill, Skill.id == EmployeeSkill.skill_id)
        .where(EmployeeSkill.employee_id.in_(who))
        .order_by(Skill.ward_id, EmployeeSkill.position, EmployeeSkill.id)
    )
    return _by_code(
        (who[held.employee_id], (skill.ward_id, values.HeldSkill(skill.code, held.valid_from, held.valid_to)))
        for held, skill in rows
    )


def _by_code(pairs: Iterable[tuple[str, Item]]) -> Mapping[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for code, item in pairs:
        found[code].append(item)
    return found
