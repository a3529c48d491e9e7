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
from samplan_agency.models import CostMonth, CostTotal

Dimension: TypeAlias = Literal[
    "work_month", "booked_month", "kind", "account", "unit_id", "category", "sector_id", "supplier_id",
    "zone", "time_class", "source",
]  # fmt: skip

_TOLD_BY_TOTALS = {"work_month", "kind", "unit_id", "category", "sector_id", "supplier_id", "zone", "source"}


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
    kind = _smallest(session, choice, by)
    columns = {name: getattr(kind, name) for name in by}
    sums = (func.coalesce(func.sum(getattr(kind, name)), 0) for name in ("amount", "hours", "lines"))
    source: FromClause = kind.__table__
    if units_as:
        named = values(column("own", Uuid), column("other", Uuid), name="units_as").data([*units_as.items()])
        source = source.outerjoin(named, kind.unit_id == named.c.own)
        columns["unit_id"] = named.c.other
    keys, wanted = columns.values(), wanted_costs(choice, kind)
    found = select(*keys, *sums).select_from(source).where(*wanted).group_by(*keys).order_by(*keys)
    return [CostSum(tuple(row[:-3]), *row[-3:]) for row in session.execute(found)]


def in_memory(session: TenantSession) -> None:
    """Let this transaction sum up thousands of groups without sorting their rows on disk."""
    session.execute(select(func.set_config("work_mem", "32MB", True)))


def wanted_costs(choice: Choice, kind: Any = CostMonth) -> list[ColumnElement[bool]]:
    """Return what holds of the sums that are wanted, rows of `kind`."""
    wanted: list[ColumnElement[bool]] = [
        kind.work_month.between(choice.months.first, choice.months.last),
        kind.source == choice.source,
    ]
    lists: tuple[tuple[Any, Iterable[Any]], ...] = (
        (kind.kind, choice.kinds),
        (kind.unit_id, choice.units),
        (kind.category, choice.categories),
        (kind.sector_id, choice.sectors),
        (kind.supplier_id, choice.suppliers),
        (kind.zone, choice.zones),
    )
    wanted += [each.in_(sorted(chosen)) for each, chosen in lists if chosen]
    if choice.booked_to is not None and kind is CostMonth:
        wanted.append(CostMonth.booked_month <= choice.booked_to)
    return wanted


def _smallest(session: TenantSession, choice: Choice, by: Sequence[Dimension]) -> Any:
    """Return the smallest of the tables that tell what is asked: the totals hold no month of booking."""
    if not set(by) <= _TOLD_BY_TOTALS:
        return CostMonth
    if choice.booked_to is None:
        return CostTotal
    later = select(CostTotal.id).where(
        *wanted_costs(choice, CostTotal), CostTotal.booked_to > choice.booked_to
    )
    return CostMonth if session.scalar(later.limit(1)) is not None else CostTotal
