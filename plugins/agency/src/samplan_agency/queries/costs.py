"""Costs by month, by whatever pages choose and group by: read from the sums of the lines in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Uuid, column, func, select, values

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import Months
from samplan_agency.models import CostMonth

Dimension: TypeAlias = Literal[
    "work_month", "booked_month", "kind", "account", "unit_id", "category", "sector_id", "supplier_id",
    "zone", "time_class", "source",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Which costs are wanted: of these work months and, where a field is filled, only of those.

    `source` is the ledger or the suppliers' invoices, never both: they hold the same costs. `units` are those
    of the choice with all below them (`UnitTree.below`). `booked_to` leaves out what was booked after that
    month: it is what was known then.
    """

    months: Months
    source: str = "ledger"
    kinds: tuple[str, ...] = ("hired",)
    units: frozenset[UUID] = frozenset()
    categories: tuple[str, ...] = ()
    sectors: tuple[UUID, ...] = ()
    suppliers: tuple[UUID, ...] = ()
    zones: tuple[int, ...] = ()
    booked_to: date | None = None


@dataclass(frozen=True, slots=True)
class CostSum:
    """Amount in SEK without VAT, and hours, of one group: `key` has the values of what it was grouped by."""

    key: tuple[Any, ...]
    amount: Decimal
    hours: Decimal
    lines: int


def cost_sums(
    session: TenantSession,
    choice: Choice,
    by: Sequence[Dimension] = (),
    units_as: Mapping[UUID, UUID | None] | None = None,
) -> list[CostSum]:
    """Return the sums of the chosen costs by these dimensions, in the order of their values.

    A unit counts as the one that `units_as` names for it, such as its division.
    """
    columns = {name: getattr(CostMonth, name) for name in by}
    sums = (func.coalesce(func.sum(getattr(CostMonth, name)), 0) for name in ("amount", "hours", "lines"))
    source: FromClause = CostMonth.__table__
    if units_as:
        named = values(column("own", Uuid), column("other", Uuid), name="units_as").data([*units_as.items()])
        source = source.outerjoin(named, CostMonth.unit_id == named.c.own)
        columns["unit_id"] = named.c.other
    keys, wanted = columns.values(), wanted_costs(choice)
    found = select(*keys, *sums).select_from(source).where(*wanted).group_by(*keys).order_by(*keys)
    return [CostSum(tuple(row[:-3]), *row[-3:]) for row in session.execute(found)]


def wanted_costs(choice: Choice) -> list[ColumnElement[bool]]:
    """Return what holds of the sums that are wanted."""
    wanted: list[ColumnElement[bool]] = [
        CostMonth.work_month.between(choice.months.first, choice.months.last),
        CostMonth.source == choice.source,
    ]
    lists: tuple[tuple[Any, Iterable[Any]], ...] = (
        (CostMonth.kind, choice.kinds),
        (CostMonth.unit_id, choice.units),
        (CostMonth.category, choice.categories),
        (CostMonth.sector_id, choice.sectors),
        (CostMonth.supplier_id, choice.suppliers),
        (CostMonth.zone, choice.zones),
    )
    wanted += [each.in_(sorted(chosen)) for each, chosen in lists if chosen]
    if choice.booked_to is not None:
        wanted.append(CostMonth.booked_month <= choice.booked_to)
    return wanted
