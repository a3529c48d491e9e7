"""How groups grow, each by its own history as far as that is to be believed, and else as all do.

Gisler, A. and Wüthrich, M. (2008), Credibility for the chain ladder reserving method, ASTIN Bulletin 38(2):
the factor of a group is its own, times its credibility, and that of all for the rest. Its credibility in a
step is S ÷ (S + σ² ÷ τ²), with S what the group's own factor rests on, σ² how much growth differs by chance
and τ² how much it differs between groups (Bühlmann and Straub's estimators). How much a group's amounts
differ by chance when they are predicted is judged by its own, where it has taken a step more than once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samplan_agency.domain.accrual import Development, Step, step_of
from samplan_agency.domain.triangle import Array, Triangle
from samplan_agency.domain.variance import extrapolated


@dataclass(frozen=True, slots=True)
class Believed:
    """How a group grows, and the credibility of its own history in each step: from 0 to 1."""

    growth: Development
    credibility: Array


def believed(groups: Sequence[Triangle], together: Development) -> list[Believed]:
    """Return how each group grows; `together` is how all of them do, with as many steps."""
    steps = [[step_of(group, place) for group in groups] for place in range(len(together.factors))]
    chance = extrapolated([_chance(of_step) for of_step in steps])
    found = [
        _of_step(of_step, float(variance), float(factor))
        for of_step, variance, factor in zip(steps, chance, together.factors, strict=True)
    ]
    return [
        _of_group(place, found, [of_step[place] for of_step in steps], chance) for place in range(len(groups))
    ]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A step: by group the factor, its credibility, and the square of what the factor may err by."""

    factors: Array
    credibility: Array
    errors: Array


def _chance(steps: Sequence[Step]) -> float:
    """Return how much growth differs by chance within the groups, all of which count alike."""
    free = [step for step in steps if step.known and step.freedom > 0]
    freedom = sum(step.freedom for step in free)
    return sum(step.spread for step in free) / freedom if freedom else float("nan")


def _of_step(steps: Sequence[Step], variance: float, together: float) -> _Weighed:
    volumes = np.array([step.volume if step.known else 0.0 for step in steps])
    own = np.array([step.factor if step.known else together for step in steps])
    between = _between(own, volumes, variance)
    if between <= 0:
        error = variance / whole if (whole := float(volumes.sum())) > 0 else 0.0
        shape = len(steps)
        return _Weighed(np.full(shape, together), np.zeros(shape), np.full(shape, error))
    trust = np.where(volumes > 0, volumes / np.maximum(volumes + variance / between, 1e-9), 0.0)
    of_all = float((trust * own).sum() / trust.sum())
    # Gisler and Wüthrich's theorem 3.4, with the error of what holds for all.
    errors = (1 - trust) * between + (1 - trust) ** 2 * between / trust.sum()
    return _Weighed(trust * own + (1 - trust) * of_all, trust, errors)


def _between(own: Array, volumes: Array, variance: float) -> float:
    """Return how much growth differs between groups, beyond chance; 0 where that cannot be told."""
    used = volumes > 0
    count, whole = int(used.sum()), float(volumes.sum())
    if count < 2:
        return 0.0
    part = volumes[used] / whole
    mean = float((part * own[used]).sum())
    room = float((part * (1 - part)).sum())
    differs = float((part * (own[used] - mean) ** 2).sum()) * count / (count - 1)
    return max((count - 1) / count / room * (differs - count * variance / whole), 0.0)


def _of_group(place: int, found: Sequence[_Weighed], own: Sequence[Step], chance: Array) -> Believed:
    factors, credibility, errors = (
        np.array([getattr(step, name)[place] for step in found])
        for name in ("factors", "credibility", "errors")
    )
    told = [step.variance if step.known else float("nan") for step in own]
    variances = np.where(np.isnan(told), chance, np.nan_to_num(told))
    # The amounts that a factor would rest on, if it erred as much by Mack's formula.
    volumes = np.where(errors > 0, variances / np.where(errors > 0, errors, 1.0), 1.0)
    volumes = np.where(volumes > 0, volumes, 1.0)
    return Believed(Development(factors, variances, volumes), credibility)
