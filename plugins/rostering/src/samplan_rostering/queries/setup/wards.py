"""Wards as places of their own: who belongs there, what they work, and which periods there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select, union

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_rostering.models import (
    Contract,
    ContractShare,
    Employee,
    EmployeeSkill,
    PeriodEmployee,
    RosterPeriod,
    ShiftType,
    Skill,
    Ward,
)
from samplan_rostering.queries.periods.lists import PeriodOverview, overviews


@dataclass(frozen=True, slots=True)
class WardLine:
    """A ward as lists show it."""

    id: UUID
    code: str
    name: str
    timezone: str
    staff: int
    periods: int


@dataclass(frozen=True, slots=True)
class WardPage:
    """A ward with what it has: the shift types and skills in use, and its newest periods."""

    ward: WardLine
    skills: Sequence[Skill]
    shift_types: Sequence[ShiftType]
    periods: list[PeriodOverview]


def ward_lines(session: TenantSession) -> list[WardLine]:
    """Return every ward by name; the number of queries does not grow with them."""
    rows = session.execute(
        select(Ward, OrgUnit).join(OrgUnit, OrgUnit.id == Ward.unit_id).order_by(OrgUnit.name, OrgUnit.code)
    ).all()
    return _lines(session, [(ward, unit) for ward, unit in rows])


def get_ward(session: TenantSession, ward_id: UUID) -> WardLine:
    """Return a ward; raises `NotFound`."""
    row = session.execute(
        select(Ward, OrgUnit).join(OrgUnit, OrgUnit.id == Ward.unit_id).where(Ward.id == ward_id)
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such ward."))
    return _lines(session, [(row[0], row[1])])[0]


def ward_page(session: TenantSession, ward_id: UUID, limit: int = 12) -> WardPage:
    """Return a ward with what it has; raises `NotFound`."""
    newest = (
        select(RosterPeriod)
        .where(RosterPeriod.ward_id == ward_id)
        .order_by(RosterPeriod.start_date.desc(), RosterPeriod.id)
        .limit(limit)
    )
    return WardPage(
        ward=get_ward(session, ward_id),
        skills=skills_of(session, ward_id),
        shift_types=shift_types_of(session, ward_id),
        periods=overviews(session, session.scalars(newest).all()),
    )


def skills_of(session: TenantSession, ward_id: UUID, *, retired: bool = False) -> Sequence[Skill]:
    """Return a ward's skills in their order; with those that are out of use, these last."""
    query = select(Skill).where(Skill.ward_id == ward_id).order_by(Skill.retired, Skill.position, Skill.id)
    return session.scalars(query if retired else query.where(~Skill.retired)).all()


def skills_with_wards(session: TenantSession) -> Sequence[tuple[Skill, OrgUnit]]:
    """Return the skills in use of every ward with its unit, in the order of the wards' names."""
    query = (
        select(Skill, OrgUnit)
        .join(Ward, Ward.id == Skill.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(~Skill.retired)
        .order_by(OrgUnit.name, OrgUnit.code, Skill.position, Skill.id)
    )
    return [(skill, unit) for skill, unit in session.execute(query)]


def shift_types_of(session: TenantSession, ward_id: UUID, *, retired: bool = False) -> Sequence[ShiftType]:
    """Return a ward's shift types in their order; with those that are out of use, these last."""
    query = (
        select(ShiftType)
        .where(ShiftType.ward_id == ward_id)
        .order_by(ShiftType.retired, ShiftType.position, ShiftType.id)
    )
    return session.scalars(query if retired else query.where(~ShiftType.retired)).all()


def staff_ids(ward_id: UUID) -> Select[UUID]:
    """Choose the own staff of a ward: in one of its periods, with a skill of it, or by a contract's share."""
    taking_part = (
        select(PeriodEmployee.employee_id)
        .join(RosterPeriod, RosterPeriod.id == PeriodEmployee.period_id)
        .where(RosterPeriod.ward_id == ward_id)
    )
    skilled = (
        select(EmployeeSkill.employee_id)
        .join(Skill, Skill.id == EmployeeSkill.skill_id)
        .where(Skill.ward_id == ward_id)
    )
    shared = (
        select(Contract.employee_id)
        .join(ContractShare, ContractShare.contract_id == Contract.id)
        .where(ContractShare.ward_id == ward_id)
    )
    found = union(taking_part, skilled, shared).subquery()
    own = Employee.supplier.is_(None)
    return select(Employee.id).where(own, Employee.id.in_(select(found.c.employee_id)))


def unplaced_ids() -> Select[UUID]:
    """Choose the own employees with a contract who belong to no ward yet."""
    placed = union(
        select(PeriodEmployee.employee_id),
        select(EmployeeSkill.employee_id),
        select(Contract.employee_id).join(ContractShare, ContractShare.contract_id == Contract.id),
    ).subquery()
    return select(Employee.id).where(
        Employee.supplier.is_(None),
        Employee.id.in_(select(Contract.employee_id)),
        Employee.id.not_in(select(placed.c.employee_id)),
    )


def units_without_ward(session: TenantSession) -> Sequence[OrgUnit]:
    """Return the units in use that no ward belongs to."""
    taken = select(Ward.unit_id)
    return session.scalars(
        select(OrgUnit)
        .where(OrgUnit.active, OrgUnit.id.not_in(taken), OrgUnit.parent_id.is_not(None))
        .order_by(OrgUnit.name, OrgUnit.code)
    ).all()


def _lines(session: TenantSession, rows: Sequence[tuple[Ward, OrgUnit]]) -> list[WardLine]:
    ids = [ward.id for ward, _unit in rows]
    counted = (
        select(RosterPeriod.ward_id, func.count())
        .where(RosterPeriod.ward_id.in_(ids))
        .group_by(RosterPeriod.ward_id)
    )
    periods = dict(session.execute(counted).all())
    hired = select(Employee.id).where(Employee.supplier.is_not(None))
    people = union(
        select(RosterPeriod.ward_id, PeriodEmployee.employee_id)
        .join(RosterPeriod, RosterPeriod.id == PeriodEmployee.period_id)
        .where(RosterPeriod.ward_id.in_(ids), PeriodEmployee.employee_id.not_in(hired)),
        select(Skill.ward_id, EmployeeSkill.employee_id)
        .join(Skill, Skill.id == EmployeeSkill.skill_id)
        .where(Skill.ward_id.in_(ids), EmployeeSkill.employee_id.not_in(hired)),
        select(ContractShare.ward_id, Contract.employee_id)
        .join(Contract, Contract.id == ContractShare.contract_id)
        .where(ContractShare.ward_id.in_(ids)),
    ).subquery()
    by_ward = select(people.c.ward_id, func.count()).group_by(people.c.ward_id)
    staff: dict[UUID, int] = dict(session.execute(by_ward).all())
    return [
        WardLine(ward.id, unit.code, unit.name, ward.timezone, staff.get(ward.id, 0), periods.get(ward.id, 0))
        for ward, unit in rows
    ]
