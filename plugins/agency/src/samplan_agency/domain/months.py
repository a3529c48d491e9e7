"""Months by their first date, and the periods that costs are compared over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Of which years dates are taken from people and addresses: what can be counted on from."""


def in_reach(day: date) -> bool:
    """Tell whether a date is of a year that the module counts with."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def month_of(day: date) -> date:
    """Return the month of a date."""
    return day.replace(day=1)


def plus_months(month: date, count: int) -> date:
    """Return the month that is `count` months later; earlier for a negative count."""
    place = month.year * 12 + month.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """Return how many months `last` is after `first`."""
    return (last.year - first.year) * 12 + last.month - first.month


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A run of whole months; both ends belong to it."""

    first: date
    last: date

    @classmethod
    def half_year(cls, year: int, half: int) -> Months:
        """Return the first or second half of a year."""
        return cls(date(year, 6 * half - 5, 1), date(year, 6 * half, 1))

    @classmethod
    def year(cls, year: int) -> Months:
        """Return the months of a calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 1))

    @classmethod
    def rolling(cls, last: date, count: int = 12) -> Months:
        """Return the `count` months that end with `last`."""
        return cls(plus_months(last, 1 - count), last)

    def __len__(self) -> int:
        return months_between(self.first, self.last) + 1

    def __iter__(self) -> Iterator[date]:
        return (plus_months(self.first, place) for place in range(len(self)))

    def __contains__(self, month: object) -> bool:
        return isinstance(month, date) and self.first <= month <= self.last

    def year_before(self) -> Months:
        """Return the same months a year earlier."""
        return Months(plus_months(self.first, -12), plus_months(self.last, -12))
