"""The variance of a step that one origin alone has taken: by a rule, from those of the others."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from samplan_agency.domain.triangle import Array, Mask

SigmaRule: TypeAlias = Literal["mack", "loglinear"]


def extrapolated(variances: list[float], rule: SigmaRule = "mack") -> Array:
    """Return the variances with those of steps that one origin alone has taken filled in by the rule."""
    found = np.array(variances, dtype=np.float64)
    known = ~np.isnan(found)
    for step in np.flatnonzero(~known):
        before = found[:step][~np.isnan(found[:step])]
        found[step] = _log_linear(found, known, int(step)) if rule == "loglinear" else _macks_rule(before)
    return found


def _macks_rule(before: Array) -> float:
    """Return the next variance by Mack (1993): what the last two say, and no more than either."""
    if before.size < 2:
        return float(before[-1]) if before.size else 0.0
    older, newer = float(before[-2]), float(before[-1])
    return min(newer**2 / older, older, newer) if older > 0 else 0.0


def _log_linear(found: Array, known: Mask, step: int) -> float:
    """Return the variance of a step on the line through the logarithms of the known ones."""
    usable = known & (np.nan_to_num(found) > 0)
    places = np.flatnonzero(usable)
    if places.size < 2:
        return float(found[places[-1]]) if places.size else 0.0
    slope, level = np.polyfit(places, np.log(found[usable]) / 2, 1)
    return float(np.exp(2 * (level + slope * step)))
