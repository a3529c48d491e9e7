"""What a forecast must beat."""

from __future__ import annotations

import numpy as np

from samplan_agency.domain.theta import Series, season_of


def naive2(series: Series, horizon: int, period: int = 12) -> Series:
    """Return the last value, cleared of its season and given it again: what a method must beat."""
    places, ahead = np.arange(len(series)), len(series) + np.arange(horizon)
    season = season_of(series, period, by_ratio=True) if (series > 0).all() else None
    if season is None:
        return np.full(horizon, series[-1])
    found: Series = (series / season[places % period])[-1] * season[ahead % period]
    return found
