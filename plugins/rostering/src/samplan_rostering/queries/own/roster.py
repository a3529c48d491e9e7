"""What somebody who signs in sees of the own roster: shifts of chosen rosters, and the own absences.

A roster shows from the time when its period is in consultation; drafts are seen by those who make them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.models import Absence, Assignment, Employee, Roster, RosterPeriod, ShiftType, Ward

SHOWN_STATES = ("consultation", "decided", "published")
OPEN_STATES = ("consultation",)


@dataclass(frozen=True, slots=True, order=True)
class OwnShift:
    """A shift of one's own; `starts` and `ends` are local to the ward, `settled` is false in consultation."""

    starts: datetime
    ends: datetime
    on: date
    code: str
    name: str
    kind: str
    unit: str
    paid_minutes: int
    break_minutes: int
    settled: bool
    period_id: UUID
    on_call_minutes: int = 0
    standby_minutes: int = 0


def own_employee(session: TenantSession, account_id: UUID) -> Employee | None:
    """Return the employee who is linked to an account."""
    return session.scalar(select(Employee).where(Employee.account_id == account_id))


def own_shifts(session: TenantSession, employee_id: UUID, first: date, last: date) -> list[OwnShift]:
    """Return somebody's shifts that begin between two dates, inclusive, of rosters that may be seen."""
    rows = session.execute(
        select(Assignment, ShiftType, Ward.timezone, OrgUnit, RosterPeriod)
        .join(Roster, Roster.id == Assignment.roster_id)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .join(ShiftType, ShiftType.id == Assignment.shift_type_id)
        .join(Ward, Ward.id == ShiftType.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(
            Assignment.employee_id == employee_id,
            Assignment.on_date.between(first, last),
            Roster.chosen,
            RosterPeriod.state.in_(SHOWN_STATES),
        )
    )
    return sorted(
        OwnShift(
            starts=worked.starts_at.astimezone(ZoneInfo(zone)),
            ends=worked.ends_at.astimezone(ZoneInfo(zone)),
            on=worked.on_date,
            code=shift.code,
            name=shift.name,
            kind=shift.kind,
            unit=unit.name or unit.code,
            paid_minutes=worked.paid_minutes,
            break_minutes=worked.break_minutes,
            settled=period.state not in OPEN_STATES,
            period_id=period.id,
            on_call_minutes=worked.on_call_minutes,
            standby_minutes=worked.standby_minutes,
        )
        for worked, shift, zone, unit, period in rows
    )


def next_shift_date(session: TenantSession, employee_id: UUID, since: date) -> date | None:
    """Return the date of somebody's next shift that may be seen, from a date on."""
    return session.scalar(
        select(Assignment.on_date)
        .join(Roster, Roster.id == Assignment.roster_id)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .where(
            Assignment.employee_id == employee_id,
            Assignment.on_date >= since,
            Roster.chosen,
            RosterPeriod.state.in_(SHOWN_STATES),
        )
        .order_by(Assignment.on_date)
        .limit(1)
    )


def own_absences(session: TenantSession, employee_id: UUID, first: date, last: date) -> list[Absence]:
    """Return somebody's registered absences that meet two dates, in the order of their beginning."""
    query = select(Absence).where(
        Absence.employee_id == employee_id, Absence.first_date <= last, Absence.last_date >= first
    )
    return list(session.scalars(query.order_by(Absence.first_date, Absence.id)))
