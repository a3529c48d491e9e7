"""Which method values what is still to come, and what it comes to for each work month and in all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np

from samplan_agency.domain import accrual
from samplan_agency.domain.accrual import Development, Method, Valuation, quantiles
from samplan_agency.domain.grouping import Group
from samplan_agency.domain.lateness import LagTable, LagTriangle
from samplan_agency.domain.spreading import cents
from samplan_agency.domain.triangle import Array, Triangle

_MATURE = 0.5
"""Share of the newest month that must be booked for the chain ladder to be trusted with it."""
_SETTLED = 0.995
"""Share from which on a month counts as fully booked: its hours are not asked for."""
_BOOKED, _FEWEST = 0.9, 6
"""Share from which on a month tells what months cost, and how many must tell how much they differ."""


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
class GroupValue:
    """What is to come of a supplier's work by its key, or of all others' (None), and how it was judged.

    `credibility` is how far the supplier's own history is believed, 0 to 1; `shares` of a month are usually
    booked after each lag.
    """

    key: Hashable | None
    method: Method
    reported: Decimal
    reserve: Decimal
    credibility: float
    shares: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored with a valuation."""
        key = None if self.key is None else str(self.key)
        amounts = {"reported": str(self.reported), "reserve": str(self.reserve)}
        return {
            "key": key,
            "method": self.method,
            **amounts,
            "credibility": self.credibility,
            "shares": self.shares,
        }


@dataclass(frozen=True, slots=True)
class Valued:
    """A valuation: by which method, which was recommended and why, why another was taken than was wanted.

    `groups` are the suppliers that were judged by themselves, with all others; none where all were together.
    """

    method: Method
    recommended: Method
    because: Reason
    instead: Reason | None
    rows: tuple[MonthValue, ...]
    total: Quantiles
    realised: float | None
    groups: tuple[GroupValue, ...] = ()


def value_months(
    table: LagTable,
    found: LagTriangle,
    expected: Mapping[date, Decimal],
    wanted: Method | None,
    prior_cv: float,
    *,
    groups: Sequence[Group] = (),
) -> Valued:
    """Return the valuation by the wanted method or else by the recommended one.

    `expected` is hours times price by work month; it counts where it holds all months that are not fully
    booked. With `groups` each is valued by its own growth, and they are summed. Raises `TriangleFault` where
    nothing can be computed.
    """
    hours = _exposure(found, expected)
    recommended, because = _recommended(found, hours)
    method, instead = _possible(wanted or recommended, found.triangle, hours)
    realised = None if hours is None else accrual.realisation(found.triangle, hours, found.growth)
    several = [
        (
            group,
            *_valued(
                group.triangle, group.growth, None if hours is None else hours * group.parts, method, prior_cv
            ),
        )
        for group in groups
    ]
    if several:
        valued = _summed([valued for _group, _method, valued in several])
    else:
        _method, valued = _valued(found.triangle, found.growth, hours, method, prior_cv)
    rows = _rows(table, found, valued, expected)
    mean = sum((row.reserve.mean for row in rows), Decimal(0))
    total = Quantiles.of(mean, valued.total_error)
    by_group = tuple(_of_group(found.first_lag, *one) for one in several)
    return Valued(method, recommended, because, instead, rows, total, realised, by_group)


def _valued(
    triangle: Triangle, growth: Development, hours: Array | None, wanted: Method, prior_cv: float
) -> tuple[Method, Valuation]:
    """Return a triangle's valuation, with the method that was possible for it."""
    method, _instead = _possible(wanted, triangle, hours)
    if method == "mack":
        return method, accrual.chain_ladder(triangle, growth=growth)
    if hours is None:
        ones = np.ones(len(triangle.origins))
        alike = accrual.cape_cod(triangle, ones, prior_cv=prior_cv, growth=growth)
        return method, _differing(alike, _level_cv(triangle, growth))
    told = float((hours * _shares(triangle, growth)).sum()) > 0
    scales = method == "capecod" and told
    scale = accrual.realisation(triangle, hours, growth) if scales else 1.0
    prior = np.where(hours > 0, hours * scale, _grown(triangle, growth))
    return method, accrual.bornhuetter_ferguson(
        triangle, prior, prior_cv=prior_cv, growth=growth, scaled=(hours > 0) & scales
    )


def _summed(several: Sequence[Valuation]) -> Valuation:
    """Return valuations added up: chance strikes each by itself, what else they err by strikes all alike."""
    ultimate = sum((one.ultimate for one in several), np.zeros_like(several[0].ultimate))
    reserve = sum((one.reserve for one in several), np.zeros_like(ultimate))
    process = sum((one.process for one in several), np.zeros_like(ultimate))
    alike = sum(
        (np.sqrt(np.maximum(one.error**2 - one.process, 0)) for one in several), np.zeros_like(ultimate)
    )
    in_all = sum(max(one.total_error**2 - float(one.process.sum()), 0.0) ** 0.5 for one in several)
    expected = np.array([np.maximum(one.ultimate, 0.0) for one in several])
    shares = np.array([one.reported_share for one in several])
    whole = expected.sum(axis=0)
    share = np.where(
        whole > 0, (expected * shares).sum(axis=0) / np.where(whole > 0, whole, 1.0), shares.mean(axis=0)
    )
    return Valuation(
        ultimate,
        reserve,
        np.sqrt(process + alike**2),
        float(np.sqrt(process.sum() + in_all**2)),
        several[0].factors,
        share,
        process,
    )


def _of_group(first_lag: int, group: Group, method: Method, valued: Valuation) -> GroupValue:
    return GroupValue(
        group.key,
        method,
        cents(float(group.triangle.reported().sum())),
        cents(valued.total_reserve),
        group.credibility,
        (0.0,) * first_lag + tuple(map(float, group.growth.reported_share())),
    )


def has_credit(triangle: Triangle) -> bool:
    """Tell whether a lag's increments sum to less than 0: credit notes outweigh what is invoiced."""
    steps = np.diff(np.column_stack([np.zeros(len(triangle.origins)), triangle.known]), axis=1)
    return bool((np.nansum(steps, axis=0) < 0).any())


def lacking(found: LagTriangle, expected: Mapping[date, Decimal]) -> list[date]:
    """Return the work months that are not fully booked and have no hours with a price."""
    pairs = zip(found.months, _shares(found.triangle, found.growth), strict=True)
    return [month for month, share in pairs if share < _SETTLED and expected.get(month, Decimal(0)) <= 0]


def _shares(triangle: Triangle, growth: Development) -> Array:
    """Return the share of each month that is usually booked by now."""
    latest, shares = triangle.latest(), growth.reported_share()
    return np.where(latest < 0, 0.0, shares[np.maximum(latest, 0)])


def _grown(triangle: Triangle, growth: Development) -> Array:
    """Return what each month comes to by what is booked of it alone; 0 where nothing usually is."""
    shares = _shares(triangle, growth)
    return np.where(shares > 0, triangle.reported() / np.where(shares > 0, shares, 1.0), 0.0)


def _differing(alike: Valuation, cv: float) -> Valuation:
    """Return a valuation that takes months as alike, with the error that they differ by: each by itself."""
    away = (cv * alike.reserve) ** 2
    return replace(
        alike,
        error=np.sqrt(alike.error**2 + away),
        total_error=float(np.sqrt(alike.total_error**2 + away.sum())),
    )


def _level_cv(triangle: Triangle, growth: Development) -> float:
    """Return by what part of their mean the mostly booked months differ; 0 where these are too few."""
    told = _grown(triangle, growth)[_shares(triangle, growth) >= _BOOKED]
    if told.size < _FEWEST or not told.mean() > 0:
        return 0.0
    return float(told.std(ddof=1) / told.mean())


def _exposure(found: LagTriangle, expected: Mapping[date, Decimal]) -> Array | None:
    """Return hours times price by month, 0 for a fully booked one without; None where others lack them."""
    if not expected or lacking(found, expected):
        return None
    return np.array([float(expected.get(month, 0)) for month in found.months])


def _recommended(found: LagTriangle, hours: Array | None) -> tuple[Method, Reason]:
    triangle = found.triangle
    if hours is not None:
        return "bf", Reason.HOURS
    if has_credit(triangle):
        return "capecod", Reason.CREDIT
    mature = float(_shares(triangle, found.growth)[-1]) >= _MATURE and bool((triangle.reported() > 0).all())
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
