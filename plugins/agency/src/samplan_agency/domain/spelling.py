"""Periods as addresses and people write them: 2026, 2026H1, 2026Q2, 2026-05, 2026-01..2026-10."""

from __future__ import annotations

import re
from datetime import date

from samplan_agency.domain.months import Months, in_reach, plus_months

_YEAR = re.compile(r"(\d{4})(?:([HQ])(\d))?")
_MONTHS_IN = {"H": 6, "Q": 3}
LONGEST = 120
"""No period has more months than this."""


def read_month(text: str) -> date | None:
    """Return the month that a text such as 2026-03 names; None for what is none."""
    try:
        month = _month(text)
    except ValueError:
        return None
    return month if len(text) == len("2026-03") and in_reach(month) else None


def read_months(text: str) -> Months:
    """Return the months that a text names; ValueError for what is no period."""
    first, dots, last = text.strip().upper().partition("..")
    found = Months(_month(first), _month(last)) if dots else _span(first)
    if not 0 < len(found) <= LONGEST or not (in_reach(found.first) and in_reach(found.last)):
        raise ValueError(text)
    return found


def spell_months(months: Months) -> str:
    """Return the shortest text that `read_months` reads as these months."""
    first = months.first
    for letter, size in _MONTHS_IN.items():
        if len(months) == size and first.month % size == 1:
            return f"{first.year}{letter}{first.month // size + 1}"
    if months == Months.year(first.year):
        return str(first.year)
    if len(months) == 1:
        return f"{first:%Y-%m}"
    return f"{first:%Y-%m}..{months.last:%Y-%m}"


def _span(text: str) -> Months:
    found = _YEAR.fullmatch(text)
    if found is None:
        month = _month(text)
        return Months(month, month)
    year, letter, number = found.groups()
    if letter is None:
        return Months.year(int(year))
    size = _MONTHS_IN[letter]
    if not 1 <= int(number) <= 12 // size:
        raise ValueError(text)
    first = date(int(year), size * (int(number) - 1) + 1, 1)
    return Months(first, plus_months(first, size - 1))


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
