"""Which method values what is still to come, and what it comes to for each work month and in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import numpy as np

from samplan_agency.domain import accrual
from samplan_agency.domain.accrual import Method, Valuation, quantiles
from samplan_agency.domain.lateness import LagTable, LagTriangle
from samplan_agency.domain.spreading import cents
from samplan_agency.domain.triangle import Array, Triangle

_MATURE = 0.5
"""Share of the newest month that must be booked for the chain ladder to be trusted with it."""
_SETTLED = 0.995
"""Share from which on a month counts as fully booked: its hours are not asked for."""


class Reason(StrEnum):
    """Why a method is the one to choose, or another was taken."""

    HOURS = "hours"
    YOUNG = "young"
    MATURE = "mature"
    CREDIT = "credit"
    NOTHING_BOOKED = "nothing_booked"
    NO_HOURS = "no_hours"


@dataclass(frozen=True, slots=True)
class Quantiles:
    """An expected amount with its standard error and P10, P50, P90."""

    mean: Decimal
    error: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal

    @classmethod
    def of(cls, mean: float | Decimal, error: float | Decimal) -> Quantiles:
        """Return the quantiles of an amount."""
        low, middle, high = quantiles(float(mean), float(error))
        return cls(cents(mean), cents(error), cents(low), cents(middle), cents(high))


@dataclass(frozen=True, slots=True)
class MonthValue:
    """A work month: booked, expected by hours and price, share usually booked by now, and what is to come."""

    month: date
    reported: Decimal
    expected: Decimal | None
    reported_share: float
    reserve: Quantiles

    @property
    def ultimate(self) -> Decimal:
        """Return what the month is expected to cost in the end."""
        return self.reported + self.reserve.mean


@dataclass(frozen=True, slots=True)
class Valued:
    """A valuation: by which method, which was recommended and why, why another was taken than was wanted."""

    method: Method
    recommended: Method
    because: Reason
    instead: Reason | None
    rows: tuple[MonthValue, ...]
    total: Quantiles
    realised: float | None


def value_months(
    table: LagTable,
    found: LagTriangle,
    expected: Mapping[date, Decimal],
    wanted: Method | None,
    prior_cv: float,
) -> Valued:
    """Return the valuation by the wanted method or else by the recommended one.

    `expected` is hours times price by work month; it counts where it holds all months that are not fully
    booked. Raises `TriangleFault` where nothing can be computed.
    """
    triangle = found.triangle
    hours = _exposure(found, expected)
    recommended, because = _recommended(triangle, hours)
    method, instead = _possible(wanted or recommended, triangle, hours)
    realised = None if hours is None else accrual.realisation(triangle, hours)
    if method == "mack":
        valued = accrual.chain_ladder(triangle)
    elif hours is None:
        valued = accrual.cape_cod(triangle, np.ones(len(found.months)), prior_cv=prior_cv)
    else:
        scale = 1.0 if method == "bf" or realised is None else realised
        prior = np.where(hours > 0, hours * scale, _grown(triangle))
        valued = accrual.bornhuetter_ferguson(triangle, prior, prior_cv=prior_cv)
    rows = _rows(table, found, valued, expected)
    mean = sum((row.reserve.mean for row in rows), Decimal(0))
    total = Quantiles.of(mean, valued.total_error)
    return Valued(method, recommended, because, instead, rows, total, realised)


def has_credit(triangle: Triangle) -> bool:
    """Tell whether a lag's increments sum to less than 0: credit notes outweigh what is invoiced."""
    steps = np.diff(np.column_stack([np.zeros(len(triangle.origins)), triangle.known]), axis=1)
    return bool((np.nansum(steps, axis=0) < 0).any())


def lacking(found: LagTriangle, expected: Mapping[date, Decimal]) -> list[date]:
    """Return the work months that are not fully booked and have no hours with a price."""
    pairs = zip(found.months, _shares(found.triangle), strict=True)
    return [month for month, share in pairs if share < _SETTLED and expected.get(month, Decimal(0)) <= 0]


def _shares(triangle: Triangle) -> Array:
    """Return the share of each month that is usually booked by now."""
    latest = triangle.latest()
    shares = accrual.develop(triangle).reported_share()
    return np.where(latest < 0, 0.0, shares[np.maximum(latest, 0)])


def _grown(triangle: Triangle) -> Array:
    """Return what each month comes to by what is booked of it alone; 0 where nothing usually is."""
    shares = _shares(triangle)
    return np.where(shares > 0, triangle.reported() / np.where(shares > 0, shares, 1.0), 0.0)


def _exposure(found: LagTriangle, expected: Mapping[date, Decimal]) -> Array | None:
    """Return hours times price by month, 0 for a fully booked one without; None where others lack them."""
    if not expected or lacking(found, expected):
        return None
    return np.array([float(expected.get(month, 0)) for month in found.months])


def _recommended(triangle: Triangle, hours: Array | None) -> tuple[Method, Reason]:
    if hours is not None:
        return "bf", Reason.HOURS
    if has_credit(triangle):
        return "capecod", Reason.CREDIT
    mature = float(_shares(triangle)[-1]) >= _MATURE and bool((triangle.reported() > 0).all())
    return ("mack", Reason.MATURE) if mature else ("capecod", Reason.YOUNG)


def _possible(wanted: Method, triangle: Triangle, hours: Array | None) -> tuple[Method, Reason | None]:
    """Return the method that is taken, with the reason where it is not the wanted one."""
    if wanted == "bf" and hours is None:
        return "capecod", Reason.NO_HOURS
    if wanted == "mack":
        other: Method = "capecod" if hours is None else "bf"
        if (triangle.latest() < 0).any() or triangle.reported()[-1] <= 0:
            return other, Reason.NOTHING_BOOKED
        if has_credit(triangle):
            return other, Reason.CREDIT
    return wanted, None


def _rows(
    table: LagTable, found: LagTriangle, valued: Valuation, expected: Mapping[date, Decimal]
) -> tuple[MonthValue, ...]:
    return tuple(
        MonthValue(
            month,
            table.reported(month),
            expected.get(month),
            float(valued.reported_share[place]),
            Quantiles.of(float(valued.reserve[place]), float(valued.error[place])),
        )
        for place, month in enumerate(found.months)
    )
