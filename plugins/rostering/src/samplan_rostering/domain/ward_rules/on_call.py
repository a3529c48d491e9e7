"""On-call duty (jour): how much of it there may be in four weeks or a calendar month."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.timeline import minutes
from samplan_rostering.domain.ward import Period
from samplan_rostering.domain.ward_rules.base import HARD_ONLY, Breach, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Person


class Reference(StrEnum):
    """What on-call duty is counted in: the employer goes by one of them (Arbetstidslagen 6 §)."""

    WEEKS = "weeks"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallHours(PersonRule):
    """At most 48 h of on-call duty in four weeks, or 50 h in a calendar month (Arbetstidslagen 6 §).

    Four weeks end with the roster, and every seven days before as long as they end inside the period. Duty
    over midnight is counted on both dates. What the past alone has too much is not held against the roster.
    """

    key: ClassVar[str] = "on_call_hours"
    source: ClassVar[str] = "ATL-06"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    reference: Reference = field(default=Reference.WEEKS, metadata={"rule": "ATL-06"})
    minutes: int = field(default=2880, metadata={"rule": "ATL-06"})
    month_minutes: int = field(default=3000, metadata={"rule": "ATL-06"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the stretches of days with too much on-call duty."""
        duty, past_duty = (_on_call(case, shifts) for shifts in (person.row, person.past))
        if not duty:
            return
        by_month = self.reference is Reference.MONTH
        limit = self.month_minutes if by_month else self.minutes
        for days in calendar_months(case.ward.period) if by_month else four_weeks(case.ward.period):
            past = _on_call_minutes(case, past_duty, days)
            used = past + _on_call_minutes(case, duty, days)
            if used > max(limit, past):
                yield Breach(person.code, max(days.start, 0), used, limit)


def four_weeks(period: Period) -> Iterator[range]:
    """Yield the stretches of 28 days that end with a period or whole weeks before its end, inside it."""
    yield from (range(end - 28, end) for end in range(period.days, 0, -7))


def calendar_months(period: Period) -> Iterator[range]:
    """Yield the days of each calendar month that a period touches, counted from its start."""
    first = period.start.replace(day=1)
    while first <= period.end:
        following = (first + timedelta(days=31)).replace(day=1)
        yield range(period.day_of(first), period.day_of(following))
        first = following


def _on_call(case: Case, shifts: Mapping[int, str]) -> dict[int, str]:
    """Return the shifts that have on-call duty."""
    minutes_of = case.timeline.on_call_minutes
    return {day: shift for day, shift in shifts.items() if minutes_of(day, shift)}


def _on_call_minutes(case: Case, shifts: dict[int, str], days: range) -> int:
    """Return how much of the on-call duty of some shifts falls on some days."""
    at = case.timeline.instant
    begin, end = at(days.start, time(0, 0)), at(days.stop, time(0, 0))
    total = 0
    for day, shift in shifts.items():
        first, last = case.timeline.on_call(day, shift)
        total += max(minutes(min(last, end) - max(first, begin)), 0)
    return total
