"""One's own shifts and absences laid out by week and by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.models import Absence, PeriodEmployee, RosterPeriod
from samplan_rostering.queries.own.roster import OwnShift, own_absences, own_shifts

WEEK = timedelta(days=7)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A date of one's own; `absence` is the kind, `parts` those for a part of the date.

    `outside`: it belongs to another month than is shown.
    """

    on: date
    shifts: tuple[OwnShift, ...]
    absence: str | None
    parts: tuple[Absence, ...]
    today: bool
    outside: bool = False

    @property
    def holiday(self) -> str | None:
        """The Swedish name of the public holiday."""
        return public_holiday(self.on)

    @property
    def red(self) -> bool:
        """Whether the date is a weekend or public holiday."""
        return self.on.weekday() >= SATURDAY or self.holiday is not None


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """A week from its Monday."""

    days: tuple[OwnDay, ...]

    @property
    def monday(self) -> date:
        """The first day."""
        return self.days[0].on

    @property
    def number(self) -> int:
        """The number of the ISO week."""
        return self.monday.isocalendar().week

    @property
    def minutes(self) -> int:
        """Working time of the shifts that begin in the week."""
        return sum(shift.paid_minutes for day in self.days for shift in day.shifts)

    @property
    def listed(self) -> tuple[OwnDay, ...]:
        """The days with something on them."""
        return tuple(day for day in self.days if day.shifts or day.absence or day.parts)


def monday_of(on: date) -> date:
    """Return the Monday of the date's week."""
    return on - timedelta(days=on.weekday())


def own_weeks(
    session: TenantSession, employee_id: UUID, monday: date, weeks: int, today: date
) -> list[OwnWeek]:
    """Return somebody's weeks from a Monday on."""
    last = monday + weeks * WEEK - timedelta(days=1)
    return _weeks(session, employee_id, (monday, last), today)


def own_month(session: TenantSession, employee_id: UUID, month: date, today: date) -> list[OwnWeek]:
    """Return the whole weeks that a month touches."""
    first = month.replace(day=1)
    last = following_month(first) - timedelta(days=1)
    span = monday_of(first), monday_of(last) + WEEK - timedelta(days=1)
    return _weeks(session, employee_id, span, today, first)


def following_month(month: date) -> date:
    """Return the first day of the next month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def previous_month(month: date) -> date:
    """Return the first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def _weeks(
    session: TenantSession,
    employee_id: UUID,
    span: tuple[date, date],
    today: date,
    month: date | None = None,
) -> list[OwnWeek]:
    first, last = span
    shifts = own_shifts(session, employee_id, first, last)
    absences = own_absences(session, employee_id, first, last)
    days = [
        _day(first + timedelta(days=ahead), shifts, absences, today, month)
        for ahead in range((last - first).days + 1)
    ]
    return [OwnWeek(tuple(days[start : start + 7])) for start in range(0, len(days), 7)]


def _day(
    on: date, shifts: Iterable[OwnShift], absences: Iterable[Absence], today: date, month: date | None
) -> OwnDay:
    away = [row for row in absences if row.first_date <= on <= row.last_date]
    whole = next((row.kind for row in away if row.start_time is None), None)
    return OwnDay(
        on=on,
        shifts=tuple(shift for shift in shifts if shift.on == on),
        absence=whole,
        parts=() if whole else tuple(row for row in away if row.start_time is not None),
        today=on == today,
        outside=month is not None and (on.year, on.month) != (month.year, month.month),
    )


def own_periods(session: TenantSession, employee_id: UUID) -> list[RosterPeriod]:
    """Return the periods that somebody takes part in, the newest first."""
    query = (
        select(RosterPeriod)
        .join(PeriodEmployee, PeriodEmployee.period_id == RosterPeriod.id)
        .where(PeriodEmployee.employee_id == employee_id)
        .order_by(RosterPeriod.start_date.desc(), RosterPeriod.id)
    )
    return list(session.scalars(query))
