"""A valuation as it comes out now, from the costs and hours that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import Date, func, literal, select

from samplan.plugin_api import RosteredHours, TenantSession
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.place_costs import Place, PlaceCosts, place_costs
from samplan_agency.domain.spreading import spread
from samplan_agency.models import CostMonth, Delivery
from samplan_agency.queries.accrual.exposure import (
    ExpectedCosts,
    HoursSource,
    entered_costs,
    rostered_costs,
)
from samplan_agency.queries.costs.extent import extent
from samplan_agency.queries.costs.remembered import remembered
from samplan_agency.queries.costs.sums import Choice, cost_sums, in_memory

if TYPE_CHECKING:
    from samplan_agency.domain.accrual import Method
    from samplan_agency.domain.grouping import Group
    from samplan_agency.domain.lateness import BookingMonth, LagTable, LagTriangle
    from samplan_agency.domain.valuing import Valued

Pattern: TypeAlias = Literal["suppliers", "region"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a booking month, how far back, by which method, and what does not count.

    Without a method the recommended one is taken; without a source of hours rostering's where it is enough.
    `pattern` is whether suppliers with enough history are judged by themselves, or all together.
    """

    booked_to: date
    source: str = "ledger"
    months: int = 24
    periods: int = 12
    method: Method | None = None
    hours: HoursSource | None = None
    prior_cv: Decimal = Decimal("0.05")
    work_months: frozenset[date] = frozenset()
    booked_months: frozenset[date] = frozenset()
    halved: frozenset[date] = frozenset()
    pattern: Pattern = "suppliers"

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored with a valuation."""
        lists = {
            name: sorted(month.isoformat() for month in getattr(self, name))
            for name in ("work_months", "booked_months", "halved")
        }
        plain = {
            "source": self.source,
            "months": self.months,
            "periods": self.periods,
            "pattern": self.pattern,
        }
        chosen = {"method": self.method, "hours": self.hours, "prior_cv": str(self.prior_cv)}
        return {"booked_to": self.booked_to.isoformat(), **plain, **chosen, **lists}


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a work month's reserve."""

    work_month: date
    place: Place
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Vintage:
    """A delivery that the figures rest on."""

    number: int
    filename: str
    delivered_at: str

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored with a valuation."""
        return {"number": self.number, "filename": self.filename, "delivered_at": self.delivered_at}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A valuation that nobody has kept: its table, months, parts, and what is to be known about it."""

    wanted: Wanted
    table: LagTable
    valued: Valued
    parts: tuple[Part, ...]
    booking_months: tuple[BookingMonth, ...]
    expected: ExpectedCosts
    lacking: tuple[date, ...]
    first_lag: int
    vintages: tuple[Vintage, ...]


def newest_booked(session: TenantSession, source: str, last: date) -> date | None:
    """Return the newest month, up to `last`, in which costs of hired staff are booked."""
    return session.scalar(
        select(func.max(CostMonth.booked_month)).where(
            CostMonth.source == source, CostMonth.kind == "hired", CostMonth.booked_month <= last
        )
    )


def booked_months(session: TenantSession, source: str) -> Sequence[date]:
    """Return the months that are known in which costs of hired staff are booked, newest first."""
    there = extent(session, source)
    if there is None:
        return ()
    # Each is found at its end of the index: there are few months, and many rows of each.
    hired = CostMonth.source == source, CostMonth.kind == "hired"
    found = select(literal(there.booked, Date).label("month")).cte("found", recursive=True)
    earlier = select(func.max(CostMonth.booked_month)).where(*hired, CostMonth.booked_month < found.c.month)
    months = found.union_all(select(earlier.scalar_subquery()).where(found.c.month.is_not(None)))
    return session.scalars(select(months.c.month).where(months.c.month.is_not(None))).all()


def value(session: TenantSession, wanted: Wanted, offered: RosteredHours | None = None) -> Proposal | None:
    """Return the valuation of what is known now; None where nothing is booked to value by.

    `offered` are rostering's hours. Imports numpy when it is called.
    """
    from samplan_agency.domain.lateness import booking_months
    from samplan_agency.domain.valuing import lacking, value_months

    months = _months(session, wanted)
    if months is None:
        return None
    asked = "booked", months, replace(wanted, method=None, hours=None, prior_cv=Decimal(0))
    known = remembered(session, wanted.source, months, asked, lambda: _known(session, wanted, months))
    if known is None:
        return None
    found = known.found
    expected = _expected(session, wanted, offered, months, lambda by_month: lacking(found, by_month))
    by_month = expected.by_month()
    cv = float(wanted.prior_cv)
    valued = value_months(known.table, found, by_month, wanted.method, cv, groups=known.groups)
    return Proposal(
        wanted,
        known.table,
        valued,
        tuple(_parts(valued, known.places, expected)),
        tuple(booking_months(found)),
        expected,
        tuple(lacking(found, by_month)),
        found.first_lag,
        tuple(_vintages(session, wanted, months)),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What a valuation takes from the costs: their table, triangle, suppliers, and where they arose."""

    table: LagTable
    found: LagTriangle
    groups: tuple[Group, ...]
    places: PlaceCosts


def _known(session: TenantSession, wanted: Wanted, months: Months) -> _Known | None:
    """Return what is known of the costs of these work months; None where nothing is booked."""
    from samplan_agency.domain.grouping import group_suppliers
    from samplan_agency.domain.lateness import LeftOut, lag_table, lag_triangle

    choice = Choice(months, source=wanted.source, booked_to=wanted.booked_to)
    booked: dict[UUID | None, list[tuple[date, date, Decimal]]] = defaultdict(list)
    in_memory(session)
    for row in cost_sums(session, choice, by=("supplier_id", "work_month", "booked_month")):
        supplier_id, work_month, booked_month = row.key
        booked[supplier_id].append((work_month, booked_month, row.amount))
    table = lag_table(chain(*booked.values()), months, wanted.booked_to, wanted.periods)
    left_out = LeftOut(wanted.work_months, wanted.booked_months, wanted.halved)
    found = lag_triangle(table, left_out)
    if found is None:
        return None
    groups: tuple[Group, ...] = ()
    if wanted.pattern == "suppliers":
        tables: dict[Hashable | None, LagTable] = {
            supplier_id: lag_table(rows, months, wanted.booked_to, wanted.periods)
            for supplier_id, rows in booked.items()
        }
        groups = group_suppliers(found, tables)
    by_place = cost_sums(session, choice, by=("work_month", "unit_id", "category", "sector_id"))
    return _Known(table, found, groups, place_costs((*row.key, row.amount) for row in by_place))


def _months(session: TenantSession, wanted: Wanted) -> Months | None:
    """Return the work months: as many as are wanted, but none before the first that is known."""
    first = session.scalar(
        select(func.min(CostMonth.work_month)).where(
            CostMonth.source == wanted.source,
            CostMonth.kind == "hired",
            CostMonth.booked_month <= wanted.booked_to,
        )
    )
    if first is None or first > wanted.booked_to:
        return None
    return Months(max(first, plus_months(wanted.booked_to, 1 - wanted.months)), wanted.booked_to)


def _expected(
    session: TenantSession,
    wanted: Wanted,
    offered: RosteredHours | None,
    months: Months,
    lacking: Callable[[Mapping[date, Decimal]], Sequence[date]],
) -> ExpectedCosts:
    """Return rostering's hours where they are asked for, or enough and nothing is asked for; else entered."""
    if wanted.hours != "entered" and offered is not None:
        rostered = rostered_costs(session, offered, months)
        if wanted.hours == "rostered" or not lacking(rostered.by_month()):
            return rostered
    if wanted.hours == "rostered":
        return ExpectedCosts("rostered")
    return entered_costs(session, months)


def _parts(valued: Valued, costs: PlaceCosts, expected: ExpectedCosts) -> list[Part]:
    """Return each month's reserve shared out: by its expected costs, else by those of twelve months."""
    planned: dict[date, dict[Place, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for (month, unit_id, category), cost in expected.costs.items():
        planned[month][unit_id, category, costs.usual_sectors.get(unit_id)] += cost
    parts = []
    for row in valued.rows:
        if row.reserve.mean:
            weights = _positive(planned.get(row.month)) if row.expected else {}
            parts += [
                Part(row.month, place, amount)
                for place, amount in (
                    spread(row.reserve.mean, weights).items()
                    if weights
                    else costs.by_year(row.month, row.reserve.mean)
                )
            ]
    return parts


def _positive(weights: Mapping[Place, Decimal] | None) -> dict[Place, Decimal]:
    return {place: weight for place, weight in (weights or {}).items() if weight > 0}


def _vintages(session: TenantSession, wanted: Wanted, months: Months) -> list[Vintage]:
    rows = session.scalars(
        select(Delivery)
        .where(
            Delivery.kind == wanted.source,
            Delivery.state == "read",
            Delivery.last_month >= months.first,
        )
        .order_by(Delivery.number.desc())
    )
    return [Vintage(row.number, row.filename, row.delivered_at.isoformat()) for row in rows]
