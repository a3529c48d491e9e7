"""What is still to come of costs that are reported late: chain ladder, Bornhuetter-Ferguson, Cape Cod.

Sources: Mack, T. (1993), Distribution-free calculation of the standard error of chain ladder reserve
estimates, ASTIN Bulletin 23(2), for factors, variances and standard errors of the chain ladder. Bornhuetter
and Ferguson (1972), The actuary and IBNR, and Bühlmann's Cape Cod for the methods with exposure; their
standard errors follow Mack, T. (2008), The prediction error of Bornhuetter/Ferguson, ASTIN Bulletin 38(1),
with the chain ladder's pattern in place of one of their own, see `prior_error`.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np

from samplan_agency.domain.prior_error import Prior, prior_errors
from samplan_agency.domain.triangle import Array, Mask, Places, Triangle, TriangleFault
from samplan_agency.domain.variance import SigmaRule, extrapolated

Method: TypeAlias = Literal["mack", "bf", "capecod"]
_Z90 = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class Development:
    """How origins grow from each period to the next.

    For each step: `factors` their growth, `variances` Mack's sigma squared, `volumes` the amounts that the
    factor rests on.
    """

    factors: Array
    variances: Array
    volumes: Array

    def reported_share(self) -> Array:
        """Return the share of an origin's final amount that is known after each period, the last one 1."""
        growth = np.append(np.cumprod(self.factors[::-1])[::-1], 1.0)
        return np.asarray(1.0 / growth)


@dataclass(frozen=True, slots=True)
class Valuation:
    """What is expected of each origin in the end, in the triangle's unit.

    `reserve` is what is still to come, `error` its standard error (root of the mean squared error of
    prediction), `process` the part of its square that chance alone gives; the totals count that origins err
    together, since they share factors.
    """

    ultimate: Array
    reserve: Array
    error: Array
    total_error: float
    factors: Array
    reported_share: Array
    process: Array

    @property
    def total_reserve(self) -> float:
        """Return what is still to come of all origins."""
        return float(self.reserve.sum())


@dataclass(frozen=True, slots=True)
class Step:
    """What a triangle tells of one step: amounts before and after it, and how they spread.

    `pairs` is how many origins have taken it, `spread` the weighted sum of squares of Mack's residuals,
    `freedom` how many of them are free to differ.
    """

    volume: float
    grown: float
    spread: float
    freedom: int
    pairs: int

    @property
    def known(self) -> bool:
        """Tell whether growth can be known of it."""
        return self.pairs > 0 and self.volume > 0 and self.grown > 0

    @property
    def factor(self) -> float:
        """Return the growth."""
        return self.grown / self.volume

    @property
    def variance(self) -> float:
        """Return Mack's sigma squared; NaN where one origin alone has taken the step."""
        return self.spread / self.freedom if self.freedom > 0 else float("nan")


def step_of(triangle: Triangle, step: int) -> Step:
    """Return what is known of a step, counted from 0, by all pairs of amounts that count."""
    before, after = triangle.known[:, step], triangle.known[:, step + 1]
    weight = triangle.weight(step + 1)
    both = ~np.isnan(before) & ~np.isnan(after) & (weight > 0)
    volume, grown = (float((weight * amounts)[both].sum()) for amounts in (before, after))
    used = both & (before > 0)
    factor = grown / volume if volume > 0 else 0.0
    spread = float((weight[used] * (after[used] - factor * before[used]) ** 2 / before[used]).sum())
    return Step(volume, grown, spread, int(used.sum()) - 1, int(both.sum()))


def develop(triangle: Triangle, rule: SigmaRule = "mack") -> Development:
    """Return how the triangle's origins grow, by all pairs of neighbouring amounts that count.

    Weights: Mack, T. (1999), The standard error of chain ladder reserve estimates: recursive calculation and
    inclusion of a tail factor, ASTIN Bulletin 29(2), with alpha 1. Raises `TriangleFault` where a step has no
    amounts to grow from.
    """
    steps = [step_of(triangle, step) for step in range(triangle.periods - 1)]
    for place, step in enumerate(steps, start=1):
        if not step.known:
            message = f"nothing is known of the growth from period {place} to {place + 1}"
            why = "the amounts there sum to 0 or less" if step.pairs else "no origin has both"
            raise TriangleFault(f"{message}: {why}", column=place + 2)
    variances = extrapolated([step.variance for step in steps], rule)
    return Development(
        np.array([step.factor for step in steps]), variances, np.array([step.volume for step in steps])
    )


def chain_ladder(
    triangle: Triangle, rule: SigmaRule = "mack", growth: Development | None = None
) -> Valuation:
    """Return Mack's chain ladder of a triangle, by its own growth unless another is given.

    Raises `TriangleFault` for an origin without any amount: only a method with exposure can value it.
    """
    latest, reported = triangle.latest(), triangle.reported()
    for row in np.flatnonzero(latest < 0):
        message = "the origin has no amount yet: value it with an exposure"
        raise TriangleFault(message, int(row) + 2, 2, triangle.origins[row])
    growth = growth or develop(triangle, rule)
    share = growth.reported_share()[latest]
    ultimate = reported / share
    errors, process, total = _mack_errors(growth, latest, reported, ultimate)
    return Valuation(ultimate, ultimate - reported, errors, total, growth.factors, share, process)


def bornhuetter_ferguson(
    triangle: Triangle,
    expected: Array,
    rule: SigmaRule = "mack",
    prior_cv: float = 0.0,
    growth: Development | None = None,
    *,
    scaled: Mask | None = None,
) -> Valuation:
    """Return what is known of each origin and, of what it was `expected` to cost, the part not yet reported.

    `prior_cv` is the coefficient of variation of `expected`: its standard deviation as a share of it. Of the
    origins that are `scaled` it is scaled to what has been reported of all of them.
    """
    growth = growth or develop(triangle, rule)
    latest, reported = triangle.latest(), triangle.reported()
    shares = growth.reported_share()
    share = np.where(latest < 0, 0.0, shares[np.maximum(latest, 0)])
    reserve = (1.0 - share) * expected
    prior = Prior(
        expected, expected * prior_cv, np.zeros(len(expected), dtype=bool) if scaled is None else scaled
    )
    errors, process, total = prior_errors(triangle, prior, shares, rule)
    return Valuation(reported + reserve, reserve, errors, total, growth.factors, share, process)


def cape_cod(
    triangle: Triangle,
    exposure: Array,
    rule: SigmaRule = "mack",
    prior_cv: float = 0.0,
    growth: Development | None = None,
) -> Valuation:
    """Return Bornhuetter-Ferguson with the exposure scaled to what it has realised so far in all origins.

    Raises `TriangleFault` where no exposure has been reported on.
    """
    expected = exposure * realisation(triangle, exposure, growth)
    return bornhuetter_ferguson(triangle, expected, rule, prior_cv, growth, scaled=exposure > 0)


def realisation(triangle: Triangle, exposure: Array, growth: Development | None = None) -> float:
    """Return what an exposure of 1 has cost: all that is reported, over the exposure reported on.

    Origins without exposure do not count.
    """
    latest = triangle.latest()
    shares = (growth or develop(triangle)).reported_share()
    used = float((np.where(latest < 0, 0.0, shares[np.maximum(latest, 0)]) * exposure).sum())
    if used <= 0:
        raise TriangleFault("the exposure of all origins is 0")
    return float(triangle.reported()[exposure > 0].sum()) / used


def quantiles(mean: float, error: float) -> tuple[float, float, float]:
    """Return P10, P50 and P90 of a reserve: of the lognormal distribution with this mean and standard error.

    A reserve of 0 or less, as after large credit notes, is taken as normally distributed.
    """
    if error <= 0:
        return mean, mean, mean
    if mean <= 0:
        return mean - _Z90 * error, mean, mean + _Z90 * error
    spread = float(np.sqrt(np.log1p((error / mean) ** 2)))
    middle = mean * float(np.exp(-(spread**2) / 2))
    return middle * float(np.exp(-_Z90 * spread)), middle, middle * float(np.exp(_Z90 * spread))


def _mack_errors(
    growth: Development, latest: Places, reported: Array, ultimate: Array
) -> tuple[Array, Array, float]:
    """Return each origin's standard error, its process part squared, and the error of all.

    Mack 1993, theorem 3 and its corollary.
    """
    count, steps = len(ultimate), len(growth.factors)
    relative = growth.variances / growth.factors**2
    shared = relative / growth.volumes
    errors, process = np.zeros(count), np.zeros(count)
    for row in range(count):
        amount, chance, estimate = float(reported[row]), 0.0, 0.0
        for step in range(int(latest[row]), steps if amount > 0 else 0):
            chance += relative[step] / amount
            estimate += shared[step]
            amount *= growth.factors[step]
        process[row] = ultimate[row] ** 2 * chance
        errors[row] = np.sqrt(process[row] + ultimate[row] ** 2 * estimate)
    total = float((errors**2).sum())
    tail = np.append(np.cumsum(shared[::-1])[::-1], 0.0)
    for one in range(count):
        for other in range(one + 1, count):
            total += 2 * ultimate[one] * ultimate[other] * tail[max(int(latest[one]), int(latest[other]))]
    return errors, process, float(np.sqrt(max(total, 0.0)))
