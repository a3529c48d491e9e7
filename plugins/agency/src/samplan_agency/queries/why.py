"""Why hired staff's cost changed between two periods: by unit, and down to the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from samplan.plugin_api import TenantSession
from samplan_agency.domain.change import Cost, Key, Split, split_change
from samplan_agency.domain.months import Months
from samplan_agency.models import CostLine
from samplan_agency.queries.costs import Choice, Dimension, cost_sums
from samplan_agency.queries.unit_tree import unit_tree

MIX: tuple[Dimension, ...] = ("category", "supplier_id", "zone", "time_class")
"""In which order the mix is told apart."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """The split of the whole, and that of each unit right below; the parts of a unit are its own."""

    whole: Split
    by_unit: dict[UUID | None, Split]


def reasons(session: TenantSession, before: Choice, after: Choice, above: UUID | None) -> Reasons:
    """Return why the cost of the choices changed; `above` is the unit whose parts are shown."""
    tree, numbers = unit_tree(session), Numbers()
    steps = {unit: tree.step(unit, above) for unit in tree.units}
    old, new = (_costs(session, choice, steps, numbers) for choice in (before, after))
    whole = split_change(_merged(old.values()), _merged(new.values()), len(MIX))
    parts = {
        unit: split_change(old.get(unit, ()), new.get(unit, ()), len(MIX)) for unit in old.keys() | new.keys()
    }
    return Reasons(whole, dict(sorted(parts.items(), key=lambda part: part[1].total)))


class Numbers(dict[UUID | None, int]):
    """Suppliers by number in the order in which they turn up: these are told apart quicker than ids."""

    def __missing__(self, supplier: UUID | None) -> int:
        """Return the number of one that is new: the next."""
        return self.setdefault(supplier, len(self))


def _costs(
    session: TenantSession, choice: Choice, steps: Mapping[UUID, UUID | None], numbers: Numbers
) -> dict[UUID | None, list[Cost]]:
    """Return the costs of each step by the dimensions of the mix."""
    found: dict[UUID | None, list[Cost]] = defaultdict(list)
    for one in cost_sums(session, choice, ("unit_id", *MIX), steps):
        step, category, supplier, zone, time_class = one.key
        found[step].append(Cost((category, numbers[supplier], zone, time_class), one.amount, one.hours))
    return found


def _merged(parts: Iterable[Iterable[Cost]]) -> list[Cost]:
    """Return the costs of all, each key once: what is without hours joins the work it belongs to."""
    sums: dict[Key, tuple[Decimal, Decimal]] = {}
    for cost in chain.from_iterable(parts):
        amount, hours = sums.get(cost.key, (Decimal(0), Decimal(0)))
        sums[cost.key] = amount + cost.amount, hours + cost.hours
    return [Cost(key, amount, hours) for key, (amount, hours) in sums.items()]


@dataclass(frozen=True, slots=True)
class LineChoice:
    """Which lines are wanted; where a field is None, any."""

    months: Months
    source: str
    units: frozenset[UUID] = frozenset()
    time_class: str | None = None
    shift: str | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines that share a shift type, or an order."""

    time_class: str | None
    shift: str | None
    order: str | None
    amount: Decimal
    hours: Decimal
    lines: int


def line_groups(session: TenantSession, choice: LineChoice, limit: int = 200) -> list[LineGroup]:
    """Return the chosen lines by shift type, or by order within a chosen one; the dearest first."""
    if choice.time_class is None:
        keys: list[Any] = [CostLine.time_class, CostLine.shift]
    else:
        keys = [CostLine.order_reference]
    amount = func.sum(CostLine.amount)
    rows = session.execute(
        select(*keys, amount, func.coalesce(func.sum(CostLine.hours), 0), func.count())
        .where(*_wanted(choice))
        .group_by(*keys)
        .order_by(amount.desc())
        .limit(limit)
    )
    if choice.time_class is None:
        return [LineGroup(row[0], row[1], None, row[2], row[3], row[4]) for row in rows]
    return [LineGroup(choice.time_class, choice.shift, row[0], row[1], row[2], row[3]) for row in rows]


def lines_of(choice: LineChoice) -> Select[Any]:
    """Return the statement for the chosen lines in force, without order."""
    return select(CostLine).where(*_wanted(choice))


def _wanted(choice: LineChoice) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        CostLine.replaced_by.is_(None),
        CostLine.kind == "hired",
        CostLine.source == choice.source,
        CostLine.work_month.between(choice.months.first, choice.months.last),
    ]
    if choice.units:
        wanted.append(CostLine.unit_id.in_(sorted(choice.units)))
    fields = (
        (CostLine.time_class, choice.time_class),
        (CostLine.shift, choice.shift),
        (CostLine.order_reference, choice.order),
    )
    wanted += [column == value for column, value in fields if value is not None]
    return wanted
