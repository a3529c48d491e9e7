"""Periods that can be rostered together: those of several wards with the same dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from samplan_rostering.queries.periods.lists import PeriodOverview


@dataclass(frozen=True, slots=True)
class SameDates:
    """The periods of two or more wards from one date to another."""

    start: date
    end: date
    periods: tuple[PeriodOverview, ...]

    @property
    def key(self) -> str:
        """The dates as one text."""
        return f"{self.start}_{self.end}"


def same_dates(periods: Sequence[PeriodOverview]) -> list[SameDates]:
    """Return the groups of periods with the same dates, the latest first."""
    ordered = sorted(periods, key=lambda period: (period.start, period.end, period.unit_name), reverse=True)
    groups = groupby(ordered, key=lambda period: (period.start, period.end))
    found = [SameDates(start, end, tuple(reversed(list(rows)))) for (start, end), rows in groups]
    return [group for group in found if len(group.periods) > 1]
