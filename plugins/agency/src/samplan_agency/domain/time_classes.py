"""Which time of day and week the hours of a shift belong to, as price lists and invoices tell them apart.

A public holiday, or the eve of Midsummer, Christmas or New Year, which the law equals with one
(Semesterlagen 3 a §), goes before Saturday and Sunday, these before the night (22 to 6), the night before the
evening (19 to 22); all else is ordinary. Days go from midnight to midnight where the work is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import pairwise

from holidays.constants import DE_FACTO, PUBLIC
from holidays.countries.sweden import Sweden

ORDINARY, EVENING, NIGHT, WEEKEND, HOLIDAY = "ordinary", "evening", "night", "weekend", "holiday"
CLOCK_CLASSES = (ORDINARY, EVENING, NIGHT, WEEKEND, HOLIDAY)
"""The classes that the clock decides on; on-call duty, overtime and travel are none."""
SATURDAY = 5
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
"""The night of Arbetstidslagen 13 §."""
EVENING_BEGINS = time(19)
_EDGES = (time(), NIGHT_ENDS, EVENING_BEGINS, NIGHT_BEGINS)
_HOLIDAYS = Sweden(language="sv", include_sundays=False, categories=(PUBLIC, DE_FACTO))


def class_hours(starts_at: datetime, ends_at: datetime, break_minutes: int) -> Mapping[str, Decimal]:
    """Return the paid hours of each class that a shift has some of, in real time; they sum to its hours.

    The break lies in the middle of the shift, because when it is taken is not known.
    """
    begin, end = int(starts_at.timestamp()), int(ends_at.timestamp())
    pause = min(max(break_minutes, 0) * 60, end - begin)
    middle = begin + (end - begin - pause) // 2
    seconds: dict[str, int] = {}
    for first, last in ((begin, middle), (middle + pause, end)):
        cuts = {first, last, *(edge for edge in _edges(starts_at, ends_at) if first < edge < last)}
        for one, other in pairwise(sorted(cuts)):
            name = class_at(datetime.fromtimestamp(one, starts_at.tzinfo))
            seconds[name] = seconds.get(name, 0) + other - one
    return {name: Decimal(seconds[name]) / 3600 for name in CLOCK_CLASSES if seconds.get(name)}


def class_at(at: datetime) -> str:
    """Return the class of a moment, by its own clock."""
    if at.date() in _HOLIDAYS:
        return HOLIDAY
    if at.weekday() >= SATURDAY:
        return WEEKEND
    if at.time() >= NIGHT_BEGINS or at.time() < NIGHT_ENDS:
        return NIGHT
    return EVENING if at.time() >= EVENING_BEGINS else ORDINARY


def _edges(starts_at: datetime, ends_at: datetime) -> Iterator[int]:
    """Yield the instants at which a class may begin."""
    zone: tzinfo | None = starts_at.tzinfo
    for ahead in range((ends_at.date() - starts_at.date()).days + 1):
        on = starts_at.date() + timedelta(ahead)
        for edge in _EDGES:
            yield int(datetime.combine(on, edge, zone).timestamp())
