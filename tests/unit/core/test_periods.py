"""Calendar periods: whole ones, one after the other, each with one name."""

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan.indicators.periods import KINDS, Kind, ended, is_whole, period_code, period_label, period_of
from samplan.modules.contributions import Period

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
EXPECTED: list[tuple[Kind, date, date, date, str, str]] = [
    ("week", date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3), "2026-W53", "week 53, 2026"),
    ("month", date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29), "2024-02", "februari 2024"),
    ("quarter", date(2026, 11, 22), date(2026, 10, 1), date(2026, 12, 31), "2026-Q4", "quarter 4, 2026"),
    ("half_year", date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30), "2026-H1", "half-year 1, 2026"),
    ("year", date(2026, 1, 1), date(2026, 1, 1), date(2026, 12, 31), "2026", "2026"),
]


@pytest.mark.parametrize(("kind", "day", "start", "end", "code", "label"), EXPECTED)
def test_known_periods(kind: Kind, day: date, start: date, end: date, code: str, label: str) -> None:
    period = period_of(kind, day)
    assert period == Period(start, end)
    assert period_code(kind, period) == code
    assert period_label(kind, period, "sv_SE") == label
    assert is_whole(kind, period)
    assert not is_whole(kind, Period(start, end - timedelta(days=1)))


@given(st.sampled_from(KINDS), DAYS)
def test_periods_follow_each_other_without_gap_and_hold_their_day(kind: Kind, day: date) -> None:
    period = period_of(kind, day)
    assert period.start <= day <= period.end
    assert all(period_of(kind, edge) == period for edge in (period.start, period.end))
    following = period_of(kind, period.end + timedelta(days=1))
    assert following.start == period.end + timedelta(days=1)


@given(st.sampled_from(KINDS), DAYS)
def test_what_has_ended_lies_before_today_newest_first(kind: Kind, today: date) -> None:
    newest, *older = islice(ended(kind, today), 5)
    assert newest.end < today
    assert period_of(kind, newest.end + timedelta(days=1)) == period_of(kind, today)
    starts = [newest.start, *(period.start for period in older)]
    assert starts == sorted(set(starts), reverse=True)


@given(st.sampled_from(KINDS), DAYS, DAYS)
def test_each_period_has_a_name_of_its_own(kind: Kind, first: date, second: date) -> None:
    one, other = period_of(kind, first), period_of(kind, second)
    assert (period_code(kind, one) == period_code(kind, other)) == (one == other)
