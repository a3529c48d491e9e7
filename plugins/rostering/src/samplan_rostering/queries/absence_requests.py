"""Absences that a period's people ask for, with the shifts that they would leave."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import TenantSession
from samplan_rostering.models import (
    AbsenceRequest,
    Assignment,
    Employee,
    PeriodEmployee,
    Roster,
    RosterPeriod,
)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request, whose it is, and how many shifts of chosen rosters lie in its dates."""

    request: AbsenceRequest
    name: str
    shifts: int


def requests_in(session: TenantSession, period_id: UUID) -> list[RequestLine]:
    """Return the requests of a period's people for dates that meet it, the newest first, none withdrawn."""
    rows = session.execute(
        select(AbsenceRequest, Employee)
        .join(Employee, Employee.id == AbsenceRequest.employee_id)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .join(RosterPeriod, RosterPeriod.id == PeriodEmployee.period_id)
        .where(
            RosterPeriod.id == period_id,
            AbsenceRequest.first_date <= RosterPeriod.end_date,
            AbsenceRequest.last_date >= RosterPeriod.start_date,
            AbsenceRequest.state != "withdrawn",
        )
        .order_by(AbsenceRequest.state != "requested", AbsenceRequest.id.desc())
        .limit(100)
    ).all()
    counted = (
        select(AbsenceRequest.id, func.count())
        .join(Assignment, Assignment.employee_id == AbsenceRequest.employee_id)
        .join(Roster, Roster.id == Assignment.roster_id)
        .where(
            Roster.chosen,
            AbsenceRequest.id.in_([row.id for row, _employee in rows]),
            Assignment.on_date.between(AbsenceRequest.first_date, AbsenceRequest.last_date),
        )
        .group_by(AbsenceRequest.id)
    )
    shifts = dict(session.execute(counted).all())
    return [RequestLine(row, employee.name or employee.code, shifts.get(row.id, 0)) for row, employee in rows]
