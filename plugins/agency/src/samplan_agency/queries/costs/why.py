"""Why hired staff's cost changed between two periods: by unit, and down to the lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    cast,
    column,
    func,
    or_,
    select,
    tuple_,
    values,
)

from samplan.plugin_api import Page, TenantSession
from samplan_agency.domain.change import Cost, Key, Split, split_change
from samplan_agency.domain.months import Months
from samplan_agency.models import CostLine, CostMonth
from samplan_agency.queries.costs.remembered import remembered
from samplan_agency.queries.costs.sums import Choice, Dimension, in_memory, wanted_costs
from samplan_agency.queries.unit_tree import unit_tree

MIX: tuple[Dimension, ...] = ("category", "supplier_id", "zone", "time_class")
"""In which order the mix is told apart."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """The split of the whole, and that of each unit right below; the parts of a unit are its own."""

    whole: Split
    by_unit: dict[UUID | None, Split]


def reasons(session: TenantSession, before: Months, after: Choice, above: UUID | None) -> Reasons:
    """Return why a choice's cost changed since other months; `above` is the unit whose parts are shown."""
    tree = unit_tree(session)
    below = {unit: tree.step(unit, above) for unit in tree.units}
    asked = "reasons", before, after, tuple(below.items())
    return remembered(
        session, after.source, _around(before, after), asked, lambda: _reasons(session, before, after, below)
    )


def _reasons(
    session: TenantSession, before: Months, after: Choice, below: Mapping[UUID, UUID | None]
) -> Reasons:
    """Return the reasons; `below` has for each unit the one that is shown."""
    steps: list[UUID | None] = [None, *dict.fromkeys(filter(None, below.values()))]
    places = {step: place for place, step in enumerate(steps)}
    old: list[list[Cost]] = [[] for _ in steps]
    new: list[list[Cost]] = [[] for _ in steps]
    in_memory(session)
    statement = _compared(before, after, {unit: places[step] for unit, step in below.items()})
    for at, *mix, was, was_hours, now, now_hours in session.execute(statement):
        place, key = at or 0, tuple(mix)
        if was or was_hours:
            old[place].append(Cost(key, was, was_hours))
        if now or now_hours:
            new[place].append(Cost(key, now, now_hours))
    parts = {
        step: split_change(old[place], new[place], len(MIX))
        for step, place in places.items()
        if old[place] or new[place]
    }
    whole = split_change(_merged(old), _merged(new), len(MIX))
    return Reasons(whole, dict(sorted(parts.items(), key=lambda part: part[1].total)))


def _around(before: Months, after: Choice) -> Months:
    return Months(min(before.first, after.months.first), max(before.last, after.months.last))


def _compared(before: Months, after: Choice, places: Mapping[UUID, int]) -> Select[Any]:
    """Return the statement for the öre and hundredths of hours of both periods, by place and mix.

    Whole numbers and suppliers by text, of thousands of groups: these are
    read and told apart quicker.
    """
    mix = [getattr(CostMonth, name) for name in MIX]
    mix[1] = cast(mix[1], Text)
    named = values(column("unit", Uuid), column("place", Integer), name="named")
    named = named.data([*places.items()] or [(uuid4(), 0)])
    source = CostMonth.__table__.outerjoin(named, CostMonth.unit_id == named.c.unit)
    periods = [CostMonth.work_month.between(each.first, each.last) for each in (before, after.months)]
    sums = [
        cast(func.coalesce(func.sum(figure).filter(period), 0) * 100, BigInteger)
        for period in periods
        for figure in (CostMonth.amount, CostMonth.hours)
    ]
    whole = replace(after, months=_around(before, after))
    wanted = [*wanted_costs(whole), or_(*periods)]
    # By the columns of the table: grouped by what they are shown as, every row would be computed.
    keys = [named.c.place, *(getattr(CostMonth, name) for name in MIX)]
    return select(named.c.place, *mix, *sums).select_from(source).where(*wanted).group_by(*keys)


def _merged(parts: Iterable[Iterable[Cost]]) -> list[Cost]:
    """Return the costs of all, each key once: what is without hours joins the work it belongs to."""
    sums: dict[Key, tuple[int, int]] = {}
    for key, amount, hours in chain.from_iterable(parts):
        known = sums.get(key)
        sums[key] = (amount, hours) if known is None else (known[0] + amount, known[1] + hours)
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


def line_page(session: TenantSession, choice: LineChoice, cursor: UUID | None, limit: int) -> Page[CostLine]:
    """Return a page of the chosen lines by month of work, those of a month as they were delivered."""
    order = CostLine.work_month, CostLine.id  # few of a period's lines are read for one of its pages
    wanted = lines_of(choice).order_by(*order).limit(limit + 1)
    if cursor is not None:
        month = session.scalar(select(CostLine.work_month).where(CostLine.id == cursor))
        if month is None:
            return Page([], None)
        wanted = wanted.where(CostLine.work_month >= month, tuple_(*order) > tuple_(month, cursor))
    found = session.scalars(wanted).all()
    return Page(list(found[:limit]), found[limit - 1].id if len(found) > limit else None)


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
