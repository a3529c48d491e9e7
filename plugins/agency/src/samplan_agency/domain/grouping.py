"""How late each supplier invoices: who has enough history is judged by it, all others together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from samplan_agency.domain.accrual import Development
from samplan_agency.domain.credibility import believed
from samplan_agency.domain.lateness import LagTable, LagTriangle, triangle_like
from samplan_agency.domain.triangle import Array, Triangle

LEAST_MONTHS = 12
"""Work months with costs that a supplier must have to be judged by itself."""
LEAST_SHARE = Decimal("0.03")
"""Share of all costs of the months that it must have."""
MOST_GROUPS = 12
_USUAL = 12  # months that tell how costs are divided among suppliers
_TOLD = 0.5  # share booked from which on a month tells it


@dataclass(frozen=True, slots=True)
class Group:
    """A supplier by its key, or all others (None): its triangle, how it grows, and its part of each month.

    `parts` is the group's share of what a month is expected to cost, `credibility` how far its own history
    is believed, 0 to 1: the mean over steps by what is still to grow in them.
    """

    key: Hashable | None
    triangle: Triangle
    growth: Development
    credibility: float
    parts: Array


def group_suppliers(found: LagTriangle, tables: Mapping[Hashable | None, LagTable]) -> tuple[Group, ...]:
    """Return the groups whose tables sum to all; () where no supplier, or one alone, can be judged by itself.

    `tables` are the costs by supplier; None has those whose supplier is not known. The largest stands first,
    all others last.
    """
    own = _judged(tables)
    rest = [table for key, table in tables.items() if key not in own]
    chosen: dict[Hashable | None, LagTable] = {key: tables[key] for key in own}
    if rest:
        chosen[None] = _together(rest)
    if not own or len(chosen) < 2:
        return ()
    triangles = [triangle_like(found, table) for table in chosen.values()]
    parts = _parts(found, triangles)
    return tuple(
        Group(key, triangle, one.growth, _mean(one.credibility, found.growth), part)
        for key, triangle, one, part in zip(
            chosen, triangles, believed(triangles, found.growth), parts, strict=True
        )
    )


def _judged(tables: Mapping[Hashable | None, LagTable]) -> list[Hashable]:
    """Return the suppliers with enough history, the largest first."""
    sums: dict[Hashable, Decimal] = {}
    months: dict[Hashable, int] = {}
    whole = Decimal(0)
    for key, table in tables.items():
        amount = sum(table.amounts.values(), Decimal(0))
        whole += amount
        if key is not None:
            sums[key] = amount
            months[key] = len({month for (month, _lag), one in table.amounts.items() if one})
    own = [key for key in sums if months[key] >= LEAST_MONTHS and sums[key] >= LEAST_SHARE * whole]
    return sorted(own, key=lambda key: -sums[key])[:MOST_GROUPS]


def _together(tables: Sequence[LagTable]) -> LagTable:
    amounts: dict[tuple[date, int], Decimal] = defaultdict(Decimal)
    for table in tables:
        for place, amount in table.amounts.items():
            amounts[place] += amount
    one = tables[0]
    return LagTable(one.months, one.booked_to, one.periods, dict(amounts))


def _parts(found: LagTriangle, triangles: Sequence[Triangle]) -> list[Array]:
    """Return each group's share of every month: by the twelve months that end with it, as far as they tell.

    A month tells how costs are divided where at least half of it is usually booked.
    """
    latest = found.triangle.latest()
    shares = found.growth.reported_share()
    told = np.where(latest < 0, 0.0, shares[np.maximum(latest, 0)]) >= _TOLD
    booked = np.array([np.maximum(triangle.reported(), 0.0) * told for triangle in triangles])
    rows = []
    for place in range(len(found.months)):
        costs = booked[:, max(place + 1 - _USUAL, 0) : place + 1].sum(axis=1)
        if not costs.sum() > 0:
            costs = booked.sum(axis=1)
        if not costs.sum() > 0:
            costs = np.ones(len(triangles))
        rows.append(costs / costs.sum())
    return list(np.array(rows).T)


def _mean(credibility: Array, together: Development) -> float:
    """Return the mean credibility, by how much still is to come in each step."""
    weights = np.diff(together.reported_share())
    weights = np.maximum(weights, 0.0)
    return float((credibility * weights).sum() / weights.sum()) if weights.sum() > 0 else 0.0
