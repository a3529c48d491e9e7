"""What a forecast takes from accruals: what is still to be invoiced of the months whose outcome it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import RosteredHours, TenantSession
from samplan_agency.domain.months import Months
from samplan_agency.domain.outlook import Cell
from samplan_agency.domain.spreading import cents, spread
from samplan_agency.models import Valuation
from samplan_agency.queries.accrual.valuations import parts_of, rows_of
from samplan_agency.queries.accrual.valuing import Part, Wanted, newest_booked, value
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.unit_tree import UnitTree

ZERO = Decimal(0)
YEAR = 12
Outcome = Mapping[Cell, Sequence[Decimal]]


@dataclass(frozen=True, slots=True)
class Accrued:
    """What is still to be invoiced by work month and division, and the valuation that says so.

    `number` is that of a kept valuation, None for one that was made for the forecast; `error` the standard
    error of all that it says, `whole` how much that is.
    """

    booked_to: date
    method: str
    number: int | None
    error: Decimal
    whole: Decimal
    amounts: Mapping[tuple[date, UUID | None], Decimal] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what a forecast keeps of it."""
        by_month: dict[str, Decimal] = defaultdict(Decimal)
        for (month, _division), amount in sorted(self.amounts.items(), key=str):
            by_month[month.isoformat()] += amount
        return {
            "booked_to": self.booked_to.isoformat(),
            "method": self.method,
            "number": self.number,
            "months": {month: str(amount) for month, amount in by_month.items() if amount},
        }


def accrued(
    session: TenantSession,
    last: date,
    as_of: date,
    tree: UnitTree,
    offered: RosteredHours | None = None,
) -> Accrued | None:
    """Return what is to come of the work months up to `as_of`; None where nothing can be valued.

    It is valued as of the newest booked month up to `last`: by the valuation that was kept of it, or else by
    the recommended method. What has been booked since is taken off: it is in the outcome.
    """
    booked_to = newest_booked(session, "ledger", last)
    if booked_to is None:
        return None
    found = _kept(session, booked_to) or _made(session, booked_to, offered)
    if found is None:
        return None
    said, reported, reserves, parts = found
    left = _left(session, reported, reserves)
    amounts: dict[tuple[date, UUID | None], Decimal] = defaultdict(Decimal)
    for part in parts:
        if part.work_month <= as_of and reserves[part.work_month]:
            share = left[part.work_month] / reserves[part.work_month]
            amounts[part.work_month, tree.division(part.place[0])] += cents(part.amount * share)
    return Accrued(*said, {key: amount for key, amount in amounts.items() if amount})


_Said = tuple[date, str, int | None, Decimal, Decimal]
_Found = tuple[_Said, dict[date, Decimal], dict[date, Decimal], Iterable[Part]]


def _kept(session: TenantSession, booked_to: date) -> _Found | None:
    row = session.scalar(
        select(Valuation)
        .where(~Valuation.proposed, Valuation.source == "ledger", Valuation.booked_to == booked_to)
        .order_by(Valuation.number.desc())
        .limit(1)
    )
    if row is None:
        return None
    months = rows_of(session, row.id)
    return (
        (row.booked_to, row.method, row.number, row.error, row.reserve),
        {one.work_month: one.reported for one in months},
        {one.work_month: one.reserve for one in months},
        parts_of(session, row.id),
    )


def _made(session: TenantSession, booked_to: date, offered: RosteredHours | None) -> _Found | None:
    from samplan_agency.domain.triangle import TriangleFault

    try:
        found = value(session, Wanted(booked_to), offered)
    except TriangleFault:
        return None
    if found is None:
        return None
    valued = found.valued
    return (
        (booked_to, valued.method, None, valued.total.error, valued.total.mean),
        {row.month: row.reported for row in valued.rows},
        {row.month: row.reserve.mean for row in valued.rows},
        found.parts,
    )


def _left(
    session: TenantSession, reported: Mapping[date, Decimal], reserves: Mapping[date, Decimal]
) -> dict[date, Decimal]:
    """Return what is left of each month's reserve when all is booked that has been booked since."""
    months = Months(min(reported), max(reported))
    now = {row.key[0]: row.amount for row in cost_sums(session, Choice(months), by=("work_month",))}
    left = {}
    for month, reserve in reserves.items():
        rest = reserve - (now.get(month, ZERO) - reported[month])
        left[month] = max(rest, ZERO) if reserve > 0 else min(rest, ZERO)
    return left


def by_cell(found: Accrued, outcome: Outcome, months: Months) -> dict[Cell, list[Decimal]]:
    """Return the accrued amounts by row of the forecast, one a month of `months`; they sum to all exactly.

    A division's are divided among its cost types of hired staff by their last twelve months.
    """
    places = {month: place for place, month in enumerate(months)}
    cells: dict[Cell, list[Decimal]] = {}
    for (month, division), amount in found.amounts.items():
        if month in places:
            for cell, share in _divided(division, amount, outcome).items():
                series = cells.setdefault(cell, [ZERO] * len(months))
                series[places[month]] += share
    return cells


def _divided(division: UUID | None, amount: Decimal, outcome: Outcome) -> dict[Cell, Decimal]:
    own = {cell: series for cell, series in outcome.items() if cell[:2] == (division, "hired")}
    weights = {cell: sum(series[-YEAR:], ZERO) for cell, series in own.items()}
    if not any(int(weight * 10_000) > 0 for weight in weights.values()):
        return {next(iter(own), Cell(division, "hired", "")): amount}
    return spread(amount, weights)
