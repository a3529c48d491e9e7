"""A period's employees with the accounts that they sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Member, TenantSession, find_members, members_by_account
from samplan_rostering.models import Employee, PeriodEmployee

ROLE = "employee"
"""The role that an account must have to be linked."""


@dataclass(frozen=True, slots=True)
class LinkedEmployee:
    """An employee, and the member behind the account; None where there is none any more."""

    id: UUID
    code: str
    name: str
    linked: bool
    member: Member | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who may be linked; `taken` is the name of the employee whose account it is already."""

    member: Member
    taken: str | None


def linked_employees(session: TenantSession, period_id: UUID) -> list[LinkedEmployee]:
    """Return the own staff that takes part in a period, by employment id."""
    taking_part = select(PeriodEmployee.employee_id).where(PeriodEmployee.period_id == period_id)
    rows = session.scalars(
        select(Employee)
        .where(Employee.id.in_(taking_part), Employee.supplier.is_(None))
        .order_by(Employee.code)
    ).all()
    members = members_by_account(session, [row.account_id for row in rows if row.account_id])
    return [
        LinkedEmployee(
            row.id,
            row.code,
            row.name or row.code,
            row.account_id is not None,
            members.get(row.account_id) if row.account_id else None,
        )
        for row in rows
    ]


def candidates(session: TenantSession, text: str) -> list[Candidate]:
    """Return the members with the role of employees whose address or name holds the text."""
    members = find_members(session, text, role=ROLE)
    accounts = [member.account_id for member in members]
    taken = {
        row.account_id: row.name or row.code
        for row in session.scalars(select(Employee).where(Employee.account_id.in_(accounts)))
    }
    return [Candidate(member, taken.get(member.account_id)) for member in members]
