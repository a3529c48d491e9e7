"""Unsocial hours by the agreement's windows: known nights and holidays, and what holds for all work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_rostering.domain.unsocial import (
    PAY_CLASSES,
    Rate,
    UnsocialClass,
    class_at,
    known_rates,
    rates_for,
    unsocial_minutes,
    windows,
)

ZONE = ZoneInfo("Europe/Stockholm")
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2027-01-05 07:00", "2027-01-05 15:30", {}),
        ("2027-01-12 14:00", "2027-01-12 22:00", {"D": 180}),
        ("2027-01-12 21:00", "2027-01-13 07:00", {"C": 480, "D": 60}),
        ("2027-01-15 21:00", "2027-01-16 07:00", {"B_night": 480, "B": 120}),
        ("2027-01-17 21:00", "2027-01-18 08:00", {"B_night": 480, "B": 120}),  # into Monday, until 7
        ("2027-01-05 14:00", "2027-01-05 22:00", {"B": 360}),  # the eve of the Epiphany, from 16
        ("2027-01-06 22:00", "2027-01-07 08:00", {"B_night": 480, "B": 60}),
        ("2026-12-23 14:00", "2026-12-23 22:00", {"A": 240}),  # from 18 before Christmas Eve
        ("2026-12-27 22:00", "2026-12-28 07:00", {"A_night": 480, "A": 60}),  # a Sunday after the holidays
        ("2027-03-25 16:00", "2027-03-25 19:00", {"A": 60}),  # before Good Friday
        ("2027-03-30 00:00", "2027-03-30 08:00", {"A_night": 360, "A": 60}),  # after Easter Monday, until 7
        ("2027-05-14 17:00", "2027-05-14 20:00", {"A": 120}),  # Friday before the eve of Whitsun
        ("2027-06-24 17:00", "2027-06-24 19:00", {"A": 60}),  # Thursday before Midsummer Eve
        ("2027-11-05 15:00", "2027-11-05 17:00", {"B": 60}),  # before All Saints' Day
        # The clock goes back: the night of eleven hours; and forward: of nine, in Easter.
        ("2027-10-30 21:00", "2027-10-31 07:00", {"B_night": 540, "B": 120}),
        ("2027-03-27 21:00", "2027-03-28 07:00", {"A_night": 420, "A": 120}),
        # Ends and begins at midnight.
        ("2027-01-12 22:00", "2027-01-13 00:00", {"C": 120}),
        ("2027-01-13 00:00", "2027-01-13 06:00", {"C": 360}),
    ],
)
def test_known_shifts(begin: str, end: str, expected: dict[str, int]) -> None:
    found = unsocial_minutes(local(begin), local(end), 0, ZONE)
    assert {str(kind): amount for kind, amount in found.items()} == expected


def test_the_break_lies_in_the_middle() -> None:
    found = unsocial_minutes(local("2027-01-12 16:00"), local("2027-01-12 22:00"), 60, ZONE)
    assert found == {UnsocialClass.EVENING: 150}
    assert unsocial_minutes(local("2027-01-12 16:00"), local("2027-01-12 22:00"), 999, ZONE) == {}


@given(begin=MOMENTS, length=st.integers(1, 30 * 60))
def test_minute_by_minute_it_is_the_same(begin: datetime, length: int) -> None:
    """The cuts say what asking at each minute says; ordinary time makes up the rest."""
    end = begin + timedelta(minutes=length)
    asked = [class_at(begin + timedelta(minutes=n), ZONE) for n in range(length)]
    found = unsocial_minutes(begin, end, 0, ZONE)
    assert found == {kind: asked.count(kind) for kind in UnsocialClass if kind in asked}
    assert sum(found.values()) <= length


@given(begin=MOMENTS, first=st.integers(1, 900), second=st.integers(1, 900))
def test_what_is_split_anywhere_comes_to_the_same(begin: datetime, first: int, second: int) -> None:
    middle = begin + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    parts = [unsocial_minutes(begin, middle, 0, ZONE), unsocial_minutes(middle, end, 0, ZONE)]
    whole = unsocial_minutes(begin, end, 0, ZONE)
    assert whole == {
        kind: total for kind in UnsocialClass if (total := sum(part.get(kind, 0) for part in parts))
    }


@given(begin=MOMENTS, length=st.integers(1, 900), unpaid=st.integers(0, 120))
def test_a_break_never_adds(begin: datetime, length: int, unpaid: int) -> None:
    end = begin + timedelta(minutes=length)
    whole, less = (unsocial_minutes(begin, end, pause, ZONE) for pause in (0, unpaid))
    assert all(amount <= whole[kind] for kind, amount in less.items())
    assert sum(less.values()) <= max(0, length - unpaid)


def test_a_regions_own_rate_goes_before_what_is_known_and_from_its_date() -> None:
    own = (Rate(UnsocialClass.EVENING, date(2027, 1, 1), Decimal("31.50"), False, "Lokalt avtal"),)
    assert rates_for(own, date(2027, 1, 1))[UnsocialClass.EVENING].amount == Decimal("31.50")
    before = rates_for(own, date(2026, 12, 31))[UnsocialClass.EVENING]
    assert (before.amount, before.demo) == (Decimal("25.00"), True)
    assert UnsocialClass.WEEKEND not in rates_for((), date(2013, 1, 1)), "nothing is known of so long ago"


def test_what_is_not_confirmed_says_so() -> None:
    assert all(window.source and window.certainty for window in windows())
    newest = rates_for((), date(2027, 1, 1))
    assert set(newest) == set(PAY_CLASSES)
    assert all(rate.demo for rate in newest.values()), "no amount of 2027 is confirmed"
    assert {rate.source.startswith("https://") for rate in known_rates() if not rate.demo} == {True}
