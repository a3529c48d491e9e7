"""What each billed line should have cost, and by which reasons it costs more; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from samplan_agency.domain.control import Billed, Controlled, Deviation, Ordered, Reason, Worked
from samplan_agency.domain.matching import Matcher, Sides, cancelled, repeated
from samplan_agency.domain.pricing import Found, PriceBook, Question
from samplan_agency.domain.spreading import round_to_sum
from samplan_agency.domain.time_classes import CLOCK_CLASSES, ORDINARY
from samplan_agency.domain.time_control import MINUTE, TRAVEL, Moved, moved_hours

NOTHING: Moved = MappingProxyType({})
Part: TypeAlias = tuple[Reason, Fraction]


@dataclass(frozen=True, slots=True)
class Terms:
    """What an hour of a line may cost, by which price of the agreement, and what other zones would cost."""

    tolerance: Fraction
    found: Found | None = None
    per_hour: Decimal | None = None
    others: Mapping[int, Decimal] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Excess:
    """Hours of a line beyond those worked, and whether they are the break."""

    hours: Decimal
    reason: Reason


def control(
    billed: Iterable[Billed],
    ordered: Iterable[Ordered],
    worked: Iterable[Worked],
    book: PriceBook,
    tolerance: Decimal,
    *,
    zone: tzinfo | None = None,
) -> list[Controlled]:
    """Return every line with what it should have cost, in the order of the invoices.

    The answer is the same whatever the order of what is given. `tolerance` is the amount of a line, in SEK,
    up to which a difference of price or hours is none. `zone` is that of the place of work: without it hours
    are not held against the time of day.
    """
    lines = sorted(billed, key=_place)
    matcher = Matcher(ordered, worked)
    sides = {line.id: matcher.sides(line) for line in lines}
    gone = cancelled(lines)
    charges = [line for line in lines if line.amount > 0 and line.id not in gone]
    twice = repeated(charges, sides)
    groups = _groups([line for line in charges if line.id not in twice], sides)
    excess = _excess(groups, sides)
    moved = moved_hours(groups, sides, zone) if zone is not None else {}
    kept = {line.id for line in charges}
    found = []
    for line in lines:
        if line.id not in kept:
            found.append(_whole(line, sides[line.id]))
            continue
        beyond = excess.get(line.id)
        hours = (line.hours or Decimal(0)) - (beyond.hours if beyond else 0)
        terms = _terms(line, sides[line.id], book, tolerance, (hours, moved.get(line.id, NOTHING)))
        if line.id in twice:
            found.append(_nothing(line, sides[line.id], terms, Reason.DUPLICATE, twice[line.id]))
        elif not sides[line.id].orders and not sides[line.id].worked:
            found.append(_nothing(line, sides[line.id], terms, Reason.MISSING_REFERENCE))
        else:
            found.append(_judge(line, sides[line.id], beyond, terms))
    return found


def _place(line: Billed) -> tuple[object, ...]:
    return line.booked_month, line.invoice, str(line.id)


def _whole(line: Billed, sides: Sides) -> Controlled:
    """Return a credit note, or what it takes back: as it is."""
    return Controlled(line=line, expected=line.amount, orders=sides.orders, worked=sides.worked, counts=False)


def _nothing(
    line: Billed, sides: Sides, terms: Terms, reason: Reason, first: UUID | None = None
) -> Controlled:
    """Return a line that nothing is due for, beside what its hours would cost."""
    return Controlled(
        line=line,
        expected=Decimal(0),
        deviations=(Deviation(reason, line.amount),),
        orders=sides.orders,
        proposed=sides.proposed and bool(sides.orders),
        worked=sides.worked,
        price=terms.found,
        per_hour=terms.per_hour,
        first=first,
    )


def _judge(line: Billed, sides: Sides, excess: Excess | None, terms: Terms) -> Controlled:
    quantity = _quantity(line)
    parts = list(_hour_parts(line, excess, terms.tolerance))
    accepted = quantity - (excess.hours if parts and excess else 0)
    if quantity and terms.per_hour is not None:
        parts += _price_parts(line, quantity, accepted, terms)
    rest = Fraction(line.amount) - sum((amount for _, amount in parts), Fraction(0))
    amounts = round_to_sum([rest, *(amount for _, amount in parts)], line.amount)
    deviations = [Deviation(reason, amount) for (reason, _), amount in zip(parts, amounts[1:], strict=True)]
    unproven = _unproven(sides, quantity, terms.per_hour)
    return Controlled(
        line=line,
        expected=amounts[0],
        deviations=(*deviations, *(Deviation(reason, Decimal(0)) for reason in unproven)),
        orders=sides.orders,
        proposed=sides.proposed and bool(sides.orders),
        worked=sides.worked,
        price=terms.found,
        per_hour=terms.per_hour,
    )


def _quantity(line: Billed) -> Decimal:
    """Return what the price is multiplied by: the hours, or 1 for a lump sum of travel, else 0."""
    if line.hours:
        return line.hours
    return Decimal(1) if line.time_class == TRAVEL else Decimal(0)


def _unproven(sides: Sides, quantity: Decimal, per_hour: Decimal | None) -> Iterator[Reason]:
    if sides.proposed:
        yield Reason.MISSING_REFERENCE
    if quantity and not sides.worked:
        yield Reason.NO_TIME_REPORT
    if per_hour is None:
        yield Reason.NO_PRICE


def _terms(
    line: Billed, sides: Sides, book: PriceBook, tolerance: Decimal, due: tuple[Decimal, Moved]
) -> Terms:
    """Return what the line may cost, by the agreement and by what was confirmed.

    `due` are its hours without those beyond, and which of them count as another time of day's.
    """
    if not _quantity(line):
        return Terms(Fraction(tolerance))
    asked = next(((q, found) for q in _questions(line, sides) if (found := book.hour(q))), None)
    order = sides.orders[0] if sides.orders else None
    confirmed = order.price if order is not None and line.time_class in CLOCK_CLASSES else None
    if asked is None:
        return Terms(Fraction(tolerance), None, confirmed)
    question, found = asked
    agreed = _accepted(confirmed, order, found)
    hours, moved = due
    for name, of in moved.items():
        other = book.hour(replace(question, time_class=name))
        if other is not None and hours > 0:
            less = max(_accepted(confirmed, order, found) - _accepted(confirmed, order, other), Decimal(0))
            agreed -= less * min(of, hours) / hours
    prices = book.by_zone(replace(question, time_class=found.price.time_class)).items()
    others = {zone: price for zone, price in prices if zone != found.price.zone}
    return Terms(Fraction(tolerance), found, agreed, others)


def _accepted(confirmed: Decimal | None, order: Ordered | None, found: Found) -> Decimal:
    """Return what an hour may cost of what is agreed and what was confirmed for the hours of the shift.

    What was confirmed beyond the agreement holds at any time of day. A lower price within it is that of an
    ordinary hour.
    """
    agreed = found.price.per_hour
    if order is None or confirmed is None:
        return agreed
    if not order.within_agreement:
        return max(agreed, confirmed)
    return min(agreed, confirmed) if found.price.time_class == ORDINARY else agreed


def _questions(line: Billed, sides: Sides) -> Iterator[Question]:
    """Yield what is to be priced: at the order's zone, the place of work's, or else the line's own."""
    order = sides.orders[0] if sides.orders else None
    question = Question(
        supplier_id=line.supplier_id,
        level=(order.level if order else "") or line.level,
        time_class=line.time_class,
        day=line.work_date or (order.work_date if order else line.work_month),
    )
    if order is not None and order.zone is not None:
        yield replace(question, zone=order.zone)
        return
    yield replace(question, municipality=line.municipality)
    yield replace(question, zone=line.zone)


def _hour_parts(line: Billed, excess: Excess | None, tolerance: Fraction) -> Iterator[Part]:
    if excess is not None and line.hours:
        part = Fraction(line.amount) * Fraction(excess.hours) / Fraction(line.hours)
        if part > tolerance:
            yield excess.reason, part


def _price_parts(line: Billed, quantity: Decimal, accepted: Decimal, terms: Terms) -> Iterator[Part]:
    """Yield what the accepted hours cost too much: that of the zone, and what is above the zone's price."""
    paid = Fraction(line.amount) / Fraction(quantity)
    hours, right = Fraction(accepted), Fraction(terms.per_hour or 0)
    others = {zone: Fraction(price) for zone, price in terms.others.items()}
    if (paid - right) * hours <= terms.tolerance:
        return
    near = terms.tolerance / Fraction(quantity)
    wrong = None if line.zone is None else others.get(line.zone)
    if wrong is None:
        wrong = next((price for price in sorted(others.values()) if abs(paid - price) <= near), None)
    if wrong is None or wrong <= right:
        yield Reason.PRICE_ABOVE, (paid - right) * hours
    elif (paid - wrong) * hours <= terms.tolerance:
        yield Reason.WRONG_ZONE, (paid - right) * hours
    else:
        yield Reason.WRONG_ZONE, (wrong - right) * hours
        yield Reason.PRICE_ABOVE, (paid - wrong) * hours


def _excess(groups: Iterable[Sequence[Billed]], sides: Mapping[UUID, Sides]) -> dict[UUID, Excess]:
    """Return the hours beyond those worked, by line; lines about the same shifts are taken together.

    Where no time is reported the confirmed hours count. The line with most hours is cut first.
    """
    found: dict[UUID, Excess] = {}
    for group in groups:
        worked, pause = _evidence(group, sides)
        beyond = sum((line.hours or Decimal(0) for line in group), Decimal(0)) - worked
        if beyond <= MINUTE:
            continue
        is_break = pause > 0 and abs(beyond - pause) <= MINUTE
        reason = Reason.BREAK_PAID if is_break else Reason.HOURS_NOT_WORKED
        for line in sorted(group, key=lambda line: (-(line.hours or 0), _place(line))):
            cut = min(beyond, line.hours or Decimal(0))
            if cut > 0:
                found[line.id] = Excess(cut, reason)
                beyond -= cut
    return found


def _groups(lines: Sequence[Billed], sides: Mapping[UUID, Sides]) -> list[list[Billed]]:
    """Return the lines with hours that are about the same worked shifts, or else orders, together."""
    lines = [line for line in lines if line.hours and (sides[line.id].worked or sides[line.id].orders)]
    root: dict[UUID, UUID] = {}

    def find(item: UUID) -> UUID:
        while root.setdefault(item, item) != item:
            item = root[item]
        return item

    for line in lines:
        items = [item.id for item in sides[line.id].worked or sides[line.id].orders]
        for item in items[1:]:
            root[find(item)] = find(items[0])
    groups: dict[UUID, list[Billed]] = defaultdict(list)
    for line in lines:
        groups[find((sides[line.id].worked or sides[line.id].orders)[0].id)].append(line)
    return list(groups.values())


def _evidence(group: Sequence[Billed], sides: Mapping[UUID, Sides]) -> tuple[Decimal, Decimal]:
    """Return the hours that are shown to be worked, and the hours of their breaks."""
    items = {
        item.id: (item.hours, item.break_minutes, getattr(item, "people", 1))
        for line in group
        for item in sides[line.id].worked or sides[line.id].orders
    }
    hours = sum((hours * people for hours, _, people in items.values()), Decimal(0))
    pause = sum((Decimal(minutes * people) / 60 for _, minutes, people in items.values()), Decimal(0))
    return hours, pause
