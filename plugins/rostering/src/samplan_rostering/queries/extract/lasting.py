"""What holds of a person between two dates, as parts of a register extract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from samplan.plugin_api import OrgUnit, _l
from samplan_rostering.models import Absence, Contract, ContractShare, EmployeeSkill, Skill, Ward


def lasting(employee_id: UUID) -> Iterator[tuple[str, Any, Select[*tuple[Any, ...]]]]:
    """Give what holds between two dates."""
    yield (
        "skill",
        _l("Skills"),
        select(Skill.code, Skill.name, EmployeeSkill.valid_from, EmployeeSkill.valid_to)
        .select_from(EmployeeSkill)
        .join(Skill, Skill.id == EmployeeSkill.skill_id)
        .where(EmployeeSkill.employee_id == employee_id)
        .order_by(EmployeeSkill.position),
    )
    yield (
        "contract",
        _l("Contracts"),
        select(
            Contract.valid_from,
            Contract.valid_to,
            Contract.percentage,
            Contract.roster_type,
            Contract.fulltime_week_minutes,
        )
        .where(Contract.employee_id == employee_id)
        .order_by(Contract.valid_from),
    )
    yield _shares(employee_id)
    yield (
        "absence",
        _l("Absences"),
        select(Absence.first_date, Absence.last_date, Absence.start_time, Absence.end_time, Absence.kind)
        .where(Absence.employee_id == employee_id)
        .order_by(Absence.first_date),
    )


def _shares(employee_id: UUID) -> tuple[str, Any, Select[*tuple[Any, ...]]]:
    """Give the wards that a contract is split over."""
    return (
        "contract_share",
        _l("Shares of contracts"),
        select(OrgUnit.name.label("unit"), ContractShare.work, ContractShare.percentage, Contract.valid_from)
        .select_from(ContractShare)
        .join(Contract, Contract.id == ContractShare.contract_id)
        .join(Ward, Ward.id == ContractShare.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(Contract.employee_id == employee_id)
        .order_by(Contract.valid_from, OrgUnit.name),
    )
