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
        if booked_month <= booked_to and work_month in months:
            lag = min(max(months_between(work_month, booked_month), 0), periods - 1)
            amounts[work_month, lag] += amount
    return LagTable(months, booked_to, periods, dict(amounts))


def lag_triangle(table: LagTable, left_out: LeftOut | None = None) -> LagTriangle | None:
    """Return the triangle that can be computed from; None where nothing is booked.

    Lags at the beginning in which nothing is ever booked are left out, and so are those at the end that no
    growth is known of.
    """
    known, weights = _cumulative(table), _weights(table, left_out or LeftOut())
    positive = np.flatnonzero(np.nansum(known, axis=0) > 0)
    if not positive.size:
        return None
    first = int(positive[0])
    periods = _usable(known[:, first:], weights[:, first:])
    names = tuple(month.isoformat()[:7] for month in table.months)
    amounts = _shaped(table, known, (first, periods))
    triangle = Triangle(names, amounts, weights[:, first : first + periods])
    return LagTriangle(triangle, tuple(table.months), first, develop(triangle))


def triangle_like(found: LagTriangle, table: LagTable) -> Triangle:
    """Return the triangle of another table of the same months, of lags that count as those of one there."""
    known = _cumulative(table)
    shape = found.first_lag, found.triangle.periods
    return Triangle(found.triangle.origins, _shaped(table, known, shape), found.triangle.weights)


def _cumulative(table: LagTable) -> Array:
    """Return the cumulative amounts of a table; what is not known yet is NaN."""
    months = list(table.months)
    known = [table.known(month) for month in months]
    increments = np.where(np.arange(table.periods) < np.array(known)[:, None], 0.0, np.nan)
    rows = {month: row for row, month in enumerate(months)}
    for (month, lag), amount in table.amounts.items():
        if lag < known[rows[month]]:
            increments[rows[month], lag] = float(amount)
    return np.cumsum(increments, axis=1)


def _weights(table: LagTable, left_out: LeftOut) -> Array:
    """Return how much each amount of a table counts."""
    weights = np.zeros((len(table.months), table.periods))
    for row, month in enumerate(table.months):
        for lag in range(table.known(month)):
            weights[row, lag] = left_out.weight(month, plus_months(month, lag))
    return weights


def _shaped(table: LagTable, known: Array, shape: tuple[int, int]) -> Array:
    """Return the amounts from a first lag on, of so many lags."""
    first, periods = shape
    kept = known[:, first : first + periods].copy()
    if first + periods < table.periods:  # what is booked later belongs to the last lag that is left
        _take_late(kept, known[:, first:])
    return kept


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
