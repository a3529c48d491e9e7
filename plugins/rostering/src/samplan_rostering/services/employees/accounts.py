"""Linking employees to the accounts that they sign in with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, members_by_account, record
from samplan_rostering.models import Employee, PeriodEmployee
from samplan_rostering.queries.employees.accounts import ROLE
from samplan_rostering.services.publishing.feeds import revoke_feed


def link_account(session: TenantSession, period_id: UUID, employee_id: UUID, account_id: UUID) -> Employee:
    """Link somebody who takes part in a period to an active member's account, and return the employee.

    Raises:
        NotFound: nobody of that id takes part in the period.
        Invalid: the account is no active member with the role of employees.
        Conflict: the employee has another account by now, or the account is another employee's.
    """
    employee = employee_of_period(session, period_id, employee_id)
    if employee.account_id == account_id:
        return employee
    if employee.account_id is not None:
        raise Conflict(
            _("%(name)s is linked to another account by now. Unlink it first.", name=shown(employee))
        )
    member = members_by_account(session, [account_id]).get(account_id)
    if member is None or not member.active or ROLE not in member.roles:
        raise Invalid(_("Choose an active member with the role Employee. Roles are given under Members."))
    other = session.scalar(select(Employee).where(Employee.account_id == account_id))
    if other is not None:
        raise Conflict(_("This account belongs to %(name)s. Unlink it there first.", name=shown(other)))
    employee.account_id = account_id
    session.flush()
    after = {"account_id": account_id}
    record(session, "employee.account_linked", "rostering.employee", employee.id, after=after)
    return employee


def unlink_account(session: TenantSession, period_id: UUID, employee_id: UUID, *, now: datetime) -> Employee:
    """Take an employee's account away with its calendar address, and return the employee.

    Without an account nothing happens.

    Raises:
        NotFound: nobody of that id takes part in the period.
    """
    employee = employee_of_period(session, period_id, employee_id)
    if employee.account_id is not None:
        before = {"account_id": employee.account_id}
        revoke_feed(session, employee.id, now=now)
        employee.account_id = None
        session.flush()
        record(session, "employee.account_unlinked", "rostering.employee", employee.id, before=before)
    return employee


def employee_of_period(session: TenantSession, period_id: UUID, employee_id: UUID) -> Employee:
    """Return somebody who takes part in a period, locked to be changed; raises `NotFound`."""
    taking_part = select(PeriodEmployee.employee_id).where(PeriodEmployee.period_id == period_id)
    employee = session.scalar(
        select(Employee)
        .where(Employee.id == employee_id, Employee.id.in_(taking_part), Employee.supplier.is_(None))
        .with_for_update()
    )
    if employee is None:
        raise NotFound(_("There is no such employee in the period."))
    return employee


def shown(employee: Employee) -> str:
    """Return the name of an employee, or the employment id where there is none."""
    return employee.name or employee.code
