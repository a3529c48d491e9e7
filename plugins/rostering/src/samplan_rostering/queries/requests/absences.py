"""Absences that a period's people ask for, with the shifts that they would leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, union_all

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.absence import clock_span
from samplan_rostering.models import (
    AbsenceRequest,
    Assignment,
    Employee,
    PeriodEmployee,
    Roster,
    RosterPeriod,
    Swap,
    Ward,
)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request, whose it is, and how many shifts of chosen rosters it meets."""

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
    shifts = _shifts_met(session, [row for row, _employee in rows])
    return [RequestLine(row, employee.name or employee.code, shifts[row.id]) for row, employee in rows]


def waiting_by_period(session: TenantSession, periods: Collection[UUID]) -> dict[UUID, int]:
    """Return, by period, how many absences asked for and swaps agreed to wait for a decision."""
    absences = (
        select(RosterPeriod.id, AbsenceRequest.id)
        .join(PeriodEmployee, PeriodEmployee.period_id == RosterPeriod.id)
        .join(AbsenceRequest, AbsenceRequest.employee_id == PeriodEmployee.employee_id)
        .where(
            RosterPeriod.id.in_(periods),
            AbsenceRequest.state == "requested",
            AbsenceRequest.first_date <= RosterPeriod.end_date,
            AbsenceRequest.last_date >= RosterPeriod.start_date,
        )
    )
    swaps = select(Swap.period_id, Swap.id).where(Swap.period_id.in_(periods), Swap.state == "accepted")
    waiting = union_all(absences, swaps).subquery()
    period = waiting.c[0]
    return dict(session.execute(select(period, func.count()).group_by(period)).all())


def _shifts_met(session: TenantSession, requests: Sequence[AbsenceRequest]) -> dict[UUID, int]:
    """Return how many shifts of chosen rosters reach into the days, or their parts, that are asked for."""
    if not requests:
        return {}
    shifts = session.execute(
        select(AbsenceRequest.id, Assignment.starts_at, Assignment.ends_at, Ward.timezone)
        .join(Assignment, Assignment.employee_id == AbsenceRequest.employee_id)
        .join(Roster, Roster.id == Assignment.roster_id)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .where(
            Roster.chosen,
            AbsenceRequest.id.in_([row.id for row in requests]),
            Assignment.on_date.between(AbsenceRequest.first_date - 1, AbsenceRequest.last_date),
        )
    ).all()
    by_id = {row.id: row for row in requests}
    met = dict.fromkeys(by_id, 0)
    for key, starts, ends, timezone in shifts:
        zone = ZoneInfo(timezone)
        met[key] += _meets(by_id[key], starts.astimezone(zone), ends.astimezone(zone))
    return met


def _meets(row: AbsenceRequest, starts: datetime, ends: datetime) -> bool:
    """Tell whether a shift by local times reaches into a date, or the part of one, that is asked for."""
    first, last = clock_span(row.start_time, row.end_time)
    dates = (starts.date() + timedelta(days=ahead) for ahead in range((ends.date() - starts.date()).days + 1))
    return any(
        starts.replace(tzinfo=None) < datetime.combine(on, time()) + timedelta(minutes=last)
        and datetime.combine(on, time()) + timedelta(minutes=first) < ends.replace(tzinfo=None)
        for on in dates
        if row.first_date <= on <= row.last_date
    )
