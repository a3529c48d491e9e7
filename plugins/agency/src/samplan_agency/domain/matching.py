"""Which order and worked shifts a billed line is about, and which lines bill the same work twice; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias, TypeVar
from uuid import UUID

from samplan_agency.domain.control import Billed, Ordered, Worked, falls_in
from samplan_agency.domain.months import month_of

Piece = TypeVar("Piece", Ordered, Worked)
_Place: TypeAlias = tuple[UUID | None, date, date | None]
"""By what a line finds work: its supplier, work month and date."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The orders and worked shifts of a line; `proposed` where its own reference leads to no order."""

    orders: tuple[Ordered, ...] = ()
    proposed: bool = False
    worked: tuple[Worked, ...] = ()

    @property
    def named(self) -> bool:
        """Tell whether the line's own reference leads to an order."""
        return bool(self.orders) and not self.proposed


class Matcher:
    """Orders and worked shifts, to be found by what a line says."""

    def __init__(self, ordered: Iterable[Ordered], worked: Iterable[Worked]) -> None:
        self._orders: dict[_Place, list[Ordered]] = defaultdict(list)
        self._worked: dict[_Place, list[Worked]] = defaultdict(list)
        for order in sorted(ordered, key=_order):
            for month, day in _dates(order):
                self._orders[order.supplier_id, month, day].append(order)
        for work in sorted(worked, key=_order):
            for month, day in _dates(work):
                self._worked[work.supplier_id, month, day].append(work)

    def sides(self, line: Billed) -> Sides:
        """Return what the line is about."""
        orders, proposed = self._find_orders(line)
        return Sides(orders, proposed, self._find_worked(line, orders))

    def _find_orders(self, line: Billed) -> tuple[tuple[Ordered, ...], bool]:
        if line.supplier_id is None:
            return (), False
        place = line.supplier_id, line.work_month, line.work_date
        there = [order for order in self._orders.get(place, ()) if falls_in(line, order)]
        named = [order for order in there if same_reference(line.reference, order.reference)]
        if named:
            return _begun(line, _same_consultant(line.consultant, named)), False
        likely = [order for order in there if not _contradict(line.consultant, order.consultant)]
        return _likeliest(line, _begun(line, likely)), True

    def _find_worked(self, line: Billed, orders: Sequence[Ordered]) -> tuple[Worked, ...]:
        consultants = {key(line.consultant)} if line.consultant else {key(o.consultant) for o in orders}
        references = {reference_key(line.reference), *(reference_key(order.reference) for order in orders)}
        there = [
            work
            for supplier_id in {None, line.supplier_id}
            for work in self._worked.get((supplier_id, line.work_month, line.work_date), ())
            if falls_in(line, work) and _about(work, consultants - {""}, references - {""})
        ]
        return _begun(line, sorted(there, key=_order))


def key(text: str) -> str:
    """Return a code as it is compared: without case and spaces."""
    return "".join(text.split()).casefold()


def reference_key(text: str) -> str:
    """Return a reference as it is compared: letters and digits only, without case."""
    return "".join(sign for sign in text if sign.isalnum()).casefold()


def same_reference(one: str, two: str) -> bool:
    """Tell whether two references are the same; nothing is the same as none."""
    return bool(reference_key(one)) and reference_key(one) == reference_key(two)


def repeated(lines: Sequence[Billed], sides: Mapping[UUID, Sides]) -> dict[UUID, UUID]:
    """Return the lines that bill work which another bills already, each with that one.

    `lines` are in the order of their invoices; those that name their order go before the others. The same
    work is that of one supplier, date, time of day, shift and number of hours, of the same consultant; where
    nobody is named, of the same order, which as many lines may bill as people were called off. Lines without
    date or hours are not compared.
    """
    seen: dict[tuple[object, ...], list[UUID]] = defaultdict(list)
    found: dict[UUID, UUID] = {}
    for line in sorted(lines, key=lambda line: not sides[line.id].named):
        place = _work_key(line, sides[line.id])
        if place is None:
            continue
        people = 1 if line.consultant else max(sum(o.people for o in sides[line.id].orders), 1)
        if len(seen[place]) >= people:
            found[line.id] = seen[place][0]
        seen[place].append(line.id)
    return found


def cancelled(lines: Sequence[Billed]) -> set[UUID]:
    """Return the lines that a credit note takes back in full; the last one where several could be meant."""
    waiting: dict[tuple[object, ...], list[UUID]] = defaultdict(list)
    for line in lines:
        if line.amount > 0:
            waiting[_credit_key(line, line.amount)].append(line.id)
    gone: set[UUID] = set()
    for line in lines:
        place = _credit_key(line, -line.amount)
        if line.amount < 0 and waiting.get(place):
            gone.add(waiting[place].pop())
    return gone


def _credit_key(line: Billed, amount: Decimal) -> tuple[object, ...]:
    reference, consultant = reference_key(line.reference), key(line.consultant)
    return line.supplier_id, line.work_month, line.work_date, reference, consultant, line.time_class, amount


def _work_key(line: Billed, sides: Sides) -> tuple[object, ...] | None:
    who = key(line.consultant) or reference_key(sides.orders[0].reference if sides.orders else line.reference)
    if line.work_date is None or not line.hours or not who or line.supplier_id is None:
        return None
    return line.supplier_id, who, line.work_date, line.time_class, key(line.shift), line.hours


def _order(work: Ordered | Worked) -> tuple[date, str]:
    return work.work_date, str(work.id)


def _dates(work: Ordered | Worked) -> Iterator[tuple[date, date | None]]:
    """Yield the months in which work may be billed, each with the dates that lines say, or none."""
    days = {day for day in (work.work_date, work.last_date) if day is not None}
    for month in {month_of(day) for day in days}:
        for day in (None, *days):
            yield month, day


def _begun(line: Billed, works: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the work that began on the line's date, where the line may bill a shift of that date whole.

    Else what went over midnight to it belongs to it too.
    """
    begun = tuple(work for work in works if line.work_date in {None, work.work_date})
    whole = line.hours is None or any(line.hours >= work.hours for work in begun)
    return begun if begun and whole else tuple(works)


def _contradict(one: str, two: str) -> bool:
    return bool(one and two) and key(one) != key(two)


def _same_consultant(consultant: str, orders: list[Ordered]) -> list[Ordered]:
    """Return the orders that name the consultant, or else all."""
    return [order for order in orders if consultant and key(order.consultant) == key(consultant)] or orders


def _likeliest(line: Billed, orders: Sequence[Ordered]) -> tuple[Ordered, ...]:
    """Return the order that most speaks for; none where nothing but supplier and date does."""
    best = max(orders, key=lambda order: (_likeness(line, order), str(order.id)), default=None)
    return () if best is None or not _likeness(line, best) else (best,)


def _likeness(line: Billed, order: Ordered) -> int:
    return (
        4 * bool(line.consultant and key(line.consultant) == key(order.consultant))
        + 2 * (line.unit_id is not None and line.unit_id == order.unit_id)
        + (line.hours is not None and line.hours == order.hours)
    )


def _about(work: Worked, consultants: set[str], references: set[str]) -> bool:
    """Tell whether work is that of one of the consultants or, where nobody is named, of the references."""
    if work.consultant and consultants:
        return key(work.consultant) in consultants
    return reference_key(work.reference) in references
