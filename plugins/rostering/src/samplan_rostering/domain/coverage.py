"""Coverage templates: how many are needed on a weekday, a public holiday or its eve; pure.

A template is for the whole year, or for a season with a first and last date. What it says of holidays and
eves goes before the weekday's, for the shifts and skills that it names there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.ward import DatedRequirement, WeeklyRequirement

HOLIDAY, EVE = 7, 8
"""Days of a template beside the weekdays, of which 0 is Monday."""
DAYS = range(9)

Key = tuple[str, str | None]
"""A shift and the skill that is asked for, None where everybody counts."""
Numbers = tuple[int, int, int | None]
"""Minimum, target and maximum."""
Needs = Mapping[Key, Numbers]
NOBODY: Numbers = (0, 0, None)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Template:
    """What is needed on each day; `first` and `last` where it is for a season only."""

    name: str
    first: date | None = None
    last: date | None = None
    days: Mapping[int, Needs] = field(default_factory=dict)

    def covers(self, on: date) -> bool:
        """Tell whether a date lies in the template's season."""
        return self.first is not None and self.last is not None and self.first <= on <= self.last

    def needs_on(self, on: date) -> Needs:
        """Return what is needed on a date."""
        special = special_day(on)
        usual = self.days.get(on.weekday(), {})
        return usual if special is None else {**usual, **self.days.get(special, {})}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a period asks for, as rows of weekdays and of dates that differ from these."""

    weekly: tuple[WeeklyRequirement, ...]
    dated: tuple[DatedRequirement, ...]


def special_day(on: date) -> int | None:
    """Return HOLIDAY or EVE, the day before a public holiday that is none itself; None for other dates."""
    if public_holiday(on) is not None:
        return HOLIDAY
    return EVE if public_holiday(on + _DAY) is not None else None


def template_on(on: date, usual: Template, seasons: Iterable[Template]) -> Template:
    """Return the template of a date: that of its season, else the usual one."""
    return next((season for season in seasons if season.covers(on)), usual)


def needs_by_date(coverage: Coverage, dates: Iterable[date]) -> dict[date, dict[Key, Numbers]]:
    """Return what is needed on each date; what nobody is needed for is left out."""
    weekly: dict[int, dict[Key, Numbers]] = {}
    dated: dict[date, dict[Key, Numbers]] = {}
    for row in coverage.weekly:
        weekly.setdefault(row.weekday, {})[row.shift, row.skill] = row.minimum, row.target, row.maximum
    for other in coverage.dated:
        dated.setdefault(other.date, {})[other.shift, other.skill] = (
            other.minimum,
            other.target,
            other.maximum,
        )
    return {on: needed({**weekly.get(on.weekday(), {}), **dated.get(on, {})}) for on in dates}


def needed(needs: Needs) -> dict[Key, Numbers]:
    """Return needs without those that ask for nobody and have no maximum."""
    return {key: numbers for key, numbers in needs.items() if numbers != NOBODY}


def as_rows(needs: Mapping[date, Needs], order: Collection[Key]) -> Coverage:
    """Return rows that ask for exactly these needs, with as few exceptions by date as there can be.

    A weekday's row is what most of its ordinary dates need; `order` is that of the rows.
    """
    weekly: dict[tuple[int, Key], Numbers | None] = {}
    for weekday in range(7):
        dates = [on for on in sorted(needs) if on.weekday() == weekday]
        usual = [on for on in dates if special_day(on) is None] or dates
        for key in order:
            counted = Counter(needs[on].get(key) for on in usual)
            weekly[weekday, key] = counted.most_common(1)[0][0] if counted else None
    return Coverage(
        tuple(
            WeeklyRequirement(weekday, *key, numbers[0], numbers[1], numbers[2])
            for (weekday, key), numbers in weekly.items()
            if numbers is not None
        ),
        tuple(
            DatedRequirement(on, *key, numbers[0], numbers[1], numbers[2])
            for on in sorted(needs)
            for key in order
            for numbers in (needs[on].get(key) or NOBODY,)
            if needs[on].get(key) != weekly[on.weekday(), key]
        ),
    )
