"""Calling off hired staff: which shifts a policy lets through, what they cost, who is asked next, figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from samplan_agency.domain.time_classes import NIGHT_BEGINS, NIGHT_ENDS, SATURDAY, class_hours

CENT = Decimal("0.01")
HOUR = timedelta(hours=1)
LEAST_NIGHT = timedelta(hours=3)
"""Who works so much of the night works at night (Arbetstidslagen 13 a §)."""


class Times(StrEnum):
    """Which shifts a policy hires for."""

    ALL = "all"
    WEEKENDS = "weekends"
    NIGHTS = "nights"
    WEEKENDS_NIGHTS = "weekends_nights"


class LeftOut(StrEnum):
    """Why a policy leaves a shift out."""

    OWN_FIRST = "own_first"
    TIMES = "times"
    LEAD_TIME = "lead_time"
    NO_PRICE = "no_price"
    MAX_PRICE = "max_price"


class Unpriced(StrEnum):
    """What a shift lacks to have a price: category, municipality, its price zone, or a price of these."""

    LEVEL = "level"
    PLACE = "place"
    ZONE = "zone"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be called off: `lead_hours` before it begins at the latest, at most `max_price` SEK an hour.

    With `own_first` only what own staff and the internal unit have been asked about.
    """

    own_first: bool = True
    times: Times = Times.ALL
    max_price: Decimal | None = None
    lead_hours: int = 0


@dataclass(frozen=True, slots=True)
class PricedHours:
    """A person's hours of one class, and what an hour of them costs; None where no agreement says."""

    time_class: str
    hours: Decimal
    per_hour: Decimal | None


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift that lacks people; its times are those of the place of work, with their zone.

    `prices` is what an hour of each class is expected to cost; a class is not there where no agreement has a
    price.
    """

    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    people: int
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    own_asked: bool = True

    @property
    def hours(self) -> Decimal:
        """Hours that one person is paid for: real ones, also where the clock changes, without the break."""
        return paid_hours(self.starts_at, self.ends_at, self.break_minutes)

    @property
    def parts(self) -> tuple[PricedHours, ...]:
        """One person's hours by class, each with its price."""
        found = class_hours(self.starts_at, self.ends_at, self.break_minutes)
        return tuple(PricedHours(name, hours, self.prices.get(name)) for name, hours in found.items())

    @property
    def price(self) -> Decimal | None:
        """What an hour is expected to cost on average; None where a part has no price."""
        cost = _cost(self.parts)
        return None if cost is None or not self.hours else (cost / self.hours).quantize(CENT, ROUND_HALF_UP)

    @property
    def cost(self) -> Decimal | None:
        """What all its people are expected to cost, SEK without VAT."""
        cost = _cost(self.parts)
        return None if cost is None else (cost * self.people).quantize(CENT, ROUND_HALF_UP)


def _cost(parts: Iterable[PricedHours]) -> Decimal | None:
    total = Decimal(0)
    for part in parts:
        if part.per_hour is None:
            return None
        total += part.hours * part.per_hour
    return total


def paid_hours(starts_at: datetime, ends_at: datetime, break_minutes: int) -> Decimal:
    """Return the hours from one instant to another without the break."""
    seconds = int(ends_at.timestamp() - starts_at.timestamp()) - break_minutes * 60
    return Decimal(seconds) / 3600


def is_weekend(starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether a part of a shift is on a Saturday or a Sunday, by its own clock."""
    last = ends_at - timedelta(microseconds=1)
    days = (last.date() - starts_at.date()).days
    return any((starts_at.date() + timedelta(n)).weekday() >= SATURDAY for n in range(days + 1))


def is_night(starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether at least three hours of a shift are between 22 and 6."""
    worked = timedelta()
    day = starts_at.date() - timedelta(1)
    while day <= ends_at.date():
        begin = datetime.combine(day, NIGHT_BEGINS, starts_at.tzinfo)
        end = datetime.combine(day + timedelta(1), NIGHT_ENDS, starts_at.tzinfo)
        worked += max(min(end, ends_at) - max(begin, starts_at), timedelta())
        day += timedelta(1)
    return worked >= LEAST_NIGHT


def left_out(policy: Policy, shift: Shift, now: datetime) -> LeftOut | None:
    """Return why the policy leaves a shift out, None where it may be called off."""
    if policy.own_first and not shift.own_asked:
        return LeftOut.OWN_FIRST
    if not _hired_for(policy.times, shift):
        return LeftOut.TIMES
    if shift.starts_at < now + policy.lead_hours * HOUR:
        return LeftOut.LEAD_TIME
    if policy.max_price is not None:
        if shift.price is None:
            return LeftOut.NO_PRICE
        if shift.price > policy.max_price:
            return LeftOut.MAX_PRICE
    return None


def _hired_for(times: Times, shift: Shift) -> bool:
    weekend = is_weekend(shift.starts_at, shift.ends_at)
    night = is_night(shift.starts_at, shift.ends_at)
    return {
        Times.ALL: True,
        Times.WEEKENDS: weekend,
        Times.NIGHTS: night,
        Times.WEEKENDS_NIGHTS: weekend or night,
    }[times]


@dataclass(frozen=True, slots=True)
class Preview:
    """What shifts are expected to cost: SEK without VAT, hours of all people, and shifts without a price."""

    cost: Decimal
    hours: Decimal
    people: int
    unpriced: int


def preview(shifts: Iterable[Shift]) -> Preview:
    """Return the sums of shifts; what has no price is counted, and costs nothing in the sum."""
    chosen = list(shifts)
    return Preview(
        sum((shift.cost or Decimal(0) for shift in chosen), Decimal(0)),
        sum((shift.hours * shift.people for shift in chosen), Decimal(0)),
        sum(shift.people for shift in chosen),
        sum(shift.price is None for shift in chosen),
    )


class Step(StrEnum):
    """What a call-off that has been sent needs next."""

    FILLED = "filled"
    WAIT = "wait"
    ASK = "ask"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Asked:
    """A supplier who has been asked: until when, and whether every line has an answer from it."""

    deadline: datetime
    answered: bool = False


def next_step(asked: Sequence[Asked], missing: int, suppliers_left: int, now: datetime) -> Step:
    """Return what happens: the next supplier is asked when all before have answered or let time pass.

    `missing` counts people that nobody has offered; `suppliers_left` those who have not been asked.
    """
    if missing <= 0:
        return Step.FILLED
    if any(not one.answered and one.deadline > now for one in asked):
        return Step.WAIT
    return Step.ASK if suppliers_left else Step.EXHAUSTED


@dataclass(frozen=True, slots=True)
class Figures:
    """Lead time in hours (the median), and shares of people: confirmed of asked, within of confirmed.

    None where there is nothing to count.
    """

    asked: int
    confirmed: int
    within: int
    lead_hours: Decimal | None

    @property
    def fill_rate(self) -> Decimal | None:
        """Share of the people asked for who were confirmed."""
        return Decimal(self.confirmed) / self.asked if self.asked else None

    @property
    def within_share(self) -> Decimal | None:
        """Share of the confirmed people who cost what the agreement says, or less."""
        return Decimal(self.within) / self.confirmed if self.confirmed else None


class Outside(StrEnum):
    """Why an offer is not within the agreement; NONE where it is."""

    NONE = ""
    NO_PRICE = "no_price"
    ABOVE = "above"


def judge_offer(price: Decimal, agreed: Decimal | None) -> Outside:
    """Return whether an offered price is within the agreement: at most the supplier's own price there."""
    if agreed is None:
        return Outside.NO_PRICE
    return Outside.ABOVE if price > agreed else Outside.NONE
