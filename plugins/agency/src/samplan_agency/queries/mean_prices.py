"""What an hour costs by agreement, by profession, zone, time of day and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import plus_months
from samplan_agency.domain.spreading import cents
from samplan_agency.domain.time_classes import CLOCK_CLASSES, ORDINARY
from samplan_agency.models import Agreement, MunicipalityZone, Price
from samplan_agency.queries.unit_tree import UnitTree, unit_tree


@dataclass(frozen=True, slots=True)
class MeanPrice:
    """The mean price per hour of a profession's levels, how many these are, and whether all are confirmed."""

    per_hour: Decimal
    levels: int
    zone: int | None
    confirmed: bool


Key: TypeAlias = tuple[str | None, str, date, str]
"""Municipality, profession, month and time of day."""


class MeanPrices:
    """The prices with their agreements, and the zones by agreement of where units work."""

    def __init__(
        self,
        prices: Iterable[tuple[Price, Agreement]],
        zones: Mapping[tuple[UUID, str], int],
        tree: UnitTree,
    ) -> None:
        self._prices: dict[tuple[str, str], list[tuple[Price, Agreement]]] = defaultdict(list)
        for price, agreement in prices:
            self._prices[price.category, price.time_class].append((price, agreement))
        self._zones, self._tree = zones, tree
        self._known: dict[Key, MeanPrice | None] = {}

    def of(
        self, unit_id: UUID | None, category: str, month: date, time_class: str = ORDINARY
    ) -> MeanPrice | None:
        """Return the price of a profession on a unit in a month; without a known zone the mean of all zones.

        Hours of a time of day without a price of its own cost as ordinary ones, as an invoice's do. None
        where no agreement that is in force has such a price in that month.
        """
        where = self._tree.municipality(unit_id)
        key = where, category, month, time_class
        if key not in self._known:
            found = self._mean(*key)
            if found is None and time_class in CLOCK_CLASSES:
                found = self._mean(where, category, month, ORDINARY)
            self._known[key] = found
        return self._known[key]

    def _mean(self, where: str | None, category: str, month: date, time_class: str) -> MeanPrice | None:
        found = []
        for price, agreement in self._prices.get((category, time_class), ()):
            zone = self._zones.get((agreement.id, where)) if where else None
            if zone in {None, price.zone} and _holds(price, month) and _holds(agreement, month):
                found.append((price, agreement, zone))
        if not found:
            return None
        zones = {zone for _price, _agreement, zone in found}
        return MeanPrice(
            cents(sum((price.per_hour for price, *_ in found), Decimal(0)) / len(found)),
            len({price.level for price, *_ in found}),
            zones.pop() if len(zones) == 1 else None,
            all(price.confirmed and agreement.confirmed for price, agreement, _zone in found),
        )


def mean_prices(session: TenantSession) -> MeanPrices:
    """Return the prices with the zones of all units."""
    prices = session.execute(select(Price, Agreement).join(Agreement, Agreement.id == Price.agreement_id))
    zones = session.execute(
        select(MunicipalityZone.agreement_id, MunicipalityZone.municipality_code, MunicipalityZone.zone)
    )
    return MeanPrices(
        [(price, agreement) for price, agreement in prices],
        {(agreement_id, code): zone for agreement_id, code, zone in zones},
        unit_tree(session),
    )


def _holds(row: Price | Agreement, month: date) -> bool:
    """Tell whether a price or an agreement holds on some day of a month."""
    return row.valid_from < plus_months(month, 1) and (row.valid_to is None or row.valid_to >= month)
