"""Employees by hand: added, changed, with the history of their contracts, skills and absences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, holds_identity_number, record
from samplan_rostering.domain.absence import Absence as AbsenceValue
from samplan_rostering.domain.absence import collide
from samplan_rostering.models import Absence, Contract, ContractShare, Employee, EmployeeSkill, Skill, Ward
from samplan_rostering.queries.employees.people import absence_value
from samplan_rostering.services.replanning.part_of_day import check_part_of_day

PERSONAL = ("name", "profession", "day_break", "contracts", "absences", "skills", "shares")
"""What the audit trail tells as changed, never by value."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ContractFields:
    """Working time from a date on."""

    valid_from: date
    valid_to: date | None
    percentage: Decimal
    roster_type: str
    fulltime_week_minutes: int


def add_employee(
    session: TenantSession,
    *,
    code: str,
    name: str,
    profession: str,
    day_break: time,
    contract: ContractFields,
) -> Employee:
    """Add a person to roster, with a first contract.

    Raises:
        Invalid: the code is taken, or a personal identity number stands somewhere.
    """
    refuse_identity_numbers({"code": code, "name": name, "profession": profession})
    if session.scalar(select(Employee.id).where(Employee.code == code)) is not None:
        message = _("There is an employee with this id already.")
        raise Invalid(message, {"code": [message]})
    _check_dates(contract.valid_from, contract.valid_to)
    employee = Employee(code=code, name=name, profession=profession, day_break=day_break)
    session.add(employee)
    session.flush()
    session.add(_contract(employee.id, contract))
    own = {"name": name, "profession": profession, "day_break": day_break}
    record(session, "employee.added", "rostering.employee", employee.id, after=own, personal=PERSONAL)
    session.flush()
    return employee


def change_employee(session: TenantSession, employee: Employee, fields: Mapping[str, Any]) -> None:
    """Change name, profession or day break.

    Raises:
        Invalid: a personal identity number stands somewhere.
    """
    refuse_identity_numbers({"name": fields["name"], "profession": fields["profession"]})
    old = {name: getattr(employee, name) for name in fields}
    changed = [name for name in fields if old[name] != fields[name]]
    for name in changed:
        setattr(employee, name, fields[name])
    if changed:
        _record(
            session,
            employee.id,
            {name: old[name] for name in changed},
            {name: fields[name] for name in changed},
        )


def change_contract(session: TenantSession, employee: Employee, fields: ContractFields) -> None:
    """Let another contract hold from a date on.

    The contract in force ends the day before. Where the new one ends before that would have, the former one
    goes on afterwards, with its shares.

    Raises:
        Invalid: it begins with, or reaches into, another contract.
    """
    _check_dates(fields.valid_from, fields.valid_to)
    rows = session.scalars(select(Contract).where(Contract.employee_id == employee.id)).all()
    cut = next(
        (row for row in rows if _covers(row, fields.valid_from) and row.valid_from < fields.valid_from), None
    )
    end = fields.valid_to or (None if cut is None else cut.valid_to)
    for row in rows:
        if (
            row is not cut
            and row.valid_from <= (end or date.max)
            and fields.valid_from <= (row.valid_to or date.max)
        ):
            message = _(
                "It overlaps the contract from %(date)s. Choose other dates.", date=row.valid_from.isoformat()
            )
            raise Invalid(message, {"valid_from": [message]})
    before = _told(rows)
    if cut is not None:
        former_end, cut.valid_to = cut.valid_to, fields.valid_from - _DAY
        if end is not None and end < date.max and (former_end is None or former_end > end):
            _go_on(session, cut, end + _DAY, former_end)
        session.flush()
    session.add(_contract(employee.id, fields, end))
    session.flush()
    after = session.scalars(select(Contract).where(Contract.employee_id == employee.id)).all()
    _record(session, employee.id, {"contracts": before}, {"contracts": _told(after)})


def end_contract(session: TenantSession, contract: Contract, last: date) -> None:
    """Let a contract end on a date.

    Raises:
        Invalid: the date is before its first, or not before its last.
    """
    if last < contract.valid_from or (contract.valid_to is not None and last > contract.valid_to):
        message = _("A date within the contract.")
        raise Invalid(message, {"last": [message]})
    before = _told([contract])
    contract.valid_to = last
    _record(session, contract.employee_id, {"contracts": before}, {"contracts": _told([contract])})


def add_skill(
    session: TenantSession, employee: Employee, skill: Skill, first: date | None, last: date | None
) -> None:
    """Let somebody have a skill between two dates; raises `Invalid` for dates that overlap what is there."""
    _check_dates(first, last)
    rows = session.scalars(
        select(EmployeeSkill).where(EmployeeSkill.employee_id == employee.id).order_by(EmployeeSkill.position)
    ).all()
    for row in rows:
        apart = (row.valid_to or date.max) < (first or date.min) or (last or date.max) < (
            row.valid_from or date.min
        )
        if row.skill_id == skill.id and not apart:
            message = _("The employee has the skill on some of these dates already.")
            raise Invalid(message, {"skill_id": [message]})
    session.add(
        EmployeeSkill(
            employee_id=employee.id,
            skill_id=skill.id,
            valid_from=first,
            valid_to=last,
            position=max((row.position for row in rows), default=-1) + 1,
        )
    )
    _record(session, employee.id, {"skills": None}, {"skills": skill.code})


def end_skill(session: TenantSession, held: EmployeeSkill, last: date) -> None:
    """Let a skill be valid no longer than a date; before its first date it goes altogether."""
    _record(session, held.employee_id, {"skills": str(held.valid_to)}, {"skills": str(last)})
    if held.valid_from is not None and last < held.valid_from:
        session.delete(held)
    else:
        held.valid_to = last


def add_absence(session: TenantSession, employee: Employee, away: AbsenceValue) -> None:
    """Note an absence; raises `Invalid` for dates or times in the wrong order or that are noted already."""
    _check_dates(away.first, away.last, names=("first", "last"))
    check_part_of_day(away)
    rows = session.scalars(select(Absence).where(Absence.employee_id == employee.id)).all()
    if any(collide(away, absence_value(row, employee.code)) for row in rows):
        message = _("There is an absence on some of these dates already.")
        raise Invalid(message, {"first": [message]})
    position = max((row.position for row in rows), default=-1) + 1
    session.add(
        Absence(
            employee_id=employee.id,
            first_date=away.first,
            last_date=away.last,
            start_time=away.start,
            end_time=away.end,
            kind=away.kind.value,
            position=position,
        )
    )
    _record(session, employee.id, {"absences": None}, {"absences": away.kind.value})


def remove_absence(session: TenantSession, absence: Absence) -> None:
    """Remove an absence that is none."""
    _record(session, absence.employee_id, {"absences": absence.kind}, {"absences": None})
    session.delete(absence)


def split_contract(
    session: TenantSession, contract: Contract, ward: Ward, work: str, percentage: Decimal
) -> None:
    """Let a part of a contract be worked in a ward.

    Raises:
        Invalid: the shares would add up to more than the contract.
        Conflict: that ward has a share for this kind of work already.
    """
    rows = session.scalars(select(ContractShare).where(ContractShare.contract_id == contract.id)).all()
    if any(row.ward_id == ward.id and row.work == work for row in rows):
        raise Conflict(_("The ward has a share of this kind of work already."))
    left = contract.percentage - sum((row.percentage for row in rows), Decimal(0))
    if not 1 <= percentage <= left:
        message = _(
            "A number from 1 to %(left)s: the shares add up to at most the contract.", left=f"{left:f}"
        )
        raise Invalid(message, {"percentage": [message]})
    session.add(ContractShare(contract_id=contract.id, ward_id=ward.id, work=work, percentage=percentage))
    _record(session, contract.employee_id, {"shares": None}, {"shares": f"{percentage:f}"})


def remove_share(session: TenantSession, share: ContractShare, contract: Contract) -> None:
    """Take a share of a contract back; without any the contract is whole again."""
    _record(session, contract.employee_id, {"shares": f"{share.percentage:f}"}, {"shares": None})
    session.delete(share)


def _go_on(session: TenantSession, former: Contract, first: date, last: date | None) -> None:
    """Let a former contract go on from a date, with its shares."""
    again = Contract(
        employee_id=former.employee_id,
        valid_from=first,
        valid_to=last,
        percentage=former.percentage,
        roster_type=former.roster_type,
        fulltime_week_minutes=former.fulltime_week_minutes,
        position=former.position,
    )
    session.add(again)
    session.flush()
    for share in session.scalars(select(ContractShare).where(ContractShare.contract_id == former.id)).all():
        session.add(
            ContractShare(
                contract_id=again.id, ward_id=share.ward_id, work=share.work, percentage=share.percentage
            )
        )


def _contract(employee_id: UUID, fields: ContractFields, end: date | None = None) -> Contract:
    return Contract(
        employee_id=employee_id,
        valid_from=fields.valid_from,
        valid_to=fields.valid_to or end,
        percentage=fields.percentage,
        roster_type=fields.roster_type,
        fulltime_week_minutes=fields.fulltime_week_minutes,
        position=0,
    )


def _covers(row: Contract, on: date) -> bool:
    return row.valid_from <= on <= (row.valid_to or date.max)


def _told(rows: Any) -> list[str]:
    return sorted(f"{row.valid_from} {row.valid_to} {row.percentage} {row.roster_type}" for row in rows)


def _check_dates(
    first: date | None, last: date | None, names: tuple[str, str] = ("valid_from", "valid_to")
) -> None:
    if first is not None and last is not None and last < first:
        message = _("Not before %(date)s.", date=first.isoformat())
        raise Invalid(message, {names[1]: [message]})


def refuse_identity_numbers(texts: Mapping[str, str]) -> None:
    """Raise `Invalid` for the texts, by field, that hold a personal identity number."""
    message = _("Personal identity numbers may not be used here.")
    wrong = {name: [message] for name, text in texts.items() if holds_identity_number(text)}
    if wrong:
        raise Invalid(message, wrong)


def _record(session: TenantSession, employee_id: UUID, before: dict[str, Any], after: dict[str, Any]) -> None:
    record(
        session,
        "employee.changed",
        "rostering.employee",
        employee_id,
        before=before,
        after=after,
        personal=PERSONAL,
    )
