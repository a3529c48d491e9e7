"""What the key figures count in a roster, by the month in which it happens; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.ward import WardData, WishKind
from samplan_rostering.queries.rosters.coverage import coverage
from samplan_rostering.queries.rosters.hours import hours_by_employee
from samplan_rostering.queries.rosters.standing import Standing
from samplan_rostering.solver.ward_facts import WardFacts

QUICK = timedelta(hours=11)
FRIDAY = 4


@dataclass(slots=True)
class Tally:
    """Part and whole of a figure, and how many observations are behind them."""

    part: int = 0
    whole: int = 0
    n: int = 0

    def add(self, part: int, whole: int = 0, n: int = 0) -> None:
        """Count more."""
        self.part, self.whole, self.n = self.part + part, self.whole + whole, self.n + n


Months = Mapping[date, Mapping[str, Tally]]
"""Tallies by the first date of a calendar month, and by figure."""


@dataclass(frozen=True, slots=True)
class RosterCounts:
    """How many of the own staff a roster is for, and what is counted in it.

    Broken rules and the hours of contracts are of the period as a whole, and in the month in which it begins.
    """

    people: int
    months: Months

    def as_json(self) -> dict[str, Any]:
        """Return the tallies as they are stored."""
        return {
            month.isoformat(): {key: [tally.part, tally.whole, tally.n] for key, tally in tallies.items()}
            for month, tallies in self.months.items()
        }

    @classmethod
    def from_json(cls, people: int, months: Mapping[str, Any]) -> RosterCounts:
        """Return the counts that are stored."""
        return cls(
            people,
            {
                date.fromisoformat(month): {key: Tally(*tally) for key, tally in tallies.items()}
                for month, tallies in months.items()
            },
        )


class _Count:
    """Counts by month."""

    def __init__(self) -> None:
        self.months: dict[date, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))

    def of(self, on: date, key: str) -> Tally:
        return self.months[on.replace(day=1)][key]


def count_roster(ward: WardData, stands: Standing) -> RosterCounts:
    """Count a roster, which is judged by `ward`, the input of its period."""
    count, facts = _Count(), WardFacts(stands.ward)
    _needs(count, stands, facts)
    _whole(count, ward, stands, facts)
    _hired(count, stands, facts)
    own = replace(stands, cells=tuple(cell for cell in stands.cells if cell.employee not in ward.hired))
    _shifts(count, own)
    _rests(count, own)
    _wishes(count, ward, own)
    return RosterCounts(len(ward.employees) - len(ward.hired), count.months)


def _needs(count: _Count, stands: Standing, facts: WardFacts) -> None:
    minutes = {shift.code: shift.paid_minutes for shift in stands.ward.shift_types}
    for need in coverage(stands.ward, stands.cells, stands.guests, facts):
        count.of(need.on, "coverage").add(need.target - need.missing, need.target, 1)
        length = minutes[need.shift]
        count.of(need.on, "unfilled_minutes").add(need.missing * length, need.target * length, 1)


def _whole(count: _Count, ward: WardData, stands: Standing, facts: WardFacts) -> None:
    first = ward.period.start
    count.of(first, "breaches").add(len(stands.evaluate(ward).violations), 1, 1)
    for code, hours in hours_by_employee(stands.ward, stands.cells, facts).items():
        if code not in ward.hired:
            count.of(first, "hours").add(hours.rostered, hours.contract)


def _hired(count: _Count, stands: Standing, facts: WardFacts) -> None:
    hired = stands.ward.hired
    for cell in stands.cells:
        if cell.shift in facts.shifts:
            minutes = facts.clock.paid_minutes(cell.day, facts.shifts[cell.shift])
            on = stands.ward.period.date_of(cell.day)
            count.of(on, "hired_share").add(minutes * (cell.employee in hired), minutes, 1)


def _shifts(count: _Count, stands: Standing) -> None:
    is_night, known = Timeline(stands.ward).is_night, {shift.code for shift in stands.ward.shift_types}
    weekends = set()
    for cell in stands.cells:
        on = stands.ward.period.date_of(cell.day)
        count.of(on, "nights").add(cell.shift in known and is_night(cell.shift), 1, 1)
        if on.weekday() > FRIDAY:
            weekends.add((cell.employee, on - timedelta(days=on.weekday() - FRIDAY - 1)))
    for _employee, saturday in weekends:
        count.of(max(saturday, stands.ward.period.start), "weekends").add(1)


def _rests(count: _Count, stands: Standing) -> None:
    line = Timeline(stands.ward)
    work = sorted(cell for cell in stands.cells if line.is_work(cell.shift))
    for one, other in pairwise(work):
        if one.employee == other.employee:
            rest = line.work(other.day, other.shift)[0] - line.work(one.day, one.shift)[1]
            count.of(stands.ward.period.date_of(other.day), "quick_returns").add(rest < QUICK, 1, 1)


def _wishes(count: _Count, ward: WardData, stands: Standing) -> None:
    worked = {(cell.employee, cell.day): cell.shift for cell in stands.cells}
    for wish in ward.wishes:
        shift = worked.get((wish.employee, ward.period.day_of(wish.date)))
        works = shift is not None if wish.shift is None else shift == wish.shift
        count.of(wish.date, "wishes").add(works == (wish.kind is WishKind.WANT), 1, 1)
