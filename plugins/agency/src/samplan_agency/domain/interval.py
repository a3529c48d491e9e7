"""How far a forecast may miss, from how far the same method would have missed before.

Split conformal prediction (Vovk, Gammerman and Shafer, 2005): of n misses the one of rank ceil((n + 1) ×
coverage) is the half width. Forecasts from earlier months overlap, so that the coverage holds roughly and not
exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Method: TypeAlias = Callable[[NDArray[np.float64], int], NDArray[np.float64]]

COVERAGE = 0.8
"""From P10 to P90."""
LEAST_HISTORY = 12
"""Months that a forecast of an earlier month must have had before it."""
MOST_TRIALS = 24

Misses: TypeAlias = tuple[tuple[int, ...], ...]
"""Outcome less forecast in SEK: for each earlier month, newest first, one for each month ahead."""


def misses_of(series: NDArray[np.float64], horizon: int, method: Method) -> Misses:
    """Return how far forecasts of `horizon` months from earlier months would have missed."""
    if horizon == 0:
        return ()
    newest = len(series) - horizon
    starts = range(newest, max(LEAST_HISTORY, newest - MOST_TRIALS + 1) - 1, -1)
    return tuple(
        tuple(round(miss) for miss in series[start : start + horizon] - method(series[:start], horizon))
        for start in starts
    )


def half_width(misses: Misses, steps: slice = slice(None), coverage: float = COVERAGE) -> int | None:
    """Return how far from the forecast an interval reaches, of these months ahead together.

    None where too few earlier months could be tried: with 80 per cent fewer than 4.
    """
    sizes = sorted(abs(sum(miss[steps])) for miss in misses)
    rank = math.ceil((len(sizes) + 1) * coverage - 1e-9)
    return sizes[rank - 1] if sizes and rank <= len(sizes) else None


def least_months(horizon: int, coverage: float = COVERAGE) -> int:
    """Return how many months of outcome an interval of `horizon` months ahead needs."""
    trials = next(n for n in range(1, MOST_TRIALS + 1) if math.ceil((n + 1) * coverage - 1e-9) <= n)
    return LEAST_HISTORY + horizon + trials - 1
