"""Unsocial hours (obekväm arbetstid) of worked time, by the agreement's windows; pure.

The windows stand with their sources in `data/unsocial_windows.csv`. Where several hold at once, A goes before
B, and B before C and D; within A and B what lies between 22 and 6 has a class of its own. A weekday is a
Monday to Friday that is no public holiday.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.timeline import Interval, local_instant, minutes

_DAY = timedelta(days=1)
_LONGEST = 14  # days before a date in which a window that holds on it may have begun
_NIGHT_FROM, _NIGHT_TO = time(22), time(6)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class UnsocialClass(StrEnum):
    """Classes of unsocial hours, those that go before others first."""

    GREAT_HOLIDAY_NIGHT = "A_night"
    GREAT_HOLIDAY = "A"
    WEEKEND_NIGHT = "B_night"
    WEEKEND = "B"
    NIGHT = "C"
    EVENING = "D"


class DutyClass(StrEnum):
    """Duty that is paid by the hour without being ordinary work: jour and beredskap."""

    ON_CALL = "on_call"
    STANDBY = "standby"


PayClass = UnsocialClass | DutyClass
PAY_CLASSES: tuple[PayClass, ...] = (*UnsocialClass, *DutyClass)
"""All that there are rates for."""


def pay_class(name: str) -> PayClass:
    """Return the class of a name; raises `ValueError` for another."""
    return DutyClass(name) if name in set(DutyClass) else UnsocialClass(name)


_NIGHTS = {
    UnsocialClass.GREAT_HOLIDAY: UnsocialClass.GREAT_HOLIDAY_NIGHT,
    UnsocialClass.WEEKEND: UnsocialClass.WEEKEND_NIGHT,
}
_ORDER = {kind: place for place, kind in enumerate(UnsocialClass)}


@dataclass(frozen=True, slots=True)
class Window:
    """A time of unsocial hours as the agreement words it; its days are named by their rule."""

    kind: UnsocialClass
    start_day: str
    start_time: time
    end_day: str
    end_time: time
    valid_from: date | None
    valid_to: date | None
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour of a class gives from a date; `demo` where the amount is not confirmed by a source."""

    kind: PayClass
    valid_from: date
    amount: Decimal
    demo: bool
    source: str


def windows() -> tuple[Window, ...]:
    """Return the windows of the agreement, with their sources."""
    return _windows()


def known_rates() -> tuple[Rate, ...]:
    """Return the amounts that are known, and demo rates where none is; a region enters its own."""
    return _known_rates()


@lru_cache(maxsize=1)
def _known_rates() -> tuple[Rate, ...]:
    return tuple(
        Rate(
            pay_class(row["class"]),
            date.fromisoformat(row["valid_from"]),
            Decimal(row["amount"]),
            row["status"] == "demo",
            row["source"],
        )
        for row in _rows("unsocial_rates.csv")
    )


def rate_on(rates: tuple[Rate, ...], kind: PayClass, on: date) -> Rate | None:
    """Return the rate of a class on a date: the newest that holds by then."""
    holding = [rate for rate in rates if rate.kind is kind and rate.valid_from <= on]
    return max(holding, key=lambda rate: rate.valid_from, default=None)


def rates_for(own: tuple[Rate, ...], on: date) -> Mapping[PayClass, Rate]:
    """Return the rate of each class on a date: the region's own where it has one, else what is known."""
    found: dict[PayClass, Rate] = {}
    for kind in PAY_CLASSES:
        rate = rate_on(own, kind, on) or rate_on(known_rates(), kind, on)
        if rate is not None:
            found[kind] = rate
    return found


@lru_cache(maxsize=8192)  # many work the same shift
def unsocial_minutes(
    begin: datetime, end: datetime, unpaid: int, zone: ZoneInfo
) -> Mapping[UnsocialClass, int]:
    """Return the minutes of each class in worked time.

    `unpaid` minutes of break lie in the middle of it, because when they are taken is not known. All is
    counted in real time, so that the hours of a clock change are as long as they were.
    """
    counted: dict[UnsocialClass, int] = {}
    for piece in _without_break((begin, end), unpaid):
        for kind, (first, last) in _pieces(piece, zone):
            counted[kind] = counted.get(kind, 0) + minutes(last - first)
    return MappingProxyType({kind: counted[kind] for kind in UnsocialClass if counted.get(kind)})


def class_at(at: datetime, zone: ZoneInfo) -> UnsocialClass | None:
    """Return the class that an instant belongs to, None for ordinary time."""
    on = at.astimezone(zone).date()
    holding = [kind for kind, (begin, end) in _around(on, zone) if begin <= at < end]
    best = min(holding, key=_ORDER.__getitem__, default=None)
    local = at.astimezone(zone).time()
    if best in _NIGHTS and (local >= _NIGHT_FROM or local < _NIGHT_TO):
        return _NIGHTS[best]
    return best


def _without_break(work: Interval, unpaid: int) -> tuple[Interval, ...]:
    begin, end = work
    pause = min(timedelta(minutes=max(unpaid, 0)), end - begin)
    if not pause:
        return (work,)
    first = begin + timedelta(minutes=minutes(end - begin - pause) // 2)
    return (begin, first), (first + pause, end)


def _pieces(work: Interval, zone: ZoneInfo) -> Iterator[tuple[UnsocialClass, Interval]]:
    """Cut worked time where a class may begin or end, and yield what has one."""
    begin, end = work
    cuts = {begin, end}
    on = begin.astimezone(zone).date() - _DAY
    while on <= end.astimezone(zone).date():
        edges = {edge for _kind, window in _around(on, zone) for edge in window}
        edges |= {local_instant(on, clock, zone) for clock in (_NIGHT_FROM, _NIGHT_TO)}
        cuts |= {edge for edge in edges if begin < edge < end}
        on += _DAY
    ordered = sorted(cuts)
    for first, last in pairwise(ordered):
        kind = class_at(first, zone)
        if kind is not None:
            yield kind, (first, last)


@lru_cache(maxsize=4096)
def _around(on: date, zone: ZoneInfo) -> tuple[tuple[UnsocialClass, Interval], ...]:
    """Return the windows that may hold some time of a date."""
    found = []
    for back in range(_LONGEST):
        first = on - back * _DAY
        for window in _windows():
            if not _begins(window, first):
                continue
            last = _end(window, first)
            if last >= on:
                begin = local_instant(first, window.start_time, zone)
                found.append((window.kind, (begin, local_instant(last, window.end_time, zone))))
    return tuple(found)


def _begins(window: Window, on: date) -> bool:
    if (window.valid_from and on < window.valid_from) or (window.valid_to and on > window.valid_to):
        return False
    if window.start_day == "daily":
        return True
    name, _, day = window.start_day.partition(":")
    return on + _DAY == _named(day, on + _DAY) if name == "eve" else _WEEKDAYS[on.weekday()] == name


def _end(window: Window, first: date) -> date:
    """Return the date on which a window ends that begins on `first`."""
    if window.end_day == "same":
        return first
    if window.end_day == "next":
        return first + _DAY
    if window.end_day in _WEEKDAYS:
        ahead = (_WEEKDAYS.index(window.end_day) - first.weekday()) % 7 or 7
        return first + ahead * _DAY
    if window.end_day == "weekday":
        on = first + 2 * _DAY  # after the day whose eve the window begins on
        while on.weekday() > 4 or public_holiday(on) is not None:
            on += _DAY
        return on
    name = window.end_day.partition(":")[2]
    found = next(first + ahead * _DAY for ahead in range(_LONGEST) if _is(name, first + ahead * _DAY))
    return found + _DAY


def _is(name: str, on: date) -> bool:
    return _named(name, on) == on


@lru_cache(maxsize=1024)
def _named(name: str, near: date) -> date | None:
    """Return the day that a name means where that is `near`, None where it is another day of the year."""
    matches = {
        "epiphany": (near.month, near.day) == (1, 6),
        "first_of_may": (near.month, near.day) == (5, 1),
        "national_day": (near.month, near.day) == (6, 6),
        "christmas_eve": (near.month, near.day) == (12, 24),
        "new_years_eve": (near.month, near.day) == (12, 31),
        "midsummer_eve": near.month == 6 and 19 <= near.day <= 25 and near.weekday() == 4,
        "all_saints": near.weekday() == 5 and date(near.year, 10, 31) <= near <= date(near.year, 11, 6),
        "ascension": _holiday_is(near, "Kristi himmelsfärdsdag"),
        "good_friday": _holiday_is(near, "Långfredagen"),
        "easter_monday": _holiday_is(near, "Annandag påsk"),
        "whitsun_eve": _holiday_is(near + _DAY, "Pingstdagen"),
    }
    return near if matches[name] else None


def _holiday_is(on: date, name: str) -> bool:
    return name in (public_holiday(on) or "").split("; ")


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("samplan_rostering") / "data" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def _windows() -> tuple[Window, ...]:
    return tuple(
        Window(
            UnsocialClass(row["class"]),
            row["start_day"],
            time.fromisoformat(row["start_time"]),
            row["end_day"],
            time.fromisoformat(row["end_time"]),
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["source"],
            row["certainty"],
        )
        for row in _rows("unsocial_windows.csv")
    )
