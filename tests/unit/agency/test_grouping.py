"""How late each supplier invoices: believed as far as its history is, and summed to all that is to come."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from samplan_agency.domain.accrual import chain_ladder, develop
from samplan_agency.domain.credibility import believed
from samplan_agency.domain.grouping import Group, group_suppliers
from samplan_agency.domain.lateness import LagTable, LagTriangle, lag_table, lag_triangle
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.triangle import Triangle
from samplan_agency.domain.valuing import Valued, value_months

MONTHS = Months(date(2025, 1, 1), date(2026, 12, 1))
SOON, LATE = (70, 20, 10), (10, 40, 50)
PERIODS = 3


def table(lags: Sequence[int], size: float, *, seed: int = 1, months: Months = MONTHS) -> LagTable:
    """Return what a supplier invoices by the month's work of `size` hundreds, never quite alike."""
    chance = np.random.default_rng(seed)
    rows = [
        (month, plus_months(month, lag), Decimal(str(round(size * part * chance.normal(1, 0.03), 2))))
        for month in months
        for lag, part in enumerate(lags)
    ]
    return lag_table(rows, MONTHS, MONTHS.last, PERIODS)


def together(tables: dict[Hashable | None, LagTable]) -> tuple[LagTable, LagTriangle]:
    amounts: dict[tuple[date, int], Decimal] = {}
    for one in tables.values():
        for place, amount in one.amounts.items():
            amounts[place] = amounts.get(place, Decimal(0)) + amount
    whole = LagTable(MONTHS, MONTHS.last, PERIODS, amounts)
    found = lag_triangle(whole)
    assert found is not None
    return whole, found


def grouped(tables: dict[Hashable | None, LagTable]) -> tuple[tuple[Group, ...], Valued]:
    whole, found = together(tables)
    groups = group_suppliers(found, tables)
    return groups, value_months(whole, found, {}, "mack", 0, groups=groups)


def test_suppliers_that_differ_are_judged_by_their_own_history() -> None:
    groups, valued = grouped({"soon": table(SOON, 300), "late": table(LATE, 200, seed=2)})
    assert [group.key for group in groups] == ["soon", "late"]
    assert all(group.credibility > 0.9 for group in groups)
    assert [group.growth.reported_share()[0] for group in groups] == pytest.approx([0.7, 0.1], abs=0.02)
    newest = valued.rows[-1].reserve.mean
    assert newest == pytest.approx(Decimal(300 * 30 + 200 * 90), rel=Decimal("0.2"))
    assert sum(group.reserve for group in valued.groups) == pytest.approx(valued.total.mean, abs=1)
    assert valued.total.p10 < valued.total.p50 < valued.total.p90


def test_a_change_of_suppliers_misleads_only_who_judges_all_together() -> None:
    """The supplier that invoices late takes over in the last two months: the region's pattern is the old."""
    last = Months(date(2026, 11, 1), MONTHS.last)
    before = Months(MONTHS.first, date(2026, 10, 1))
    amounts = {
        **table(LATE, 20, months=before).amounts,
        **table(LATE, 300, months=last).amounts,
    }
    late = LagTable(MONTHS, MONTHS.last, PERIODS, amounts)
    soon = LagTable(MONTHS, MONTHS.last, PERIODS, table(SOON, 300, months=before).amounts)
    tables: dict[Hashable | None, LagTable] = {"late": late, "soon": soon}
    whole, found = together(tables)
    to_come = 300 * 90 + 300 * 50  # of December, and of November
    by_supplier, by_all = (
        float(value_months(whole, found, {}, "mack", 0, groups=groups).total.mean)
        for groups in (group_suppliers(found, tables), ())
    )
    assert abs(by_supplier - to_come) < 0.35 * to_come
    assert abs(by_all - to_come) > 0.7 * to_come


def test_who_has_too_little_history_is_judged_with_the_others() -> None:
    new = Months(date(2026, 10, 1), MONTHS.last)
    tables: dict[Hashable | None, LagTable] = {
        "large": table(SOON, 300),
        "small": table(LATE, 3),
        "new": table(LATE, 300, months=new),
        None: table(SOON, 20),
    }
    groups, valued = grouped(tables)
    assert [group.key for group in groups] == ["large", None]
    assert sum(group.reported for group in valued.groups) == sum(row.reported for row in valued.rows)
    _whole, found = together({"one": tables["large"]})
    assert group_suppliers(found, {"one": tables["large"]}) == ()


def test_suppliers_that_do_not_differ_are_judged_as_all() -> None:
    """Exactly alike, none is believed beyond the others, and their sum is what all together come to."""
    one = lag_table(
        [
            (month, plus_months(month, lag), Decimal(part))
            for month in MONTHS
            for lag, part in enumerate(SOON)
        ],
        MONTHS,
        MONTHS.last,
        PERIODS,
    )
    groups, valued = grouped({"a": one, "b": one})
    assert [group.credibility for group in groups] == [0, 0]
    whole, found = together({"a": one, "b": one})
    assert valued.total.mean == value_months(whole, found, {}, "mack", 0).total.mean


def test_credibility_is_that_of_gisler_and_wuthrich() -> None:
    """One step, worked by hand by Bühlmann and Straub's estimators."""
    groups = [
        Triangle(("1", "2", "3"), np.array([[100, 150], [100, 170], [100, np.nan]])),
        Triangle(("1", "2", "3"), np.array([[50, 100], [50, 110], [50, np.nan]])),
    ]
    chance = ((10**2 / 100) * 2 + (5**2 / 50) * 2) / 2  # 1.5, two free
    volumes, own = np.array([200, 100]), np.array([1.6, 2.1])
    mean = (320 + 210) / 300
    differs = float((volumes / 300 * (own - mean) ** 2).sum()) * 2
    between = 0.5 / (2 / 3 * 1 / 3 * 2) * (differs - 2 * chance / 300)
    trust = volumes / (volumes + chance / between)
    of_all = float((trust * own).sum() / trust.sum())
    found = believed(groups, develop(Triangle(groups[0].origins, groups[0].known + groups[1].known)))
    assert [one.credibility[0] for one in found] == pytest.approx(trust)
    assert [one.growth.factors[0] for one in found] == pytest.approx(trust * own + (1 - trust) * of_all)
    valued = chain_ladder(groups[0], growth=found[0].growth)
    factor = found[0].growth.factors[0]
    errs = (1 - trust[0]) * between + (1 - trust[0]) ** 2 * between / trust.sum()
    assert valued.reserve[-1] == pytest.approx(100 * (factor - 1))
    assert valued.error[-1] ** 2 == pytest.approx(100 * 2.0 + 100**2 * errs)
