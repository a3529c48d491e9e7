"""Calendar periods of indicators: ISO weeks, months, quarters, half-years and years, whole ones only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, get_args

from babel.dates import format_date

from samplan.i18n import _
from samplan.modules.contributions import Period

Kind = Literal["week", "month", "quarter", "half_year", "year"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# How many periods a person may choose from when entering values: some years back.
CHOICES: dict[Kind, int] = {"week": 60, "month": 36, "quarter": 20, "half_year": 20, "year": 15}
_MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_LETTERS: dict[Kind, str] = {"quarter": "Q", "half_year": "H"}


def period_of(kind: Kind, day: date) -> Period:
    """Return the whole period of a kind that `day` lies in; weeks begin on Monday (ISO 8601)."""
    if kind == "week":
        start = day - timedelta(days=day.weekday())
        return Period(start, start + timedelta(days=6))
    length = _MONTHS[kind]
    first = (day.month - 1) // length * length + 1
    start = date(day.year, first, 1)
    end = (
        date(day.year, 12, 31)
        if first + length > 12
        else date(day.year, first + length, 1) - timedelta(days=1)
    )
    return Period(start, end)


def before(kind: Kind, period: Period) -> Period:
    """Return the period just before."""
    return period_of(kind, period.start - timedelta(days=1))


def ended(kind: Kind, today: date) -> Iterator[Period]:
    """Yield the periods of a kind that are over on `today`, the newest first, without end."""
    period = before(kind, period_of(kind, today))
    while True:
        yield period
        period = before(kind, period)


def is_whole(kind: Kind, period: Period) -> bool:
    """Tell whether `period` is one whole period of `kind`."""
    return period_of(kind, period.start) == period


def period_code(kind: Kind, period: Period) -> str:
    """Return the short name of a period: 2026, 2026-H1, 2026-Q3, 2026-07 or 2026-W05."""
    start = period.start
    if kind == "week":
        year, week, _day = start.isocalendar()
        return f"{year}-W{week:02d}"
    if kind in _LETTERS:
        return f"{start.year}-{_LETTERS[kind]}{(start.month - 1) // _MONTHS[kind] + 1}"
    return f"{start.year}" if kind == "year" else f"{start.year}-{start.month:02d}"


def period_label(kind: Kind, period: Period, locale: str) -> str:
    """Return the name of a period for people, in the language of the request."""
    start = period.start
    if kind == "week":
        year, week, _day = start.isocalendar()
        return _("week %(week)s, %(year)s", week=week, year=year)
    if kind == "month":
        return str(format_date(start, "LLLL yyyy", locale=locale))
    if kind == "quarter":
        return _("quarter %(number)s, %(year)s", number=(start.month - 1) // 3 + 1, year=start.year)
    if kind == "half_year":
        return _("half-year %(number)s, %(year)s", number=(start.month - 1) // 6 + 1, year=start.year)
    return str(start.year)
