"""Hours of hired staff by month: in the rosters in force, and of shifts handed over that nobody has yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import HiredHours, HourClasses, OrgUnit, Period, TenantSession
from samplan_rostering.models import (
    Assignment,
    CallOffLine,
    Employee,
    EmployeeSkill,
    PeriodEmployee,
    Roster,
    RosterPeriod,
    ShiftType,
    Ward,
)
from samplan_rostering.queries.hired.calloff import WAITING
from samplan_rostering.queries.solving.best import rosters_in_force

_MINUTES = Decimal(60)


class _Shift(NamedTuple):
    unit: str
    profession: str | None
    timezone: str
    on: date
    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    paid_minutes: int


class _Divider:
    """Divides the paid minutes of shifts by time of day; the same times are judged once."""

    def __init__(self, classes: HourClasses | None) -> None:
        self._classes = classes
        self._known: dict[tuple[datetime, datetime, int, str], Mapping[str, Decimal]] = {}

    def minutes(self, shift: _Shift) -> dict[str | None, Decimal]:
        """Return the minutes by time of day; all under None where nobody asks for it."""
        paid = Decimal(shift.paid_minutes)
        hours = self._hours(shift)
        whole = sum(hours.values(), Decimal(0))
        if not whole:
            return {None: paid}
        return {name: paid * part / whole for name, part in hours.items()}

    def _hours(self, shift: _Shift) -> Mapping[str, Decimal]:
        if self._classes is None:
            return {}
        key = shift.starts_at, shift.ends_at, shift.break_minutes, shift.timezone
        if key not in self._known:
            zone = ZoneInfo(shift.timezone)
            begins, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
            self._known[key] = self._classes(begins, ends, shift.break_minutes)
        return self._known[key]


class HoursOfHired:
    """What hired staff is rostered and called off for, as the core's `RosteredHours`."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def hired(self, period: Period, classes: HourClasses | None = None) -> Sequence[HiredHours]:
        """Return the hours of shifts that begin in the period, in sums by month, unit and profession.

        With `classes` by time of day as well: paid hours are divided as it divides those of the shift.
        """
        divide = _Divider(classes)
        minutes: dict[tuple[date, str, str | None, bool, str | None], Decimal] = defaultdict(Decimal)
        for called, shifts in ((False, self._rostered(period)), (True, self._called_off(period))):
            for shift in shifts:
                for name, paid in divide.minutes(shift).items():
                    minutes[shift.on.replace(day=1), shift.unit, shift.profession, called, name] += paid
        return [
            HiredHours(month, unit, profession, (sum_ / _MINUTES).quantize(Decimal("0.01")), called, name)
            for (month, unit, profession, called, name), sum_ in sorted(minutes.items(), key=str)
        ]

    def _rostered(self, period: Period) -> Iterable[_Shift]:
        touching = select(RosterPeriod.id).where(
            RosterPeriod.start_date <= period.end, RosterPeriod.end_date >= period.start
        )
        rosters = [row.id for row in rosters_in_force(self._session, Roster.period_id.in_(touching))]
        query = (
            select(
                OrgUnit.code,
                Employee.profession,
                Ward.timezone,
                Assignment.on_date,
                Assignment.starts_at,
                Assignment.ends_at,
                Assignment.break_minutes,
                Assignment.paid_minutes,
            )
            .join(Roster, Roster.id == Assignment.roster_id)
            .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
            .join(Ward, Ward.id == RosterPeriod.ward_id)
            .join(OrgUnit, OrgUnit.id == Ward.unit_id)
            .join(Employee, Employee.id == Assignment.employee_id)
            .where(
                Assignment.roster_id.in_(rosters),
                Employee.supplier.is_not(None),
                Assignment.on_date.between(period.start, period.end),
            )
        )
        return [_Shift(*row) for row in self._session.execute(query)]

    def _called_off(self, period: Period) -> Iterable[_Shift]:
        query = (
            select(OrgUnit.code, Ward.timezone, CallOffLine, ShiftType.paid_minutes)
            .join(RosterPeriod, RosterPeriod.id == CallOffLine.period_id)
            .join(Ward, Ward.id == RosterPeriod.ward_id)
            .join(OrgUnit, OrgUnit.id == Ward.unit_id)
            .join(ShiftType, ShiftType.id == CallOffLine.shift_type_id)
            .where(CallOffLine.state == WAITING, CallOffLine.people > 0)
            .where(CallOffLine.on_date.between(period.start, period.end))
        )
        known: dict[tuple[UUID, UUID | None], str | None] = {}
        found = []
        for unit, timezone, line, paid in self._session.execute(query):
            key = line.period_id, line.skill_id
            if key not in known:
                known[key] = self._usual_profession(*key)
            times = line.on_date, line.starts_at, line.ends_at, line.break_minutes
            found.append(_Shift(unit, known[key], timezone, *times, line.people * paid))
        return found

    def _usual_profession(self, period_id: UUID, skill_id: UUID | None) -> str | None:
        """Return the profession of most in the period who have the skill, or of most of all."""
        query = (
            select(Employee.profession)
            .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
            .where(PeriodEmployee.period_id == period_id)
        )
        if skill_id is not None:
            query = query.join(EmployeeSkill, EmployeeSkill.employee_id == Employee.id).where(
                EmployeeSkill.skill_id == skill_id
            )
        counted = Counter(self._session.scalars(query.order_by(Employee.code)))
        return counted.most_common(1)[0][0] if counted else None
