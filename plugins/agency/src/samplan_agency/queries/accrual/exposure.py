"""Hours of hired staff with what they are expected to cost: entered, delivered, or offered by rostering."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import OrgUnit, Period, Profession, RosteredHours, TenantSession
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.spreading import cents
from samplan_agency.domain.time_classes import ORDINARY, class_hours
from samplan_agency.models import Exposure, HoursMonth
from samplan_agency.queries.agreements.mean_prices import MeanPrices, mean_prices

HoursSource: TypeAlias = Literal["rostered", "entered"]
Cell: TypeAlias = tuple[date, UUID | None, str]


@dataclass(frozen=True, slots=True)
class ExpectedCosts:
    """What hours are expected to cost, by month, unit and profession.

    `by_class` are their hours by time of day, None: not told. `unpriced` are the months with hours that have
    no price; `unknown` professions that have no category. `unconfirmed` tells that a price is not confirmed.
    """

    source: HoursSource
    costs: Mapping[Cell, Decimal] = field(default_factory=dict)
    hours: Mapping[date, Decimal] = field(default_factory=dict)
    by_class: Mapping[str | None, Decimal] = field(default_factory=dict)
    unpriced: frozenset[date] = frozenset()
    unknown: frozenset[str] = frozenset()
    unconfirmed: bool = False

    def by_month(self) -> dict[date, Decimal]:
        """Return what each month is expected to cost, without those in which a price is missing."""
        sums: dict[date, Decimal] = defaultdict(Decimal)
        for (month, _unit, _category), cost in self.costs.items():
            if month not in self.unpriced:
                sums[month] += cost
        return dict(sums)


@dataclass(frozen=True, slots=True)
class _Hours:
    cell: Cell
    hours: Decimal
    per_hour: Decimal | None = None
    time_class: str | None = None


def entered_rows(session: TenantSession, months: Months | None = None) -> Sequence[Exposure]:
    """Return the hours that were entered, newest month first."""
    query = select(Exposure).order_by(Exposure.month.desc(), Exposure.category, Exposure.id)
    if months is not None:
        query = query.where(Exposure.month.between(months.first, months.last))
    return session.scalars(query).all()


def delivered_hours(session: TenantSession, months: Months) -> dict[Cell, dict[str | None, Decimal]]:
    """Return the hours of hired staff that were delivered, by time of day where that is told.

    Planned ones, or else those that were worked; by time of day, or else those that tell none.
    """
    query = (
        select(
            HoursMonth.work_month,
            HoursMonth.unit_id,
            HoursMonth.category,
            HoursMonth.basis,
            HoursMonth.time_class,
            func.sum(HoursMonth.hours),
        )
        .where(HoursMonth.replaced_by.is_(None), HoursMonth.staff == "hired")
        .where(HoursMonth.work_month.between(months.first, months.last))
        .group_by(
            HoursMonth.work_month,
            HoursMonth.unit_id,
            HoursMonth.category,
            HoursMonth.basis,
            HoursMonth.time_class,
        )
    )
    found: dict[Cell, dict[tuple[bool, bool], dict[str | None, Decimal]]] = {}
    for month, unit_id, category, basis, time_class, hours in session.execute(query):
        better = basis == "planned", time_class is not None
        found.setdefault((month, unit_id, category), {}).setdefault(better, {})[time_class] = hours
    return {cell: kinds[max(kinds)] for cell, kinds in found.items()}


def entered_costs(session: TenantSession, months: Months) -> ExpectedCosts:
    """Return what the entered hours, and of other cells the delivered ones, are expected to cost."""
    entered = entered_rows(session, months)
    known = {(row.month, row.unit_id, row.category) for row in entered}
    rows = [
        _Hours(cell, hours, time_class=time_class)
        for cell, by_class in delivered_hours(session, months).items()
        if cell not in known
        for time_class, hours in by_class.items()
    ]
    rows += [_Hours((row.month, row.unit_id, row.category), row.hours, row.per_hour) for row in entered]
    return _priced(mean_prices(session), "entered", rows)


def rostered_costs(session: TenantSession, offered: RosteredHours, months: Months) -> ExpectedCosts:
    """Return what the hours that rostering offers are expected to cost, by their time of day."""
    period = Period(months.first, plus_months(months.last, 1) - timedelta(days=1))
    units = dict(session.execute(select(OrgUnit.code, OrgUnit.id)).all())
    categories = {}
    for row in session.scalars(select(Profession)):
        categories[row.code.casefold()] = categories[row.name.casefold()] = row.category
    rows, unknown = [], set()
    for found in offered.hired(period, class_hours):
        category = categories.get((found.profession or "").casefold())
        if category is None:
            unknown.add(found.profession or "–")
        else:
            cell = found.month, units.get(found.unit), category
            rows.append(_Hours(cell, found.hours, time_class=found.time_class))
    return _priced(mean_prices(session), "rostered", rows, frozenset(unknown))


def _priced(
    prices: MeanPrices,
    source: HoursSource,
    rows: Iterable[_Hours],
    unknown: frozenset[str] = frozenset(),
) -> ExpectedCosts:
    costs: dict[Cell, Decimal] = defaultdict(Decimal)
    hours: dict[date, Decimal] = defaultdict(Decimal)
    by_class: dict[str | None, Decimal] = defaultdict(Decimal)
    unpriced, unconfirmed = set(), False
    for row in rows:
        month, unit_id, category = row.cell
        hours[month] += row.hours
        by_class[row.time_class] += row.hours
        per_hour = row.per_hour
        if per_hour is None:
            agreed = prices.of(unit_id, category, month, row.time_class or ORDINARY)
            if agreed is None:
                unpriced.add(month)
                continue
            per_hour, unconfirmed = agreed.per_hour, unconfirmed or not agreed.confirmed
        costs[row.cell] += cents(row.hours * per_hour)
    return ExpectedCosts(
        source, dict(costs), dict(hours), dict(by_class), frozenset(unpriced), unknown, unconfirmed
    )
