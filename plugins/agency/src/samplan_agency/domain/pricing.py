"""What an hour costs by agreement: the price that holds for a supplier, level, place, time of day and date.

Nothing is known here of any agreement: prices and zones are given. A supplier's own price goes before one
that holds for all suppliers of the agreement, and among those the one that began to hold last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from samplan_agency.domain.time_classes import CLOCK_CLASSES, ORDINARY


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPrice:
    """An hour's price in SEK without VAT, on the dates (inclusive) of both itself and its agreement."""

    id: UUID
    agreement: str
    agreement_name: str
    supplier_id: UUID | None
    level: str
    zone: int
    time_class: str
    per_hour: Decimal
    valid_from: date
    valid_to: date | None
    source: str
    confirmed: bool

    def holds_on(self, day: date) -> bool:
        """Tell whether it is the price on a date."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be priced. The zone is told, or found by the municipality of the place of work."""

    supplier_id: UUID | None
    level: str
    time_class: str
    day: date
    zone: int | None = None
    municipality: str | None = None


class Rule(StrEnum):
    """What made a price the one that holds."""

    SUPPLIER = "supplier"
    AGREEMENT = "agreement"


class ZoneRule(StrEnum):
    """Where the zone comes from."""

    TOLD = "told"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True)
class Found:
    """The price that holds, and by which rules it was found."""

    price: AgreedPrice
    rule: Rule
    zone_rule: ZoneRule


class PriceBook:
    """Prices, with the zone of each municipality by the agreement's reference and the municipality's code."""

    def __init__(self, prices: Iterable[AgreedPrice], zones: Mapping[tuple[str, str], int]) -> None:
        self._zones = zones
        self._prices: dict[tuple[str, str, UUID | None], list[AgreedPrice]] = defaultdict(list)
        for price in prices:
            self._prices[folded(price.level), price.time_class, price.supplier_id].append(price)

    def find(self, question: Question) -> Found | None:
        """Return the price that holds; None where no agreement says one."""
        fitting = [price for price in self._holding(question) if price.zone == self._zone(question, price)]
        if not fitting:
            return None
        best = max(fitting, key=_rank)
        return Found(
            best,
            Rule.AGREEMENT if best.supplier_id is None else Rule.SUPPLIER,
            ZoneRule.MUNICIPALITY if question.zone is None else ZoneRule.TOLD,
        )

    def hour(self, question: Question) -> Found | None:
        """Return the price of an hour: that of an ordinary one where its time of day has none of its own."""
        found = self.find(question)
        if found is None and question.time_class in CLOCK_CLASSES:
            return self.find(replace(question, time_class=ORDINARY))
        return found

    def by_zone(self, question: Question) -> dict[int, Decimal]:
        """Return what the hour costs in each zone."""
        found: dict[int, AgreedPrice] = {}
        for price in sorted(self._holding(question), key=_rank):
            found[price.zone] = price
        return {zone: price.per_hour for zone, price in found.items()}

    def has_zone(self, municipality: str) -> bool:
        """Tell whether any agreement says in which zone a municipality is."""
        return any(code == municipality for _, code in self._zones)

    def _holding(self, question: Question) -> list[AgreedPrice]:
        level = folded(question.level)
        return [
            price
            for supplier_id in {None, question.supplier_id}
            for price in self._prices.get((level, question.time_class, supplier_id), ())
            if price.holds_on(question.day)
        ]

    def _zone(self, question: Question, price: AgreedPrice) -> int | None:
        if question.zone is not None or question.municipality is None:
            return question.zone
        return self._zones.get((price.agreement, question.municipality))


def folded(text: str) -> str:
    """Return a name as it is compared: without case and with single spaces."""
    return " ".join(text.split()).casefold()


def _rank(price: AgreedPrice) -> tuple[bool, date, str, UUID]:
    return price.supplier_id is not None, price.valid_from, price.agreement, price.id
