"""What an input says of its people: skills, contracts and absences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, select

from samplan.plugin_api import TenantSession, record
from samplan_rostering.domain import ward as values
from samplan_rostering.models import Absence, Contract, EmployeeSkill
from samplan_rostering.services.employees import split_contracts
from samplan_rostering.services.periods.keys import Keys

Dated = TypeVar("Dated", Contract, Absence)
PARTS = ("contracts", "absences", "skills")
"""Parts of an employee that the audit trail shows as changed, never by value."""

Removed = dict[UUID, list[str]]


def replace(session: TenantSession, data: values.WardData, keys: Keys, ward_id: UUID) -> None:
    """Store the skills, contracts and absences of `data`'s employees in place of what they replace.

    The audit trail tells, by id, whose are others than before.
    """
    people = [keys.employees[employee.code] for employee in data.employees]
    skills, contracts, absences = _skills(data, keys), _contracts(data, keys), _absences(data, keys)
    old, contracts = split_contracts.kept_apart(
        session,
        _of(session, Contract, people),
        contracts,
        ward_id,
        {key: code for code, key in keys.employees.items()},
    )
    former = {
        "skills": _replace_skills(session, skills, keys, people),
        "contracts": _replace_dated(session, old, contracts, data.period),
        "absences": _replace_dated(session, _of(session, Absence, people), absences, data.period),
    }
    stated = {"skills": _texts(skills), "contracts": _texts(contracts), "absences": _texts(absences)}
    for person in people:
        if person not in keys.added:
            before = {part: sorted(former[part].get(person, ())) for part in PARTS}
            _record(session, person, before, {part: sorted(stated[part].get(person, ())) for part in PARTS})


def _record(
    session: TenantSession, person: UUID, before: dict[str, list[str]], after: dict[str, list[str]]
) -> None:
    changed = [part for part in PARTS if before[part] != after[part]]
    if changed:
        record(
            session,
            "employee.changed",
            "rostering.employee",
            person,
            before={part: before[part] or None for part in changed},
            after={part: after[part] or None for part in changed},
            personal=PARTS,
        )


def _of(session: TenantSession, model: type[Dated], people: list[UUID]) -> Sequence[Dated]:
    return session.scalars(select(model).where(model.employee_id.in_(people))).all()


def _contracts(data: values.WardData, keys: Keys) -> list[Contract]:
    return [
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


def _absences(data: values.WardData, keys: Keys) -> list[Absence]:
    return [
        Absence(
            employee_id=keys.employees[row.employee],
            first_date=row.first,
            last_date=row.last,
            start_time=row.start,
            end_time=row.end,
            kind=row.kind.value,
            position=position,
        )
        for position, row in enumerate(data.absences)
    ]


def _skills(data: values.WardData, keys: Keys) -> list[EmployeeSkill]:
    return [
        EmployeeSkill(
            employee_id=keys.employees[employee.code],
            skill_id=keys.skills[held.skill],
            valid_from=held.valid_from,
            valid_to=held.valid_to,
            position=position,
        )
        for employee in data.employees
        for position, held in enumerate(employee.skills)
    ]


def _replace_skills(
    session: TenantSession, new: Sequence[EmployeeSkill], keys: Keys, people: list[UUID]
) -> Removed:
    """Replace the skills of this ward; what somebody may do in another ward stays. Return the former."""
    of_ward = EmployeeSkill.employee_id.in_(people), EmployeeSkill.skill_id.in_(keys.skills.values())
    former = _texts(session.scalars(select(EmployeeSkill).where(*of_ward)))
    session.execute(delete(EmployeeSkill).where(*of_ward))
    session.add_all(new)
    return former


def _replace_dated(
    session: TenantSession, old: Sequence[Dated], new: Sequence[Dated], period: values.Period
) -> Removed:
    """Delete the old rows that meet the period or a new row of the same person, and add the new ones.

    Return what was deleted, by person.
    """
    spans: dict[UUID, list[tuple[date, date]]] = {}
    for row in new:
        spans.setdefault(row.employee_id, []).append(_span(row))
    removed = [row for row in old if _is_replaced(row, period, spans.get(row.employee_id, []))]
    texts = _texts(removed)
    for row in removed:
        session.delete(row)
    session.flush()
    session.add_all(new)
    return texts


def _is_replaced(row: Contract | Absence, period: values.Period, stated: list[tuple[date, date]]) -> bool:
    first, last = _span(row)
    return any(first <= end and start <= last for start, end in [(period.start, period.end), *stated])


def _span(row: Contract | Absence) -> tuple[date, date]:
    if isinstance(row, Contract):
        return row.valid_from, row.valid_to or date.max
    return row.first_date, row.last_date


def _texts(rows: Iterable[EmployeeSkill | Contract | Absence]) -> Removed:
    """Return what the rows say, by person, to be compared."""
    texts: Removed = {}
    for row in rows:
        texts.setdefault(row.employee_id, []).append(_text(row))
    return texts


def _text(row: EmployeeSkill | Contract | Absence) -> str:
    if isinstance(row, EmployeeSkill):
        return f"{row.skill_id} {row.valid_from} {row.valid_to}"
    if isinstance(row, Absence):
        return f"{row.first_date} {row.last_date} {row.start_time} {row.end_time} {row.kind}"
    share = f"{row.percentage.normalize():f}"
    return f"{row.valid_from} {row.valid_to} {share} {row.roster_type} {row.fulltime_week_minutes}"
