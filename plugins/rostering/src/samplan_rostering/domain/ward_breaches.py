"""The hard rules of a ward, judged for one person's row; each rule with its source stands in `rules`."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import time
from fractions import Fraction
from itertools import pairwise

from samplan_rostering.domain.evaluation import Violation
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.timeline import Interval, Timeline, longest_rest, minutes
from samplan_rostering.domain.ward import (
    Contract,
    DatedRequirement,
    Employee,
    Period,
    RosterType,
    WardData,
    WeeklyRequirement,
)

Need = WeeklyRequirement | DatedRequirement
FRIDAY = 4


@dataclass(slots=True)
class Person:
    """One person's part of the ward, and the row of the roster: shift by day; `past` is before day 0."""

    employee: Employee
    period: Period
    contracts: tuple[Contract, ...]
    absent: frozenset[int]
    past: dict[int, str]
    row: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, ward: WardData, employee: Employee) -> "Person":
        """Gather what the ward says of an employee."""
        period, code = ward.period, employee.code
        return cls(
            employee,
            period,
            tuple(contract for contract in ward.contracts if contract.employee == code),
            frozenset(
                day
                for row in ward.absences
                if row.employee == code
                for day in range(period.day_of(row.first), period.day_of(row.last) + 1)
            ),
            {period.day_of(past.date): past.shift for past in ward.history if past.employee == code},
        )

    def contract_on(self, day: int) -> Contract | None:
        """Return the contract in force on a day."""
        on = self.period.date_of(day)
        return next((contract for contract in self.contracts if contract.valid_on(on)), None)

    def counts(self, day: int, need: Need) -> bool:
        """Tell whether the person counts for a need on a day, by skills valid that day."""
        on = self.period.date_of(day)
        return need.skill is None or any(
            held.skill == need.skill and held.valid_on(on) for held in self.employee.skills
        )

    def works_weekend(self, saturday: int) -> bool:
        """Tell whether the Saturday or the Sunday after it is worked, also before the period."""
        return any(day in self.row or day in self.past for day in (saturday, saturday + 1))

    def target_minutes(self) -> int:
        """Return the contract's minutes: a seventh of a week for each day under contract and not absent."""
        total = Fraction(0)
        for day in range(self.period.days):
            contract = self.contract_on(day)
            if contract is not None and day not in self.absent:
                total += Fraction(contract.fulltime_week_minutes, 7) * Fraction(contract.percentage) / 100
        return int(total + Fraction(1, 2))


def breaches(
    ward: WardData, timeline: Timeline, person: Person, needs: list[list[Need]]
) -> Iterator[Violation]:
    """Yield every hard rule that the person's row breaks."""
    for day in sorted(person.row):
        yield from _broken_cell(ward, timeline, person, day, needs[day])
    yield from _broken_pins(ward, person)
    yield from _broken_rests(ward, timeline, person)
    worked = person.row.keys() | person.past.keys()
    limits = ward.rules
    yield from _long_runs(Rule.CONSECUTIVE_DAYS, person, worked, limits.max_consecutive_days)
    nights = {d for d, shift in (person.row | person.past).items() if timeline.is_night(shift)}
    yield from _long_runs(Rule.CONSECUTIVE_NIGHTS, person, nights, limits.max_consecutive_nights)
    yield from _broken_hours(ward, timeline, person)


def _broken_cell(
    ward: WardData, timeline: Timeline, person: Person, day: int, needs: list[Need]
) -> Iterator[Violation]:
    code, shift = person.employee.code, person.row[day]
    contract = person.contract_on(day)
    if contract is None:
        yield Violation(Rule.CONTRACT, code, day)
    elif not _allowed(contract.roster_type, person.period.date_of(day).weekday(), timeline.is_night(shift)):
        yield Violation(Rule.ROSTER_TYPE, code, day)
    if not any(need.shift == shift and person.counts(day, need) for need in needs):
        yield Violation(Rule.SKILL, code, day)
    if not person.absent.isdisjoint(timeline.days_touched(day, shift)):
        yield Violation(Rule.ABSENCE, code, day)
    begin, end = timeline.interval(day, shift)
    if minutes(end - begin) > ward.rules.max_shift_minutes:
        yield Violation(Rule.SHIFT_LENGTH, code, day, minutes(end - begin), ward.rules.max_shift_minutes)


def _allowed(kind: RosterType, weekday: int, night: bool) -> bool:
    """Tell whether a roster type has shifts on the weekday, by day or by night (AB § 13)."""
    if kind is RosterType.DAY:
        return not night and weekday <= FRIDAY
    if kind is RosterType.DAY_WEEKEND:
        return not night
    return night or kind is not RosterType.NIGHT


def _broken_pins(ward: WardData, person: Person) -> Iterator[Violation]:
    for pin in ward.pins:
        day = person.period.day_of(pin.date)
        if pin.employee == person.employee.code and person.row.get(day) != pin.shift:
            yield Violation(Rule.PIN, pin.employee, day)


def _broken_rests(ward: WardData, timeline: Timeline, person: Person) -> Iterator[Violation]:
    """Yield too short rests: after a shift, in each 24 hours from the own day break, in each seven of them.

    What the time before the period has broken alone is not held against this roster.
    """
    code, limits = person.employee.code, ward.rules
    work = {day: timeline.interval(day, shift) for day, shift in (person.past | person.row).items()}
    for first, second in pairwise(sorted(work)):
        rest = minutes(work[second][0] - work[first][1])
        if second >= 0 and rest < limits.daily_rest_minutes:
            yield Violation(Rule.REST_AFTER_SHIFT, code, second, rest, limits.daily_rest_minutes)
    day_break = person.employee.day_break
    before = [interval for day, interval in work.items() if day < 0]
    windows = [(Rule.DAILY_REST, day, 1, limits.daily_rest_minutes) for day in range(-1, person.period.days)]
    lead = int(day_break > time(0, 0))
    last = person.period.days - 7 - lead
    windows += [(Rule.WEEKLY_REST, d, 7, limits.weekly_rest_minutes) for d in range(-lead, last + 1, 7)]
    for rule, day, length, limit in windows:
        window: Interval = timeline.instant(day, day_break), timeline.instant(day + length, day_break)
        rest = longest_rest(window, list(work.values()))
        if rest < limit <= longest_rest(window, before):
            yield Violation(rule, code, max(day, 0), rest, limit)


def _long_runs(rule: Rule, person: Person, worked: Collection[int], limit: int) -> Iterator[Violation]:
    """Yield runs of days that are longer than the limit and reach into the period."""
    for end in sorted(day for day in worked if day >= 0 and day + 1 not in worked):
        begin = end
        while begin - 1 in worked:
            begin -= 1
        if end - begin + 1 > limit:
            yield Violation(rule, person.employee.code, max(begin, 0), end - begin + 1, limit)


def _broken_hours(ward: WardData, timeline: Timeline, person: Person) -> Iterator[Violation]:
    target = person.target_minutes()
    band = max(ward.rules.hours_band_minutes, target * ward.rules.hours_band_percent // 100)
    worked = sum(timeline.paid_minutes(day, shift) for day, shift in person.row.items())
    if worked < target - band:
        yield Violation(Rule.HOURS_MIN, person.employee.code, None, worked, target - band)
    if worked > target + band:
        yield Violation(Rule.HOURS_MAX, person.employee.code, None, worked, target + band)
