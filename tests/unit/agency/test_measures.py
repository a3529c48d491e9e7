"""Measures: planned by month, realised by the data, shared without double counting, and their status."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.measures import (
    Acting,
    Cell,
    Limits,
    Progress,
    Scope,
    Status,
    effect_by_month,
    realised,
    status_of,
)
from samplan_agency.domain.months import plus_months

SPACE = UUID(int=7)
WARDS = [uuid5(SPACE, f"ward {number}") for number in range(4)]
START = date(2026, 1, 1)
MKR = Decimal(1_000_000)


def cell(ward: int) -> Cell:
    return Cell(WARDS[ward], "nurse", None, "hired")


def measure(
    name: str, wards: set[int], planned: int, first: date = START, last: date | None = None
) -> Acting:
    months = {plus_months(first, number): Decimal(planned) for number in range(24)} if planned else {}
    scope = Scope(frozenset(WARDS[ward] for ward in wards))
    return Acting(uuid5(SPACE, name), scope, first, last, plus_months(first, -12), months)


def levels(**months: dict[int, int]) -> dict[date, dict[Cell, Decimal]]:
    return {
        date.fromisoformat(name[1:].replace("_", "-") + "-01"): {
            cell(ward): Decimal(amount) for ward, amount in amounts.items()
        }
        for name, amounts in months.items()
    }


def test_a_measure_gets_the_difference_to_the_same_month_the_year_before() -> None:
    alone = measure("a", {0}, 100)
    outcome = levels(m2025_02={0: 500, 1: 70}, m2026_02={0: 380, 1: 10}, m2026_03={0: 1})
    found = realised([alone], outcome, [*sorted(outcome), date(2031, 1, 1)])  # of the last nothing is known
    assert found == {alone.id: {date(2026, 2, 1): Decimal(120)}}, "March 2025 is not known"


def test_the_second_year_is_compared_with_the_year_before_the_beginning() -> None:
    alone = measure("a", {0}, 100)
    outcome = levels(m2025_02={0: 500}, m2026_02={0: 380}, m2027_02={0: 300})
    found = realised([alone], outcome, sorted(outcome))[alone.id]
    assert found == {date(2026, 2, 1): Decimal(120), date(2027, 2, 1): Decimal(200)}


def test_measures_on_the_same_costs_share_by_what_is_planned() -> None:
    """Ward 0 falls by 300: two measures, planned 200 and 100. Ward 1 falls by 50: the wide one alone."""
    wide, narrow = measure("wide", {0, 1}, 200), measure("narrow", {0}, 100)
    outcome = levels(m2025_02={0: 1000, 1: 100}, m2026_02={0: 700, 1: 50})
    found = realised([wide, narrow], outcome, [date(2026, 2, 1)])
    assert found[wide.id] == {date(2026, 2, 1): Decimal(250)}
    assert found[narrow.id] == {date(2026, 2, 1): Decimal(100)}


def test_a_later_measure_shares_only_what_happened_since_its_own_baseline() -> None:
    """1,000 in 2025, 900 in 2026, 600 in 2027: the first has the 100 alone, and half of the 300."""
    first, second = measure("first", {0}, 100), measure("second", {0}, 100, date(2027, 1, 1))
    outcome = levels(m2025_02={0: 1000}, m2026_02={0: 900}, m2027_02={0: 600})
    found = realised([first, second], outcome, [date(2027, 2, 1)])
    assert found[first.id] == {date(2027, 2, 1): Decimal(250)}
    assert found[second.id] == {date(2027, 2, 1): Decimal(150)}


def test_a_measure_that_has_ended_gets_nothing_more() -> None:
    ended, other = measure("a", {0}, 100, last=date(2026, 1, 1)), measure("b", {0}, 100)
    outcome = levels(m2025_02={0: 500}, m2026_02={0: 400})
    found = realised([ended, other], outcome, [date(2026, 2, 1)])
    assert found == {ended.id: {}, other.id: {date(2026, 2, 1): Decimal(100)}}


amounts = st.integers(-1_000_000, 100_000_000).map(lambda ore: Decimal(ore) / 100)
month_costs = st.lists(amounts, max_size=4).map(
    lambda costs: {cell(ward): amount for ward, amount in enumerate(costs)}
)
several = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 1000), st.integers(0, 1)), max_size=5)
"""Measures: the wards that they act on as bits, what is planned a month, and how many years later."""


@given(several, month_costs, month_costs, month_costs)
def test_what_measures_realised_sums_to_what_happened(
    drawn: list[tuple[int, int, int]],
    first: dict[Cell, Decimal],
    second: dict[Cell, Decimal],
    third: dict[Cell, Decimal],
) -> None:
    """Each ward's change since the oldest baseline of those who act on it, once."""
    measures = [
        measure(
            str(number),
            {ward for ward in range(4) if wards >> ward & 1},
            planned,
            plus_months(START, 12 * years),
        )
        for number, (wards, planned, years) in enumerate(drawn)
    ]
    month = date(2027, 5, 1)
    outcome = {date(2025, 5, 1): first, date(2026, 5, 1): second, month: third}
    found = realised(measures, outcome, [month])
    happened = Decimal(0)
    for ward in range(4):
        starts = [one.compared_with(month) for one in measures if WARDS[ward] in one.scope.units]
        if starts:
            happened += outcome[min(starts)].get(cell(ward), Decimal(0)) - third.get(cell(ward), Decimal(0))
    assert sum(found[one.id][month] for one in measures) == happened


weights = st.one_of(st.just([]), st.lists(st.integers(0, 100).map(Decimal), min_size=12, max_size=12))


@given(amounts, weights, st.integers(1, 12))
def test_a_years_months_sum_to_the_year(amount: Decimal, by: list[Decimal], begins: int) -> None:
    months = effect_by_month(2026, amount, by, date(2026, begins, 1))
    assert sum(months.values()) == amount
    assert min(months) == date(2026, begins, 1)
    assert max(months) == date(2026, 12, 1)


def test_a_year_before_the_beginning_has_no_months() -> None:
    assert effect_by_month(2025, MKR, [], START) == {}
    assert len(effect_by_month(2027, MKR, [], START)) == 12


@pytest.mark.parametrize(
    ("decided", "first", "last", "expected", "effect", "status"),
    [
        (False, 1, None, 100, 100, Status.PROPOSED),
        (True, 7, None, 0, 0, Status.DECIDED),
        (True, 6, None, 0, 0, Status.STARTED),
        (True, 1, None, 100, 90, Status.ON_PLAN),
        (True, 1, None, 100, 89, Status.BEHIND),
        (True, 1, None, 100, 10, Status.WITHOUT_EFFECT),
        (True, 1, None, 100, -50, Status.WITHOUT_EFFECT),
        (True, 1, 5, 100, 0, Status.DONE),
        (True, 1, 6, 100, 95, Status.ON_PLAN),
    ],
)
def test_the_status_follows_from_decision_time_and_effect(
    decided: bool, first: int, last: int | None, expected: int, effect: int, status: Status
) -> None:
    ended = last and date(2026, last, 1)
    made = Progress(decided, date(2026, first, 1), ended, Decimal(expected), Decimal(effect))
    assert status_of(made, date(2026, 6, 1), Limits()) is status


@given(amounts, amounts, st.integers(50, 100), st.integers(0, 49))
def test_more_effect_never_gives_a_worse_status(
    less: Decimal, more: Decimal, on_plan: int, none: int
) -> None:
    order = [Status.WITHOUT_EFFECT, Status.BEHIND, Status.ON_PLAN]

    def place(effect: Decimal) -> int:
        made = Progress(True, START, None, Decimal(1000), effect)
        return order.index(status_of(made, date(2026, 6, 1), Limits(Decimal(on_plan), Decimal(none))))

    low, high = sorted((less, more))
    assert place(low) <= place(high)
