"""The forecast of a year: its sums, its intervals, and that nothing is counted twice."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.interval import half_width, least_months, misses_of
from samplan_agency.domain.months import plus_months
from samplan_agency.domain.outlook import Cell, Effect, Given, PlanLine, Reason, outlook, total
from samplan_agency.domain.years import over_months, over_year

MEDICINE, SURGERY, NEAR, STAFF = (UUID(int=number) for number in range(1, 5))
MEASURE = UUID(int=9)
JANUARY = date(2025, 1, 1)
amounts = st.integers(-(10**9), 10**9).map(lambda ore: Decimal(ore) / 100)


def hired(division: UUID = MEDICINE) -> Cell:
    return Cell(division, "hired", "Inhyrd personal")


def level(monthly: int, as_of: date) -> list[Decimal]:
    """Return the same amount for each month from January 2025."""
    return [Decimal(monthly)] * ((as_of.year - 2025) * 12 + as_of.month)


def level_given(as_of: date, **more: object) -> Given:
    return Given(2026, JANUARY, as_of, {hired(): level(100, as_of)}, {}, **more)  # type: ignore[arg-type]


def test_deviations_of_document_002() -> None:
    """Region Jämtland Härjedalen (2023): −220 −217 −235 +332 = −340 mkr, by the ledger's sign turned."""
    as_of = date(2026, 12, 1)
    deviations = {MEDICINE: 220, SURGERY: 217, NEAR: 235, STAFF: -332}
    budget = {hired(key): over_months(Decimal(1200), 1, 12) for key in deviations}
    outcome = {
        hired(key): [Decimal(0)] * 12 + list(over_months(Decimal(1200 + more), 1, 12))
        for key, more in deviations.items()
    }

    rows = outlook(Given(2026, JANUARY, as_of, outcome, budget)).rows

    found = {row.cell.division: -total([row], 12).deviation for row in rows}
    assert found == {MEDICINE: -220, SURGERY: -217, NEAR: -235, STAFF: 332}
    assert -total(rows, 12).deviation == -340
    assert total(rows, 12).width == 0, "nothing is left to forecast"


def test_what_is_accrued_is_a_part_of_the_outcome_and_widens_the_interval() -> None:
    as_of = date(2026, 12, 1)
    accrued = {hired(): [Decimal(0)] * 22 + [Decimal(16), Decimal(48)]}
    given = level_given(as_of, accrued=accrued, error=Decimal(10), whole=Decimal(64))
    row = outlook(given).rows[0]

    assert (row.outcome, row.whole_year, sum(row.accrued), row.error) == (1200, 1200, 64, 10)
    assert total([row], 12).width == 13, "1.28 times the standard error, in whole kronor"
    quarter = outlook(level_given(as_of, accrued=accrued, error=Decimal(10), whole=Decimal(256))).rows[0]
    assert quarter.error == 5
    longer = date(2026, 6, 1)
    none = outlook(
        level_given(longer, accrued={hired(): level(0, longer)}, error=Decimal(9), whole=Decimal(64))
    )
    assert none.rows[0].error == 0


def test_a_level_outcome_goes_on_and_does_not_miss() -> None:
    row = outlook(level_given(date(2026, 6, 1))).rows[0]

    assert (row.outcome, row.drawn, row.whole_year) == (600, 600, 1200)
    assert total([row], 6).width is None, "one earlier month can be tried"
    longer = Given(2027, JANUARY, date(2027, 6, 1), {hired(): level(100, date(2027, 6, 1))}, {})
    assert total(outlook(longer).rows, 6).width == 0


def test_plan_lines_count_for_the_months_to_come_only() -> None:
    line = PlanLine("Ny mottagning", hired(), over_months(Decimal(120), 1, 12))
    found = outlook(level_given(date(2026, 6, 1), plans=[line]))

    assert found.rows[0].plan == 60
    assert found.rows[0].whole_year == 1260
    assert [(one.reason, one.amount) for one in found.left_out] == [(Reason.IN_OUTCOME, 60)]
    assert [(one.name, one.cell, one.amount) for one in found.counted] == [("Ny mottagning", hired(), 60)]


def effect(month: int, expected: int, shown: int = 0) -> Effect:
    return Effect(
        MEASURE, "Å1", MEDICINE, ("hired",), date(2026, month, 1), Decimal(expected), Decimal(shown)
    )


def test_of_a_measure_only_what_the_outcome_does_not_show_is_taken() -> None:
    effects = [effect(month, 10, shown=4) for month in range(5, 13)]
    found = outlook(level_given(date(2026, 6, 1), effects=effects))

    assert found.rows[0].measures == -36
    left = {one.reason: one.amount for one in found.left_out}
    assert left == {Reason.IN_OUTCOME: -20, Reason.SHOWN: -24}
    assert [(one.name, one.amount) for one in found.counted] == [("Å1", -36)]


def test_a_measure_that_a_plan_line_stands_for_counts_once() -> None:
    line = PlanLine("Å1 i plan", hired(), over_months(Decimal(-60), 7, 12), MEASURE)
    effects = [effect(month, 10) for month in range(7, 13)]
    found = outlook(level_given(date(2026, 6, 1), plans=[line], effects=effects))

    assert (found.rows[0].plan, found.rows[0].measures) == (-60, 0)
    assert [(one.reason, one.amount) for one in found.left_out] == [(Reason.PLAN_LINE, -60)]
    assert [(one.name, one.amount) for one in found.counted] == [("Å1 i plan", -60)]


@given(st.integers(0, 12), st.integers(0, 2**32))
def test_what_is_taken_and_left_out_is_all_there_is(known: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    drawn = [(chance.randint(1, 12), chance.randint(0, 50), chance.randint(-9, 60)) for _ in range(9)]
    as_of = plus_months(date(2025, 12, 1), known)
    effects = [effect(*one) for one in drawn]
    found = outlook(level_given(as_of, effects=effects))

    taken = sum((row.measures for row in found.rows), Decimal(0))
    left = sum((one.amount for one in found.left_out), Decimal(0))
    assert taken + left == -sum(one.expected for one in effects)
    assert taken == sum((one.amount for one in found.counted), Decimal(0))
    assert taken <= 0


def test_a_measure_of_a_division_without_such_costs_has_a_row_of_its_own() -> None:
    other = Effect(MEASURE, "Å2", SURGERY, ("hired",), date(2026, 9, 1), Decimal(5))
    rows = outlook(level_given(date(2026, 6, 1), effects=[other])).rows

    assert {row.cell: row.whole_year for row in rows}[Cell(SURGERY, "hired", "")] == -5


def test_what_has_ended_a_year_ago_is_not_forecast() -> None:
    as_of = date(2026, 6, 1)
    series = [Decimal(100)] * 5 + [Decimal(0)] * 13
    row = outlook(Given(2026, JANUARY, as_of, {hired(): series}, {})).rows[0]

    assert row.whole_year == 0


@pytest.mark.parametrize(("trials", "width"), [(3, None), (4, 4), (9, 8), (24, 20)])
def test_the_width_is_the_miss_of_its_rank(trials: int, width: int | None) -> None:
    """Of n misses the one of rank ceil((n + 1) × 0.8), here 4 of 4, 8 of 9 and 20 of 24."""
    assert half_width(tuple((miss, 0) for miss in range(trials, 0, -1))) == width


def test_intervals_hold_about_as_often_as_they_say() -> None:
    """200 series of 60 months with chance alone: a forecast of 6 months lies within 80 per cent intervals."""
    chance = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        series = 100 + 10 * chance.standard_normal(60)
        before, after = series[:54] * 1000, series[54:] * 1000
        mean = np.full(6, before.mean())
        width = half_width(misses_of(before, 6, lambda known, ahead: np.full(ahead, known.mean())))
        assert width is not None
        held += abs((after - mean).sum()) <= width
    assert 140 <= held <= 190


@given(st.integers(1, 12))
def test_months_that_an_interval_needs(ahead: int) -> None:
    def flat(known: object, steps: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.zeros(steps)

    enough = least_months(ahead)
    assert half_width(misses_of(np.ones(enough), ahead, flat)) == ahead
    assert half_width(misses_of(np.ones(enough - 1), ahead, flat)) is None


@given(amounts, st.lists(st.integers(0, 1000).map(Decimal), min_size=12, max_size=12))
def test_a_spread_amount_sums_to_itself(amount: Decimal, weights: list[Decimal]) -> None:
    months = over_year(amount, weights)

    assert sum(months) == amount
    whole = sum(weights) or 12
    for month, weight in zip(months, weights if sum(weights) else [Decimal(1)] * 12, strict=True):
        assert abs(Fraction(month) - Fraction(amount) * Fraction(weight) / Fraction(whole)) < Fraction(1, 100)
