"""Own staff over 12 months: what is known of it, and what is not shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.own_staff import StaffCount, too_few, year_to

LAST = date(2027, 6, 1)


def course(*counts: StaffCount) -> dict[date, StaffCount]:
    """Return counts of months that end with June 2027."""
    return {plus_months(LAST, place + 1 - len(counts)): count for place, count in enumerate(counts)}


def test_turnover_is_who_left_over_the_average_of_12_months() -> None:
    """100 people for six months and 120 for six; one leaves each month and two come: 12 / 110 = 10.9 %."""
    counts = [StaffCount(100 if place < 6 else 120, started=2, ended=1) for place in range(12)]
    year = year_to(LAST, course(StaffCount(96), *counts))
    assert year is not None
    assert (year.headcount, year.before, year.started, year.ended) == (120, 96, 24, 12)
    assert year.turnover == pytest.approx(Decimal("10.909"), abs=Decimal("0.001"))
    assert year.change == 25


def test_what_a_month_does_not_tell_is_not_known_of_the_year() -> None:
    counts = [StaffCount(100, started=2, ended=1)] * 12
    assert year_to(LAST, {}) is None
    short = year_to(LAST, course(*counts[1:]))
    assert short is not None
    assert (short.headcount, short.started, short.turnover, short.before) == (100, None, None, None)
    silent = year_to(LAST, course(*counts[1:], StaffCount(100, started=2)))
    assert silent is not None
    assert (silent.started, silent.ended, silent.turnover) == (24, None, None)


def test_few_people_are_not_shown_but_nobody_is() -> None:
    assert [too_few(count) for count in (None, 0, 1, 4, 5)] == [False, False, True, True, False]
    assert [too_few(*counts) for counts in ((0, 7), (None,), (7, 4), ())] == [False, False, True, False]


@given(st.lists(st.integers(0, 500), min_size=12, max_size=12), st.integers(0, 20))
def test_turnover_keeps_between_nobody_and_all_who_left(people: list[int], ended: int) -> None:
    counts = course(*(StaffCount(count, ended=ended) for count in people))
    assert len(Months.rolling(LAST)) == len(counts)
    year = year_to(LAST, counts)
    assert year is not None
    if not sum(people):
        assert year.turnover is None
    else:
        assert year.turnover == pytest.approx(Decimal(100 * 12 * ended * 12) / sum(people))
