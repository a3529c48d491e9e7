"""Costs by the month of the work and the months until they are booked: as a table, and as a triangle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import NormalDist

import numpy as np

from samplan_agency.domain.accrual import Development, develop
from samplan_agency.domain.months import Months, months_between, plus_months
from samplan_agency.domain.triangle import Array, Triangle

_ERROR = 0.05  # of the test of booking months, all together


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What does not count when it is judged how late invoices are; `halved` booking months count half."""

    work_months: frozenset[date] = frozenset()
    booked_months: frozenset[date] = frozenset()
    halved: frozenset[date] = frozenset()

    def weight(self, work_month: date, booked_month: date) -> float:
        """Return how much what was booked of a work month in a booking month counts."""
        if work_month in self.work_months or booked_month in self.booked_months:
            return 0.0
        return 0.5 if booked_month in self.halved else 1.0


@dataclass(frozen=True, slots=True)
class LagTable:
    """Amounts in SEK by work month and lag, and up to which booking month they are known.

    The last lag holds what is booked later still. What is booked before its work month counts as lag 0.
    """

    months: Months
    booked_to: date
    periods: int
    amounts: Mapping[tuple[date, int], Decimal]

    def known(self, month: date) -> int:
        """Return how many lags of a work month are known."""
        return min(months_between(month, self.booked_to) + 1, self.periods)

    def reported(self, month: date) -> Decimal:
        """Return all that is booked of a work month."""
        return sum((self.amounts.get((month, lag), Decimal(0)) for lag in range(self.periods)), Decimal(0))


@dataclass(frozen=True, slots=True)
class LagTriangle:
    """The triangle of a table; its first period is `first_lag`: before that nothing is ever booked.

    `growth` is how late its costs are booked.
    """

    triangle: Triangle
    months: tuple[date, ...]
    first_lag: int
    growth: Development


@dataclass(frozen=True, slots=True)
class BookingMonth:
    """How a booking month departs from the pattern: `z` is their residuals' sum over their number's root."""

    month: date
    cells: int
    z: float
    departs: bool


def lag_table(
    booked: Iterable[tuple[date, date, Decimal]], months: Months, booked_to: date, periods: int
) -> LagTable:
    """Return the table of amounts by work month and booking month; what is booked later is left out."""
    amounts: dict[tuple[date, int], Decimal] = defaultdict(Decimal)
    for work_month, booked_month, amount in booked:
        if work_month in months and booked_month <= booked_to:
            lag = min(max(months_between(work_month, booked_month), 0), periods - 1)
            amounts[work_month, lag] += amount
    return LagTable(months, booked_to, periods, dict(amounts))


def lag_triangle(table: LagTable, left_out: LeftOut | None = None) -> LagTriangle | None:
    """Return the triangle that can be computed from; None where nothing is booked.

    Lags at the beginning in which nothing is ever booked are left out, and so are those at the end that no
    growth is known of.
    """
    known, weights = _cumulative(table, left_out or LeftOut())
    positive = np.flatnonzero(np.nansum(known, axis=0) > 0)
    if not positive.size:
        return None
    first = int(positive[0])
    periods = _usable(known[:, first:], weights[:, first:])
    triangle = _shaped(table, known, weights, (first, periods))
    return LagTriangle(triangle, tuple(table.months), first, develop(triangle))


def triangle_like(found: LagTriangle, table: LagTable, left_out: LeftOut | None = None) -> Triangle:
    """Return the triangle of another table of the same months with the lags of one that is there."""
    known, weights = _cumulative(table, left_out or LeftOut())
    return _shaped(table, known, weights, (found.first_lag, found.triangle.periods))


def _cumulative(table: LagTable, left_out: LeftOut) -> tuple[Array, Array]:
    """Return the cumulative amounts of a table, and how much each counts."""
    increments = np.full((len(table.months), table.periods), np.nan)
    weights = np.zeros_like(increments)
    for row, month in enumerate(table.months):
        for lag in range(table.known(month)):
            increments[row, lag] = float(table.amounts.get((month, lag), 0))
            weights[row, lag] = left_out.weight(month, plus_months(month, lag))
    return np.cumsum(increments, axis=1), weights


def _shaped(table: LagTable, known: Array, weights: Array, shape: tuple[int, int]) -> Triangle:
    """Return the triangle from a first lag on, of so many lags."""
    first, periods = shape
    names = tuple(month.isoformat()[:7] for month in table.months)
    kept = known[:, first : first + periods].copy()
    if first + periods < table.periods:  # what is booked later belongs to the last lag that is left
        _take_late(kept, known[:, first:])
    return Triangle(names, kept, weights[:, first : first + periods])


def _usable(known: Array, weights: Array) -> int:
    """Return how many lags have a growth that is known of into each of them."""
    for step in range(known.shape[1] - 1):
        both = ~np.isnan(known[:, step]) & ~np.isnan(known[:, step + 1]) & (weights[:, step + 1] > 0)
        volumes = weights[both, step + 1, None] * known[both, step : step + 2]
        if not (volumes.sum(axis=0) > 0).all():
            return step + 1
    return int(known.shape[1])


def _take_late(kept: Array, known: Array) -> None:
    for row in range(len(kept)):
        values = known[row][~np.isnan(known[row])]
        if values.size >= kept.shape[1]:
            kept[row, -1] = values[-1]


def booking_months(found: LagTriangle) -> list[BookingMonth]:
    """Return how each booking month departs from the pattern of all.

    Residuals by calendar period: Mack, T. (1994), Measuring the variability of chain ladder reserve
    estimates, appendix H, here standardised by Mack's sigma; the limit is Bonferroni's for 5 per cent over
    all months.
    """
    growth, known = found.growth, found.triangle.known
    residuals: dict[date, list[float]] = defaultdict(list)
    for step, (factor, variance) in enumerate(zip(growth.factors, growth.variances, strict=True)):
        if not variance > 0:
            continue
        for row, month in enumerate(found.months):
            before, after = float(known[row, step]), float(known[row, step + 1])
            if before > 0 and not np.isnan(after):
                away = (after - float(factor) * before) / float(np.sqrt(variance * before))
                residuals[plus_months(month, found.first_lag + step + 1)].append(away)
    tested = {month: values for month, values in sorted(residuals.items()) if len(values) > 1}
    limit = NormalDist().inv_cdf(1 - _ERROR / (2 * max(len(tested), 1)))
    return [
        BookingMonth(month, len(values), z := sum(values) / len(values) ** 0.5, abs(z) > limit)
        for month, values in tested.items()
    ]
