"""Hours of hired staff by month: in the rosters in force, and of shifts handed over that nobody has yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import HiredHours, OrgUnit, Period, TenantSession
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
from samplan_rostering.queries.best import rosters_in_force
from samplan_rostering.queries.calloff import WAITING

_MINUTES = Decimal(60)


class HoursOfHired:
    """What hired staff is rostered and called off for, as the core's `RosteredHours`."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def hired(self, period: Period) -> Sequence[HiredHours]:
        """Return the hours of shifts that begin in the period, in sums by month, unit and profession."""
        minutes: dict[tuple[date, str, str | None, bool], int] = defaultdict(int)
        for unit, profession, on, paid in self._rostered(period):
            minutes[on.replace(day=1), unit, profession, False] += paid
        for unit, usual, on, paid in self._called_off(period):
            minutes[on.replace(day=1), unit, usual, True] += paid
        return [
            HiredHours(month, unit, profession, (Decimal(sum_) / _MINUTES).quantize(Decimal("0.01")), called)
            for (month, unit, profession, called), sum_ in sorted(minutes.items(), key=str)
        ]

    def _rostered(self, period: Period) -> Iterable[tuple[str, str, date, int]]:
        touching = select(RosterPeriod.id).where(
            RosterPeriod.start_date <= period.end, RosterPeriod.end_date >= period.start
        )
        rosters = [row.id for row in rosters_in_force(self._session, Roster.period_id.in_(touching))]
        query = (
            select(OrgUnit.code, Employee.profession, Assignment.on_date, Assignment.paid_minutes)
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
        rows = self._session.execute(query)
        return [(unit, profession, on, paid) for unit, profession, on, paid in rows]

    def _called_off(self, period: Period) -> Iterable[tuple[str, str | None, date, int]]:
        query = (
            select(OrgUnit.code, CallOffLine, ShiftType.paid_minutes)
            .join(RosterPeriod, RosterPeriod.id == CallOffLine.period_id)
            .join(Ward, Ward.id == RosterPeriod.ward_id)
            .join(OrgUnit, OrgUnit.id == Ward.unit_id)
            .join(ShiftType, ShiftType.id == CallOffLine.shift_type_id)
            .where(CallOffLine.state == WAITING, CallOffLine.people > 0)
            .where(CallOffLine.on_date.between(period.start, period.end))
        )
        known: dict[tuple[UUID, UUID | None], str | None] = {}
        found = []
        for unit, line, paid in self._session.execute(query):
            key = line.period_id, line.skill_id
            if key not in known:
                known[key] = self._usual_profession(*key)
            found.append((unit, known[key], line.on_date, line.people * paid))
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
