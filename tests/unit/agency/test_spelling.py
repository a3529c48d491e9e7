"""Periods as they are written in addresses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.spelling import read_months, spell_months

months = st.builds(
    lambda first, count: Months(first.replace(day=1), plus_months(first, count)),
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    st.integers(0, 119),
)


@given(months)
def test_what_is_spelled_is_read_as_the_same(given: Months) -> None:
    assert read_months(spell_months(given)) == given


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", (2026, 1), (2026, 12)),
        ("2026H2", (2026, 7), (2026, 12)),
        ("2026q3", (2026, 7), (2026, 9)),
        ("2026-05", (2026, 5), (2026, 5)),
        ("2025-11..2026-10", (2025, 11), (2026, 10)),
    ],
)
def test_periods(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert read_months(text) == Months(date(*first, 1), date(*last, 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026H3",
        "2026Q0",
        "2026-13",
        "2026-05..2026-04",
        "0000",
        "2026..",
        "1900-01..2026-01",
        "1999H2",
        "0001-01",
        "9999",
    ],
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the page says what is wrong
        read_months(text)
