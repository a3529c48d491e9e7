"""The over-dispersed Poisson model of a triangle: the chain ladder's reserves with another standard error.

Source: England, P. D. and Verrall, R. J. (2002), Stochastic claims reserving in general insurance, British
Actuarial Journal 8(3), section 7: a quasi-Poisson model with log link in origin and development period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samplan_agency.domain.triangle import Array, Triangle, TriangleFault

_ROUNDS, _CLOSE = 100, 1e-10


@dataclass(frozen=True, slots=True)
class PoissonReserve:
    """What is still to come of each origin, with the standard error of all, in the triangle's unit."""

    reserve: Array
    total_error: float

    @property
    def total_reserve(self) -> float:
        """Return what is still to come of all origins."""
        return float(self.reserve.sum())


def poisson_reserve(triangle: Triangle) -> PoissonReserve:
    """Return the reserves of the over-dispersed Poisson model.

    Raises `TriangleFault` where a row or column of increments sums to 0 or less, as after large credit notes,
    and where nothing is left over to tell the dispersion by.
    """
    increments = np.diff(np.column_stack([np.zeros(len(triangle.origins)), triangle.known]), axis=1)
    known = ~np.isnan(increments)
    for place, sums in ((0, np.nansum(increments, axis=0)), (1, np.nansum(increments, axis=1))):
        if (sums <= 0).any():
            which = "an origin" if place else "a period"
            raise TriangleFault(f"the increments of {which} sum to 0 or less: value it with an exposure")
    design = _design(*increments.shape)
    seen, wanted = design[known.ravel()], design[~known.ravel()]
    values = increments[known]
    if len(values) <= design.shape[1]:
        raise TriangleFault("there are too few amounts to tell how much they vary")
    beta, inverse, fitted = _fit(seen, values)
    dispersion = float(((values - fitted) ** 2 / fitted).sum()) / (len(values) - design.shape[1])
    means = np.exp(wanted @ beta)
    gradient = means @ wanted
    variance = dispersion * float(means.sum()) + dispersion * float(gradient @ inverse @ gradient)
    reserve = np.zeros(increments.shape)
    reserve[~known] = means
    return PoissonReserve(reserve.sum(axis=1), float(np.sqrt(variance)))


def _design(origins: int, periods: int) -> Array:
    """Return a row for each cell: the level, then a sign for its origin and its period but for the first."""
    origin, period = np.repeat(np.arange(origins), periods), np.tile(np.arange(periods), origins)
    columns = [np.ones(origins * periods)]
    columns += [(origin == one).astype(np.float64) for one in range(1, origins)]
    columns += [(period == one).astype(np.float64) for one in range(1, periods)]
    return np.column_stack(columns)


def _fit(design: Array, values: Array) -> tuple[Array, Array, Array]:
    """Return the coefficients, the inverse of the information, and the fitted values (Fisher scoring)."""
    fitted: Array = np.maximum(values, 0.1 * max(float(values.mean()), 1e-9))
    beta: Array = np.zeros(design.shape[1])
    for _round in range(_ROUNDS):
        target = np.log(fitted) + (values - fitted) / fitted
        information = design.T @ (design * fitted[:, None])
        changed = np.asarray(np.linalg.solve(information, design.T @ (fitted * target)), np.float64)
        fitted = np.exp(np.clip(design @ changed, -700, 700))
        done = bool(np.max(np.abs(changed - beta)) < _CLOSE)
        beta = changed
        if done:
            break
    inverse = np.asarray(np.linalg.inv(design.T @ (design * fitted[:, None])), np.float64)
    return beta, inverse, fitted
