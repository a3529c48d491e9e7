"""How far valuations with a prior may miss: published reserves, the formula by hand, and simulation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from samplan_agency.domain.accrual import bornhuetter_ferguson, cape_cod, chain_ladder
from samplan_agency.domain.lateness import lag_table, lag_triangle
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.triangle import Array, Triangle
from samplan_agency.domain.valuing import value_months

PROPERTY = """
5946975 9668212 10563929 10771690 10978394 11040518 11106331 11121181 11132310 11148124
6346756 9593162 10316383 10468180 10536004 10572608 10625360 10636546 10648192
6269090 9245313 10092366 10355134 10507837 10573282 10626827 10635751
5863015 8546239 9268771 9459424 9592399 9680740 9724068
5778885 8524114 9178009 9451404 9681692 9786916
6184793 9013132 9585897 9830796 9935753
5600184 8493391 9056505 9282022
5288066 7728169 8256211
5290793 7648729
5675568
"""
PRIORS = np.array(
    [11653101, 11367306, 10962965, 10616762, 11044881, 11480700, 11413572, 11126527, 10986548, 11618437.0]
)


def published() -> Triangle:
    """Return the triangle that Wüthrich and Merz (2008), Stochastic claims reserving methods, work with."""
    rows = [[float(cell) for cell in line.split()] for line in PROPERTY.split("\n") if line]
    known = np.array([row + [math.nan] * (len(rows) - len(row)) for row in rows])
    return Triangle(tuple(map(str, range(len(rows)))), known)


def test_reserves_are_those_of_wuthrich_and_merz() -> None:
    """Their tables of the chain ladder, with Mack's s.e., and of Bornhuetter-Ferguson."""
    ladder = chain_ladder(published())
    reserves = [0, 15126, 26257, 34538, 85302, 156494, 286121, 449167, 1043242, 3950815]
    assert ladder.reserve == pytest.approx(reserves, abs=1)
    assert ladder.total_error == pytest.approx(462_960, abs=1)
    prior = bornhuetter_ferguson(published(), PRIORS)
    reserves = [0, 16124, 26998, 37575, 95434, 178024, 341305, 574089, 1318646, 4768384]
    assert prior.reserve == pytest.approx(reserves, abs=2)


def by_hand(rows: Sequence[Sequence[float]], priors: Sequence[float], cv: float) -> tuple[list[float], float]:
    """Return Mack's (2008) errors by origin and of all, of a full square's upper half, in plain sums."""
    size = len(rows)
    shares = [1.0]
    for step in range(size - 2, -1, -1):
        pairs = [row[step : step + 2] for row in rows if len(row) > step + 1]
        shares.insert(0, shares[0] * sum(row[0] for row in pairs) / sum(row[1] for row in pairs))
    spread, volume = [], []
    for period in range(size):
        part = shares[period] - (shares[period - 1] if period else 0)
        away = [
            (row[period] - (row[period - 1] if period else 0) - prior * part) ** 2 / prior
            for row, prior in zip(rows, priors, strict=True)
            if len(row) > period
        ]
        volume.append(sum(priors[: len(away)]))
        spread.append(sum(away) / (len(away) - 1) if len(away) > 1 else -1)
    spread[-1] = min(spread[-2] ** 2 / spread[-3], spread[-3], spread[-2])
    of_pattern = [one / all_ for one, all_ in zip(spread, volume, strict=True)]
    errors, process, pattern, level = [], 0.0, 0.0, 0.0
    for row, prior in zip(rows, priors, strict=True):
        known = len(row)
        chance = prior * sum(spread[known:])
        sides = sum(of_pattern[:known]), sum(of_pattern[known:])
        of_share = (prior**2 + (cv * prior) ** 2) * min(sides)
        of_prior = cv * prior * (1 - shares[known - 1])
        errors.append(math.sqrt(chance + of_share + of_prior**2))
        process, pattern, level = process + chance, pattern + math.sqrt(of_share), level + of_prior
    return errors, math.sqrt(process + pattern**2 + level**2)


@pytest.mark.parametrize("cv", [0.0, 0.05])
def test_errors_are_those_of_the_formula_by_hand(cv: float) -> None:
    seen = published()
    rows = [[float(amount) for amount in row if not math.isnan(amount)] for row in seen.known]
    errors, total = by_hand(rows, PRIORS.tolist(), cv)
    found = bornhuetter_ferguson(seen, PRIORS, prior_cv=cv)
    assert found.error == pytest.approx(errors)
    assert found.total_error == pytest.approx(total)


def test_the_last_spread_follows_the_rule_that_is_asked_for() -> None:
    one, other = (bornhuetter_ferguson(published(), PRIORS, rule) for rule in ("mack", "loglinear"))
    assert one.error[1] != pytest.approx(other.error[1])


def worlds(lag: Sequence[float], origins: int, number: int) -> list[tuple[Triangle, Array, Array]]:
    """Return triangles, what they become, and their exposures; amounts spread as their means do."""
    chance, found = np.random.default_rng(5), []
    exposure = np.linspace(1000, 1500, origins)
    for _world in range(number):
        full = chance.gamma(exposure[:, None] * np.array(lag) / 20, 20).cumsum(axis=1)
        known = np.where(np.add.outer(np.arange(origins), np.arange(len(lag))) < origins, full, np.nan)
        found.append((Triangle(tuple(map(str, range(origins))), known), full[:, -1], exposure))
    return found


@pytest.mark.parametrize(
    ("lag", "origins"),
    [
        ((0.25, 0.45, 0.17, 0.08, 0.03, 0.02), 12),
        ((0.07, 0.17, 0.2, 0.17, 0.12, 0.1, 0.07, 0.05, 0.03, 0.02), 10),
    ],
)
def test_errors_are_as_large_as_what_valuations_miss_by(lag: tuple[float, ...], origins: int) -> None:
    """Over 400 worlds, of all origins and the newest: not below by more than a tenth, nor far above."""
    for method in (bornhuetter_ferguson, cape_cod):
        missed, said = [], []
        for seen, final, exposure in worlds(lag, origins, 400):
            valued = method(seen, exposure)
            missed.append(((valued.ultimate - final).sum(), valued.ultimate[-1] - final[-1]))
            said.append((valued.total_error, valued.error[-1]))
        ratio = np.sqrt(np.mean(np.square(said), axis=0) / np.mean(np.square(missed), axis=0))
        assert (ratio > 0.9).all(), (method, ratio)
        assert (ratio < 1.25).all(), (method, ratio)


def test_what_is_expected_to_be_credited_has_an_error_too() -> None:
    """A month with more credit notes than invoices, whose expectation is taken from what is booked."""
    seen = published()
    for method in (bornhuetter_ferguson, cape_cod):
        expected = PRIORS * np.where(np.arange(10) == 8, -0.1, 1)
        found = method(seen, expected)
        assert found.error[8] > 0
        assert found.total_error > found.error[8]


def test_months_that_differ_make_the_usual_cost_level_less_certain() -> None:
    """Without hours months count alike: where they really are from 2 to 4 million, 80 per cent must hold."""
    chance, months = np.random.default_rng(8), Months.rolling(date(2026, 10, 1), 24)
    within = []
    for _world in range(120):
        booked, to_come = [], 0.0
        for month in months:
            parts = chance.uniform(2e6, 4e6) * chance.dirichlet([7, 9, 5, 2])
            for lag, part in enumerate(parts):
                if plus_months(month, lag) <= months.last:
                    booked.append((month, plus_months(month, lag), Decimal(round(part))))
                else:
                    to_come += part
        table = lag_table(booked, months, months.last, 12)
        found = lag_triangle(table)
        assert found is not None
        total = value_months(table, found, {}, "capecod", 0.05).total
        within.append(total.p10 <= to_come <= total.p90)
    assert 0.7 < np.mean(within) < 0.95
