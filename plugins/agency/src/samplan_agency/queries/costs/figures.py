"""What the overview and the half-year report quote: one statement reads all of it from the sums by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select, tuple_

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import Months, month_of, plus_months
from samplan_agency.domain.ratios import Denominator, change, full_time_equivalents, share
from samplan_agency.models import CostTotal, Delivery
from samplan_agency.queries.costs.extent import Extent
from samplan_agency.queries.unit_tree import UnitTree

DIMENSIONS = ("unit_id", "category", "sector_id", "supplier_id", "zone")
"""What the tables of the overview are by, in the order of their bits in a grouping."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page shows: hired staff's cost from `source` in these months, of these units and all below.

    Own staff's cost is always the ledger's. No units: the whole region. `compared`: something of the same
    months a year before has been read in.
    """

    months: Months
    source: str = "ledger"
    denominator: Denominator = "own"
    units: frozenset[UUID] = frozenset()
    compared: bool = True


@dataclass(slots=True)
class Figures:
    """Hired and own staff's cost in SEK and hired hours, in a period and the same a year before.

    What compares them is None where the year before is not known.
    """

    months: int
    denominator: Denominator
    hired: Decimal = Decimal(0)
    own: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    hired_before: Decimal = Decimal(0)
    own_before: Decimal = Decimal(0)
    compared: bool = True

    def add(self, kind: str, now: bool, amount: Decimal, hours: Decimal) -> None:
        """Count in what one group cost."""
        name = kind if now else f"{kind}_before"
        setattr(self, name, getattr(self, name) + amount)
        if kind == "hired" and now:
            self.hours += hours

    @property
    def share(self) -> Decimal | None:
        """Hired staff's cost in per cent of the denominator."""
        return share(self.hired, self.own, self.denominator)

    @property
    def share_before(self) -> Decimal | None:
        """The share a year before."""
        return share(self.hired_before, self.own_before, self.denominator) if self.compared else None

    @property
    def cost_before(self) -> Decimal | None:
        """What hired staff cost a year before."""
        return self.hired_before if self.compared else None

    @property
    def points(self) -> Decimal | None:
        """The change of the share in percentage points."""
        now, before = self.share, self.share_before
        return None if now is None or before is None else now - before

    @property
    def change(self) -> Decimal | None:
        """The change of the cost in per cent."""
        return change(self.hired, self.hired_before) if self.compared else None

    def within(self, whole: Figures) -> Figures:
        """Return the figures of a supplier or zone, which has no own staff: its share is of the whole's."""
        both = self.denominator == "own_and_hired"
        return replace(
            self,
            own=whole.own + (whole.hired - self.hired if both else 0),
            own_before=whole.own_before + (whole.hired_before - self.hired_before if both else 0),
        )

    def fte(self, hours_per_month: Decimal) -> Decimal:
        """Hired hours as full-time equivalents."""
        return full_time_equivalents(self.hours, self.months, hours_per_month)


@dataclass(slots=True)
class KeyFigures:
    """The whole, its parts by dimension and value, and hired and own cost by month of work."""

    whole: Figures
    by: dict[str, dict[Any, Figures]] = field(default_factory=dict)
    monthly: dict[date, dict[str, Decimal]] = field(default_factory=dict)

    def rolling(self, last: date, count: int) -> list[tuple[date, Decimal, Decimal]]:
        """Return month, hired and own cost of the 12 months that end there; `count` of them up to `last`.

        Where own staff's cost is known of some months, ends that lack it for another are left out.
        """
        needed = "own" if any("own" in month for month in self.monthly.values()) else "hired"
        found = []
        for back in range(count - 1, -1, -1):
            end = plus_months(last, -back)
            sums = [self.monthly.get(month, {}) for month in Months.rolling(end)]
            if all(needed in month for month in sums):
                hired, own = (
                    sum((month.get(kind, Decimal(0)) for month in sums), Decimal(0))
                    for kind in ("hired", "own")
                )
                found.append((end, hired, own))
        return found


def key_figures(session: TenantSession, asked: Asked, years: int = 2) -> KeyFigures:
    """Return the figures of a period, of its parts, and of each month of `years` up to its last."""
    statement = figures_statement(asked, years)
    found = KeyFigures(
        Figures(len(asked.months), asked.denominator, compared=asked.compared),
        {name: {} for name in DIMENSIONS},
    )
    for row in session.execute(statement):
        kind, month, now, amount, hours, bits = row[0], row[1], row[2], row[-3], row[-2], row[-1]
        if month is not None:
            found.monthly.setdefault(month, defaultdict(Decimal))[kind] += amount
            continue
        if now is None:
            continue  # a month that is only in the course
        place = _dimension(bits)
        if place is None:
            found.whole.add(kind, now, amount, hours)
        else:
            parts = found.by[DIMENSIONS[place]]
            key = row[3 + place]
            if key not in parts:
                parts[key] = Figures(len(asked.months), asked.denominator, compared=asked.compared)
            parts[key].add(kind, now, amount, hours)
    return found


def figures_statement(asked: Asked, years: int) -> Select[Any]:
    """Return the one statement: sums by month, by period, and by period and each dimension."""
    before = asked.months.year_before()
    now = case(
        (CostTotal.work_month.between(asked.months.first, asked.months.last), True),
        (CostTotal.work_month.between(before.first, before.last), False),
    )
    columns = [getattr(CostTotal, name) for name in ("kind", "work_month", *DIMENSIONS, "amount", "hours")]
    first = min(before.first, plus_months(asked.months.last, 1 - 12 * years))
    wanted = [
        CostTotal.work_month.between(first, asked.months.last),
        or_(
            and_(CostTotal.kind == "hired", CostTotal.source == asked.source),
            and_(CostTotal.kind == "own", CostTotal.source == "ledger"),
        ),
    ]
    if asked.units:
        wanted.append(CostTotal.unit_id.in_(sorted(asked.units)))
    # The period gets its name first: a grouping must spell it as the result does.
    chosen = select(now.label("now"), *columns).where(*wanted).subquery("chosen")
    parts = [chosen.c[name] for name in DIMENSIONS]
    kind, month, period = chosen.c.kind, chosen.c.work_month, chosen.c.now
    sets = [tuple_(kind, month), tuple_(kind, period), *(tuple_(kind, period, part) for part in parts)]
    return select(
        kind,
        month,
        period,
        *parts,
        func.sum(chosen.c.amount),
        func.sum(chosen.c.hours),
        func.grouping(*parts),
    ).group_by(func.grouping_sets(*sets))


def _dimension(bits: int) -> int | None:
    """Return which dimension a row is grouped by: the one whose bit is not set."""
    last = len(DIMENSIONS) - 1
    return next((place for place in range(last + 1) if not bits >> (last - place) & 1), None)


def by_children(
    tree: UnitTree, by_unit: Mapping[Any, Figures], above: UUID | None
) -> dict[UUID | None, Figures]:
    """Return the figures of units added up to the units right below one, or below the region.

    What is booked on `above` itself, or on no unit that is known, stands under that unit's id or None.
    """
    found: dict[UUID | None, Figures] = {}
    for unit, figures in by_unit.items():
        step = tree.step(unit, above)
        if step not in found:
            found[step] = replace(figures)
        else:
            _join(found[step], figures)
    return found


def _join(into: Figures, more: Figures) -> None:
    for name in ("hired", "own", "hours", "hired_before", "own_before"):
        setattr(into, name, getattr(into, name) + getattr(more, name))


@dataclass(frozen=True, slots=True)
class Vintage:
    """A delivery that figures are read from."""

    id: UUID
    number: int
    filename: str
    source: str
    delivered_at: datetime


def vintages(session: TenantSession, months: Months, sources: tuple[str, ...]) -> list[Vintage]:
    """Return the deliveries in force that work of the months may be booked in, the newest first."""
    booked_to = (
        select(func.max(CostTotal.booked_to))
        .where(CostTotal.source.in_(sources), CostTotal.work_month.between(months.first, months.last))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Delivery.id, Delivery.number, Delivery.filename, Delivery.source, Delivery.delivered_at)
        .where(
            Delivery.kind.in_(sources),
            Delivery.state == "read",
            Delivery.first_month <= func.greatest(booked_to, months.last),
            Delivery.last_month >= months.first,
        )
        .order_by(Delivery.number.desc())
        .limit(50)
    )
    return [Vintage(*row) for row in rows]


def usual_period(there: Extent) -> Months:
    """Return the newest half-year whose costs are booked to its end; else the months that there are."""
    half = 1 if there.booked.month < 12 else 2
    year = there.booked.year
    if half == 1 and there.booked.month < 6:
        year, half = year - 1, 2
    found = Months.half_year(year, half)
    return found if there.first <= found.last else Months(there.first, month_of(there.booked))
