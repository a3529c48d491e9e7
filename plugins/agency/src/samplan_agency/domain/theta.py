"""Forecasts of monthly series by the Theta method: the mean of a straight line and a smoothed, bent one.

Assimakopoulos and Nikolopoulos (2000), International Journal of Forecasting 16:521-530: the series, cleared
of its season where a test finds one, is the mean of its regression line (theta 0) and of the line with
doubled curvature (theta 2); the first is drawn on, the second by simple exponential smoothing. Season:
classical decomposition, by ratio where every value is positive and by difference otherwise; the test is that
of Fiorucci et al. (2016), at 90 per cent.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Series: TypeAlias = NDArray[np.float64]

_SMOOTHINGS = np.linspace(0.01, 0.99, 99)
_NORMAL_95 = 1.645
_LINE = 2  # values that a line needs


def ongoing(series: Series, horizon: int, period: int = 12) -> Series:
    """Return the forecast from the first month with an amount; zeros for what has ended a year ago."""
    filled = np.flatnonzero(series)
    if not len(filled) or len(series) - filled[-1] > period:
        return np.zeros(horizon)
    return theta(series[filled[0] :], horizon, period)


def theta(series: Series, horizon: int, period: int = 12) -> Series:
    """Return the forecast of the `horizon` values to come; zeros where nothing is known.

    Args:
        series: one value a month, oldest first.
        horizon: how many months to forecast; 0 or more.
        period: months of a season.
    """
    count = len(series)
    if count < _LINE:
        return np.full(horizon, series[0] if count else 0.0)
    places, ahead = np.arange(count), count + np.arange(horizon)
    by_ratio = bool((series > 0).all())
    season = season_of(series, period, by_ratio=by_ratio)
    if season is None:
        return _lines(series, horizon)
    if by_ratio:
        found: Series = _lines(series / season[places % period], horizon) * season[ahead % period]
    else:
        found = _lines(series - season[places % period], horizon) + season[ahead % period]
    return found


def _lines(values: Series, horizon: int) -> Series:
    places = np.arange(len(values))
    slope, start = np.polyfit(places, values, 1)
    bent = 2 * values - (start + slope * places)
    line = start + slope * (len(values) + np.arange(horizon))
    mean: Series = (line + _level(bent)) / 2
    return mean


def _level(values: Series) -> float:
    """Return the last level of the exponential smoothing whose errors, one month ahead, are least."""
    level, squares = np.full(len(_SMOOTHINGS), values[0]), np.zeros(len(_SMOOTHINGS))
    for value in values[1:]:
        error = value - level
        squares += error * error
        level += _SMOOTHINGS * error
    return float(level[squares.argmin()])


def season_of(series: Series, period: int, *, by_ratio: bool) -> Series | None:
    """Return what each month of the season adds or multiplies by; None where there is no sign of one."""
    count = len(series)
    if count < 2 * period or not _is_seasonal(series, period):
        return None
    weights = np.ones(period + 1)
    weights[[0, -1]] = 0.5
    trend = np.convolve(series, weights / period, "valid")
    first = period // 2
    inner = series[first : first + len(trend)]
    parts = inner / trend if by_ratio else inner - trend
    months = (first + np.arange(len(parts))) % period
    season = np.array([parts[months == month].mean() for month in range(period)])
    found: Series = season * period / season.sum() if by_ratio else season - season.mean()
    return found


def _is_seasonal(series: Series, period: int) -> bool:
    centred = series - series.mean()
    square = float(centred @ centred)
    if square == 0:
        return False
    lags = [float(centred[lag:] @ centred[:-lag]) / square for lag in range(1, period + 1)]
    limit = _NORMAL_95 * np.sqrt((1 + 2 * sum(lag * lag for lag in lags[:-1])) / len(series))
    return abs(lags[-1]) > float(limit)
