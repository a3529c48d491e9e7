"""What an input says of its people: skills, contracts and absences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain import ward as values
from samplan_rostering.models import Absence, Contract, EmployeeSkill
from samplan_rostering.services.keys import Keys


def replace(session: TenantSession, data: values.WardData, keys: Keys) -> None:
    """Store the skills, contracts and absences of `data`'s employees in place of what they replace."""
    people = [keys.employees[employee.code] for employee in data.employees]
    _replace_skills(session, data, keys, people)
    contracts = [
        Contract(
            employee_id=keys.employees[row.employee],
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            percentage=row.percentage,
            roster_type=row.roster_type.value,
            fulltime_week_minutes=row.fulltime_week_minutes,
            position=position,
        )
        for position, row in enumerate(data.contracts)
    ]
    absences = [
        Absence(
            employee_id=keys.employees[row.employee],
            first_date=row.first,
            last_date=row.last,
            kind=row.kind.value,
            position=position,
        )
        for position, row in enumerate(data.absences)
    ]
    old_contracts = session.scalars(select(Contract).where(Contract.employee_id.in_(people)))
    _replace_dated(session, old_contracts, contracts, data.period)
    old_absences = session.scalars(select(Absence).where(Absence.employee_id.in_(people)))
    _replace_dated(session, old_absences, absences, data.period)


def _replace_skills(session: TenantSession, data: values.WardData, keys: Keys, people: list[UUID]) -> None:
    """Replace the skills of this ward; what somebody may do in another ward stays."""
    session.execute(
        delete(EmployeeSkill).where(
            EmployeeSkill.employee_id.in_(people), EmployeeSkill.skill_id.in_(keys.skills.values())
        )
    )
    session.add_all(
        EmployeeSkill(
            employee_id=keys.employees[employee.code],
            skill_id=keys.skills[held.skill],
            valid_from=held.valid_from,
            valid_to=held.valid_to,
            position=position,
        )
        for employee in data.employees
        for position, held in enumerate(employee.skills)
    )


def _replace_dated(
    session: TenantSession,
    old: Iterable[Contract | Absence],
    new: Sequence[Contract | Absence],
    period: values.Period,
) -> None:
    """Delete the old rows that meet the period or a new row of the same person, and add the new ones."""
    spans: dict[UUID, list[tuple[date, date]]] = {}
    for row in new:
        spans.setdefault(row.employee_id, []).append(_span(row))
    for former in old:
        stated = [(period.start, period.end), *spans.get(former.employee_id, ())]
        first, last = _span(former)
        if any(first <= end and start <= last for start, end in stated):
            session.delete(former)
    session.flush()
    session.add_all(new)


def _span(row: Contract | Absence) -> tuple[date, date]:
    if isinstance(row, Contract):
        return row.valid_from, row.valid_to or date.max
    return row.first_date, row.last_date
