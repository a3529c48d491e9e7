"""The way to independence of hired staff: what a plan's actions come to, month by month.

When each own position is filled is drawn; everything else follows from the plan. In a month hired staff of a
profession works its usual hours, times the parts that remain where weekends only are hired for, less the
hours that own positions (after their introduction) and internal units take over; never below none. Its cost
follows the hours at the usual price. Own staff costs what it does now, and the filled positions and units.
Share: hired in per cent of own staff's cost (SKR, Bemanningstrenden); prices and wages are those of now.

Draws are coupled: the same seed gives a position the same luck whatever stands beside it, so that a position
more never raises the hours hired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import numpy as np

from samplan_agency.domain.months import months_between, plus_months
from samplan_agency.domain.way import DRAWS, Action, InternalUnit, OwnPositions, Start, WeekendsOnly

QUANTILES = (0.1, 0.5, 0.9)
# Of sums that are nothing but for rounding.
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Interval:
    """What is reached in a tenth, in half and in nine tenths of the draws."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Reached:
    """When something is reached for good, in the plan's months; None: not within them.

    `probability` is the part of the draws in which it is.
    """

    p10: date | None
    p50: date | None
    p90: date | None
    probability: float


@dataclass(frozen=True, slots=True)
class WayMonth:
    """A month of the way: share in per cent, hired hours, and in SEK hired and own cost and what is saved.

    `saved` is summed from the first month on, against everything staying as it is; negative while the plan
    has cost more than it has saved.
    """

    month: date
    share: Interval
    hired_hours: Interval
    hired_cost: Interval
    own_cost: Interval
    saved: Interval


@dataclass(frozen=True, slots=True)
class Way:
    """What a plan comes to: the share now, each month, when the target is kept and the cost earned."""

    share_now: float | None
    months: tuple[WayMonth, ...]
    target: Reached
    break_even: Reached


def way_of(
    start: Start, actions: Sequence[Action], first: date, months: int, *, seed: int = 1, draws: int = DRAWS
) -> Way:
    """Return where actions lead in so many months from `first` on; the same seed gives the same way.

    An action for a profession in which nobody is hired has its cost only. Hired staff's cost that has no
    hours stays as it is.
    """
    hours, added = _draw(start, actions, (first, months), (seed, draws))
    now = sum(hired.cost for hired in start.hired.values())
    hired = np.full((draws, months), float(now - sum(start.hired[category].cost for category in hours)))
    for category, by in hours.items():
        hired += start.hired[category].per_hour * by
    own = start.own_cost + added
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(own > 0, 100 * hired / own, np.nan)
    saved = np.cumsum(now - hired - added, axis=1)
    worked = sum(hours.values(), np.zeros((draws, months)))
    columns = [_intervals(values) for values in (share, worked, hired, own, saved)]
    names = [plus_months(first, place) for place in range(months)]
    begun = np.maximum.accumulate((np.abs(now - hired) > _TINY) | (added > _TINY), axis=1)
    return Way(
        100 * now / start.own_cost if start.own_cost > 0 else None,
        tuple(WayMonth(name, *of) for name, *of in zip(names, *columns, strict=True)),
        _reached(share <= start.target + _TINY, names),
        _reached((saved >= -_TINY) & begun, names),
    )


def filling(action: OwnPositions, months: int) -> list[float]:
    """Return the probabilities that a position is filled so many months after it was advertised.

    There are `months` of them; what they lack of 1 is that it takes longer.
    """
    most = min(ceil(action.slowest), months)
    ready = [
        _taken(action, month) - (_taken(action, month - 1) if month else 0.0) for month in range(most + 1)
    ]
    found, waiting = [], 0.0
    for month in range(months):
        waiting += ready[month] if month <= most else 0.0
        found.append(waiting * action.filled)
        waiting -= found[-1]
    return found


def _taken(action: OwnPositions, months: float) -> float:
    """Return the probability that recruiting takes no longer: the triangular distribution."""
    low, usual, high = action.quickest, action.usual, action.slowest
    if months >= high:
        return 1.0
    if months < low:
        return 0.0
    if months < usual:
        return (months - low) / (high - low) * (months - low) / (usual - low)
    return 1 - (high - months) / (high - low) * (high - months) / (high - usual)


def _draw(
    start: Start, actions: Sequence[Action], span: tuple[date, int], chance: tuple[int, int]
) -> tuple[dict[str, Any], Any]:
    """Return hired hours by profession, and what own staff costs beside now; each by draw and month."""
    (first, months), (seed, draws) = span, chance
    hours = {
        category: np.full((draws, months), float(hired.hours))
        for category, hired in start.hired.items()
        if hired.hours > 0
    }
    added = np.zeros((draws, months))
    fewer = {category: np.zeros((draws, months)) for category in hours}
    for place, action in enumerate(actions):
        acts = np.arange(months) >= months_between(first, action.first)
        if isinstance(action, WeekendsOnly):
            if action.category in hours:
                hours[action.category] *= np.where(acts, action.remains, 1.0)
            continue
        if isinstance(action, InternalUnit):
            works = action.fte * action.used * acts
            added += action.fte * action.cost * acts
        else:
            filled = _filled(action, span, draws, np.random.default_rng((seed, place)))
            works = filled[:, :months] * action.replaces
            added += filled[:, action.introduction :] * action.cost
        if action.category in fewer:
            fewer[action.category] += works * start.hours_per_fte
    return {category: np.maximum(of - fewer[category], 0.0) for category, of in hours.items()}, added


def _filled(action: OwnPositions, span: tuple[date, int], draws: int, luck: np.random.Generator) -> Any:
    """Return how many positions are filled, by draw and month, from the introduction's length before on."""
    first, months = span
    whole = months + action.introduction
    before = months_between(first, action.first) + action.introduction
    waited = max(whole - before, 0)
    # One row a position: those of a smaller number are the first of a larger one.
    after = np.searchsorted(
        np.cumsum(filling(action, waited)), luck.random((action.number, draws)), side="right"
    )
    month = np.where(after < waited, np.clip(before + after, 0, whole), whole)
    places = np.bincount((np.arange(draws) * (whole + 1) + month).ravel(), minlength=draws * (whole + 1))
    return np.cumsum(places.reshape(draws, whole + 1)[:, :whole], axis=1)


def _intervals(values: Any) -> list[Interval]:
    return [Interval(*map(float, of)) for of in np.quantile(values, QUANTILES, axis=0).T]


def _reached(holds: Any, months: Sequence[date]) -> Reached:
    """Return from which month on it holds until the end."""
    lasts = np.flip(np.logical_and.accumulate(np.flip(holds, axis=1), axis=1), axis=1)
    when = np.sort(np.where(lasts[:, -1], np.argmax(lasts, axis=1), len(months)))
    places = [int(when[ceil(quantile * len(when)) - 1]) for quantile in QUANTILES]
    found = [months[place] if place < len(months) else None for place in places]
    return Reached(found[0], found[1], found[2], float(np.mean(when < len(months))))
