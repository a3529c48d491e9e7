"""What a coverage template asks for by date, and that a period's rows ask for exactly that."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from samplan_rostering.domain.coverage import (
    DAYS,
    EVE,
    HOLIDAY,
    Key,
    Numbers,
    Template,
    as_rows,
    needed,
    needs_by_date,
    special_day,
    template_on,
)

KEYS: tuple[Key, ...] = (("D", None), ("D", "SSK"), ("N", None))
NUMBERS: tuple[Numbers, ...] = ((0, 0, None), (1, 2, 3), (2, 2, None))
NEEDS = st.tuples(st.sampled_from(list(DAYS)), st.sampled_from(KEYS), st.sampled_from(NUMBERS))


@given(st.lists(NEEDS, max_size=20), st.integers(0, 700), st.integers(1, 60))
def test_rows_ask_for_exactly_what_the_dates_need(
    needs: list[tuple[int, Key, Numbers]], later: int, count: int
) -> None:
    days: dict[int, dict[Key, Numbers]] = {}
    for day, key, numbers in needs:
        days.setdefault(day, {})[key] = numbers
    template, first = Template("x", days=days), date(2026, 1, 1) + timedelta(days=later)
    dates = [first + timedelta(days=day) for day in range(count)]
    wanted = {on: needed(template.needs_on(on)) for on in dates}
    assert needs_by_date(as_rows(wanted, KEYS), dates) == wanted


def test_holidays_and_eves_go_before_the_weekday_for_what_they_name() -> None:
    usual: dict[Key, Numbers] = {("D", None): (2, 2, None), ("N", None): (1, 1, None)}
    template = Template("x", days=dict.fromkeys(range(7), usual) | {HOLIDAY: {("D", None): (1, 1, 1)}})
    assert special_day(date(2027, 6, 25)) == EVE  # midsommarafton
    assert special_day(date(2027, 6, 26)) == HOLIDAY
    assert special_day(date(2027, 6, 28)) is None
    assert template.needs_on(date(2027, 6, 25)) == usual
    assert template.needs_on(date(2027, 6, 26)) == usual | {("D", None): (1, 1, 1)}


def test_a_season_takes_the_place_of_the_usual_template_on_its_dates() -> None:
    usual, summer = Template("x"), Template("s", date(2027, 6, 14), date(2027, 8, 15))
    assert template_on(date(2027, 6, 14), usual, [summer]) is summer
    assert template_on(date(2027, 8, 16), usual, [summer]) is usual
