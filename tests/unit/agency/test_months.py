"""Months and the measures that are counted over them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.months import Months, month_of, months_between, plus_months
from samplan_agency.domain.ratios import above_target, change, full_time_equivalents, share, target_share

months = st.dates(date(1990, 1, 1), date(2090, 12, 1)).map(month_of)
money = st.decimals(-1_000_000, 1_000_000, places=2)


@given(months, st.integers(-500, 500))
def test_what_is_added_can_be_counted(month: date, count: int) -> None:
    assert months_between(month, plus_months(month, count)) == count


def test_half_years_and_the_same_a_year_before() -> None:
    half = Months.half_year(2024, 2)
    assert list(half)[::5] == [date(2024, 7, 1), date(2024, 12, 1)]
    assert half.year_before() == Months.half_year(2023, 2)
    assert Months.rolling(date(2024, 2, 1)) == Months(date(2023, 3, 1), date(2024, 2, 1))
    assert (len(Months.year(2025)), date(2025, 12, 1) in Months.year(2025)) == (12, True)
    assert date(2026, 1, 1) not in Months.year(2025)


def test_the_share_says_what_it_is_a_share_of() -> None:
    assert share(Decimal(5), Decimal(100)) == 5
    assert share(Decimal(5), Decimal(100), "own_and_hired") == pytest.approx(
        Decimal("4.7619"), abs=Decimal("0.0001")
    )
    assert share(Decimal(5), Decimal(0)) is None


def test_full_time_equivalents_are_hours_over_165_a_month() -> None:
    """A13: 1,650 hours in a month are 10.0 full-time equivalents; with 162.5 hours as in Scotland, 10.2."""
    assert full_time_equivalents(Decimal(1650), 1, Decimal(165)) == 10
    assert round(full_time_equivalents(Decimal(1650), 1, Decimal("162.5")), 1) == Decimal("10.2")


@given(st.lists(st.tuples(st.decimals(1, 1000, places=2), st.decimals(0, 1000, places=2)), min_size=1))
def test_the_change_of_the_whole_lies_within_those_of_its_parts(parts: list[tuple[Decimal, Decimal]]) -> None:
    """A12: as in Bemanningstrenden, where the total of −28.2 per cent lies between −42.2 and −15.6."""
    each = [change(now, before) or Decimal(0) for before, now in parts]
    whole = change(
        sum((now for _before, now in parts), Decimal(0)), sum((b for b, _now in parts), Decimal(0))
    )
    assert whole is not None
    assert min(each) - Decimal("1e-9") <= whole <= max(each) + Decimal("1e-9")


@given(st.decimals(1, 10**9, places=2), st.decimals(0, 100, places=1))
def test_at_the_target_nothing_is_above_it(own: Decimal, target: Decimal) -> None:
    hired = own * target / 100
    assert above_target(hired, own, target) == 0
    for denominator in ("own", "own_and_hired"):
        level = target_share(target, denominator)
        assert share(hired, own, denominator) == pytest.approx(level), (
            "the line in the chart is at the target"
        )
