"""The module's indicators for a month, by the best roster of each period that meets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from samplan.plugin_api import IndicatorValue, Period, TenantSession
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import ShiftKind, WardData, WishKind
from samplan_rostering.models import Roster, RosterPeriod
from samplan_rostering.queries.best import rosters_in_force
from samplan_rostering.queries.coverage import coverage
from samplan_rostering.queries.rosters import assignments
from samplan_rostering.queries.standing import Standing, standing
from samplan_rostering.queries.ward_data import ward_data


@dataclass(frozen=True, slots=True)
class Rostered:
    """A ward's input and best roster, and the month that is asked about."""

    stands: Standing
    month: Period

    @property
    def ward(self) -> WardData:
        """The ward's input, with every shift that its people work."""
        return self.stands.ward

    @property
    def cells(self) -> tuple[Assignment, ...]:
        """Who works what."""
        return self.stands.cells

    def within(self, on: date) -> bool:
        """Tell whether a date is in the month."""
        return self.month.start <= on <= self.month.end


def unfilled_share(session: TenantSession, period: Period) -> IndicatorValue:
    """Return the working minutes of required shifts that nobody is rostered for, in per cent of all."""
    missing = required = rows = 0
    for rostered in _rostered(session, period):
        minutes = {shift.code: shift.paid_minutes for shift in rostered.ward.shift_types}
        for need in coverage(rostered.ward, rostered.cells, rostered.stands.guests):
            if rostered.within(need.on):
                missing += need.missing * minutes[need.shift]
                required += need.target * minutes[need.shift]
                rows += 1
    return _share(missing, required, rows)


def wishes_met_share(session: TenantSession, period: Period) -> IndicatorValue:
    """Return the wishes that are met, in per cent of all."""
    met = wishes = 0
    for rostered in _rostered(session, period):
        worked = {(cell.employee, cell.day): cell.shift for cell in rostered.cells}
        for wish in rostered.ward.wishes:
            if rostered.within(wish.date):
                shift = worked.get((wish.employee, rostered.ward.period.day_of(wish.date)))
                works = shift is not None if wish.shift is None else shift == wish.shift
                met += works == (wish.kind is WishKind.WANT)
                wishes += 1
    return _share(met, wishes, wishes)


def night_shift_share(session: TenantSession, period: Period) -> IndicatorValue:
    """Return the night shifts in per cent of all rostered shifts."""
    nights = shifts = 0
    for rostered in _rostered(session, period):
        kinds = {shift.code: shift.kind for shift in rostered.ward.shift_types}
        for cell in rostered.cells:
            if rostered.within(rostered.ward.period.date_of(cell.day)):
                nights += kinds[cell.shift] is ShiftKind.NIGHT
                shifts += 1
    return _share(nights, shifts, shifts)


def _rostered(session: TenantSession, month: Period) -> Iterator[Rostered]:
    meeting = select(RosterPeriod.id).where(
        RosterPeriod.start_date <= month.end, RosterPeriod.end_date >= month.start
    )
    for roster in rosters_in_force(session, Roster.period_id.in_(meeting)):
        if roster.period_id is not None:
            ward = ward_data(session, roster.period_id)
            yield Rostered(standing(session, roster, ward, assignments(session, roster)), month)


def _share(part: int, whole: int, n: int) -> IndicatorValue:
    """Return a percentage with what it is made of; no value where there is nothing to divide by."""
    if not whole:
        return IndicatorValue(value=None)
    return IndicatorValue(value=100 * part / whole, numerator=part, denominator=whole, n=n)
