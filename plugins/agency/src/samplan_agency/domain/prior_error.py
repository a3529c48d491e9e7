"""How far what is still to come may miss that is valued with a prior: Bornhuetter-Ferguson, Cape Cod.

Mack, T. (2008), The prediction error of Bornhuetter/Ferguson, ASTIN Bulletin 38(1), sections 4 and 5, with
the chain ladder's pattern. Increments spread around what was expected of them in proportion to it; the
pattern errs the less, the more was expected, and in one direction for all origins, which errs on the wide
side; what was expected errs by itself, alike for all origins. What is expected to be credited spreads alike.

Cape Cod estimates what was expected too, by κ = Σ reported ÷ Σ share × exposure, and errs with it: by chance
in what is reported, and by the pattern in the shares. Where these are too small, κ is too large, and so the
pattern's error counts twice. By first order, d log κ = Σ d reported ÷ Σ reported − Σ U dz ÷ Σ U z.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samplan_agency.domain.triangle import Array, Mask, Triangle
from samplan_agency.domain.variance import SigmaRule, extrapolated


@dataclass(frozen=True, slots=True)
class Prior:
    """What each origin was expected to cost, its standard error, and whether it is one of the scaled."""

    expected: Array
    error: Array
    scaled: Mask


def prior_errors(
    triangle: Triangle, prior: Prior, shares: Array, rule: SigmaRule
) -> tuple[Array, Array, float]:
    """Return each origin's standard error, its process part squared, and the error of all.

    `shares` of an origin are known after each period.
    """
    latest, expected = triangle.latest(), prior.expected
    spread, volume = _increment_spread(triangle, expected, np.diff(np.append(0.0, shares)), rule)
    certain = np.where(volume > 0, spread / np.where(volume > 0, volume, 1.0), 0.0)
    pattern = np.sqrt(np.minimum(_behind(certain)[latest + 1], _ahead(certain)[latest + 1]))
    share = np.append(0.0, shares)[latest + 1]
    process = np.abs(expected) * _ahead(spread)[latest + 1]
    chance, follows = _of_scale(prior, share, pattern, _behind(spread)[latest + 1])
    still = prior.scaled * np.abs(expected) * (1.0 - share)
    by_pattern = np.hypot(expected, prior.error) * pattern + still * follows
    by_level = np.hypot(prior.error * (1.0 - share), still * chance)
    errors = np.sqrt(process + by_pattern**2 + by_level**2)
    together = float(by_pattern.sum() ** 2 + by_level.sum() ** 2)
    return errors, process, float(np.sqrt(process.sum() + together))


def _of_scale(prior: Prior, share: Array, pattern: Array, behind: Array) -> tuple[float, float]:
    """Return by what part of itself the scale errs by chance, and by the pattern."""
    expected = np.where(prior.scaled, prior.expected, 0.0)
    used = float((expected * share).sum())
    if used <= 0:
        return 0.0, 0.0
    return float(np.sqrt((np.abs(expected) * behind).sum())) / used, float((expected * pattern).sum()) / used


def _behind(values: Array) -> Array:
    """Return the sum of the values before each place, and of all."""
    return np.append(0.0, np.cumsum(values))


def _ahead(values: Array) -> Array:
    """Return the sum of the values from each place on, and 0."""
    return np.append(np.cumsum(values[::-1])[::-1], 0.0)


def _increment_spread(
    triangle: Triangle, expected: Array, pattern: Array, rule: SigmaRule
) -> tuple[Array, Array]:
    """Return each period's spread of increments per unit expected, and what was expected in all."""
    padded = np.column_stack([np.zeros(len(expected)), triangle.known])
    spread, volume = [], []
    for period in range(triangle.periods):
        known = ~np.isnan(padded[:, period]) & ~np.isnan(padded[:, period + 1]) & (expected > 0)
        known &= triangle.weight(period) > 0
        increments = padded[known, period + 1] - padded[known, period]
        away = (increments - expected[known] * pattern[period]) ** 2 / expected[known]
        spread.append(float(away.sum()) / (known.sum() - 1) if known.sum() > 1 else np.nan)
        volume.append(float(expected[known].sum()))
    return extrapolated(spread, rule), np.array(volume)
