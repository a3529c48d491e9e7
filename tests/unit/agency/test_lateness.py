"""Late invoices as a triangle: lags, what does not count, months that depart, and the choice of method."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from samplan_agency.domain.accrual import develop
from samplan_agency.domain.lateness import (
    LagTable,
    LagTriangle,
    LeftOut,
    booking_months,
    lag_table,
    lag_triangle,
)
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.triangle import Triangle
from samplan_agency.domain.valuing import Reason, value_months

FIRST = date(2026, 1, 1)
MONTHS = Months(FIRST, date(2026, 6, 1))
Booked = list[tuple[date, date, Decimal]]


def booked(amounts: tuple[float, ...] = (40, 40, 20), months: Months = MONTHS) -> Booked:
    """Return costs that come in these amounts, in thousands, after so many months."""
    return [
        (month, plus_months(month, lag), Decimal(amount) * 1000)
        for month in months
        for lag, amount in enumerate(amounts)
    ]


def triangle_of(table: LagTable, left_out: LeftOut | None = None) -> LagTriangle:
    """Return the triangle of a table that has one."""
    found = lag_triangle(table, left_out)
    assert found is not None
    return found


def test_costs_stand_by_work_month_and_lag_as_they_were_known() -> None:
    extra = [(FIRST, date(2025, 12, 1), Decimal(7)), (FIRST, date(2026, 6, 1), Decimal(5))]
    table = lag_table([*booked(), *extra], MONTHS, MONTHS.last, 3)
    assert table.amounts[FIRST, 0] == 40_007  # booked before its month
    assert table.amounts[FIRST, 2] == 20_005  # and later than the last lag
    assert table.reported(FIRST) == 100_012
    assert [table.known(month) for month in MONTHS] == [3, 3, 3, 3, 2, 1]
    assert table.reported(MONTHS.last) == 40_000


def test_the_triangle_begins_where_something_is_booked() -> None:
    table = lag_table(booked((0, 60, 40)), MONTHS, MONTHS.last, 3)
    found = triangle_of(table)
    assert (found.first_lag, found.triangle.periods) == (1, 2)
    assert found.triangle.latest()[-1] == -1
    assert lag_triangle(lag_table([], MONTHS, MONTHS.last, 3)) is None


def test_what_nobody_knows_the_growth_of_belongs_to_the_last_lag() -> None:
    months = Months(FIRST, date(2026, 3, 1))
    found = triangle_of(lag_table(booked((40, 40, 20), months), months, months.last, 12))
    assert found.triangle.periods == 3
    assert found.triangle.reported() == pytest.approx([100_000, 80_000, 40_000])


def test_what_does_not_count_changes_the_pattern_and_is_valued_all_the_same() -> None:
    rows = [
        (work, at, amount * (3 if at == date(2026, 4, 1) and work != at else 1))
        for work, at, amount in booked()
    ]
    table = lag_table(rows, MONTHS, MONTHS.last, 3)
    usual = triangle_of(lag_table(booked(), MONTHS, MONTHS.last, 3))
    every = triangle_of(table)
    left = triangle_of(table, LeftOut(booked_months=frozenset({date(2026, 4, 1)})))
    half = triangle_of(table, LeftOut(halved=frozenset({date(2026, 4, 1)})))
    first = [float(develop(found.triangle).factors[0]) for found in (usual, left, half, every)]
    assert first[0] == pytest.approx(first[1])
    assert first[1] < first[2] < first[3]
    assert value_months(table, left, {}, "mack", 0).rows[-1].month == MONTHS.last


def test_weights_are_those_of_mack_1999() -> None:
    known = np.array([[100, 150], [100, 130], [100, np.nan]])
    growth = develop(Triangle(("a", "b", "c"), known, np.array([[1, 1], [1, 0.5], [1, 0]])))
    factor = (150 + 0.5 * 130) / 150
    assert growth.factors[0] == pytest.approx(factor)
    spread = (150 - factor * 100) ** 2 / 100 + 0.5 * (130 - factor * 100) ** 2 / 100
    assert growth.variances[0] == pytest.approx(spread)


def test_a_booking_month_that_departs_is_told() -> None:
    months = Months(FIRST, date(2027, 12, 1))
    chance = np.random.default_rng(4)
    rows = [
        (work, at, amount * Decimal(str(round(chance.normal(1, 0.04), 4))))
        for work, at, amount in booked(months=months)
    ]
    odd = date(2027, 1, 1)
    bent = [(w, at, amount * (2 if at == odd and w != at else 1)) for w, at, amount in rows]
    calm, told = (triangle_of(lag_table(each, months, months.last, 3)) for each in (rows, bent))
    assert not any(found.departs for found in booking_months(calm))
    assert [found.month for found in booking_months(told) if found.departs] == [odd]


def test_the_method_follows_from_what_is_there() -> None:
    table = lag_table(booked(), MONTHS, MONTHS.last, 3)
    found = triangle_of(table)
    hours = {date(2026, 5, 1): Decimal(100_000), MONTHS.last: Decimal(120_000)}
    by_hours = value_months(table, found, hours, None, 0.05)
    assert (by_hours.method, by_hours.because, by_hours.instead) == ("bf", Reason.HOURS, None)
    assert by_hours.rows[-1].reserve.mean == Decimal("72000.00")  # 60 per cent of 120,000
    assert by_hours.total.mean == sum(row.reserve.mean for row in by_hours.rows) == Decimal("92000.00")
    assert by_hours.total.p10 < by_hours.total.p50 < by_hours.total.p90
    scaled = value_months(table, found, hours, "capecod", 0)
    assert scaled.realised == pytest.approx((80 + 40) / (0.8 * 100 + 0.4 * 120))
    assert scaled.rows[-1].reserve.mean == Decimal("67500.00")  # 60 per cent of 112,500
    long = lag_table(booked(), MONTHS, MONTHS.last, 6)
    longer = triangle_of(long)
    assert value_months(long, longer, hours, None, 0.05).total.mean == Decimal("92000.00")
    young = value_months(table, found, {MONTHS.last: Decimal(1)}, None, 0)
    assert (young.method, young.because) == ("capecod", Reason.YOUNG)
    assert young.rows[-1].reserve.mean == Decimal("60000.00")
    assert value_months(table, found, {}, "bf", 0).instead is Reason.NO_HOURS
    mature = lag_table(booked((60, 30, 10)), MONTHS, MONTHS.last, 3)
    grown = triangle_of(mature)
    assert value_months(mature, grown, {}, None, 0).because is Reason.MATURE


def test_credit_notes_and_empty_months_leave_the_chain_ladder() -> None:
    credit = lag_table(booked((60, 50, -10)), MONTHS, MONTHS.last, 3)
    found = triangle_of(credit)
    hours = dict.fromkeys(MONTHS, Decimal(100_000))
    fallen = value_months(credit, found, hours, "mack", 0)
    assert (fallen.method, fallen.instead) == ("bf", Reason.CREDIT)
    assert value_months(credit, found, {}, "mack", 0).method == "capecod"
    empty = lag_table([row for row in booked() if row[0] != MONTHS.last], MONTHS, MONTHS.last, 3)
    nothing = triangle_of(empty)
    valued = value_months(empty, nothing, {}, "mack", 0)
    assert (valued.method, valued.instead) == ("capecod", Reason.NOTHING_BOOKED)
