"""What an hour costs by agreement, by profession, zone, time of day and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import func, select

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
    """The prices with their agreements, and the zones by agreement of where units work.

    Prices are read by profession and time of day when they are first asked for: there are thousands.
    """

    def __init__(self, session: TenantSession, zones: Mapping[tuple[UUID, str], int], tree: UnitTree) -> None:
        self._session = session
        self._prices: dict[tuple[str, str], list[_Held]] = {}
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
        for price in self._held(category, time_class):
            zone = self._zones.get((price.agreement_id, where)) if where else None
            if zone in {None, price.zone} and price.holds(month):
                found.append((price, zone))
        if not found:
            return None
        zones = {zone for _price, zone in found}
        return MeanPrice(
            cents(sum((price.per_hour for price, _zone in found), Decimal(0)) / len(found)),
            len({price.level for price, _zone in found}),
            zones.pop() if len(zones) == 1 else None,
            all(price.confirmed for price, _zone in found),
        )

    def _held(self, category: str, time_class: str) -> list[_Held]:
        key = category, time_class
        if key not in self._prices:
            rows = self._session.execute(
                select(
                    Price.agreement_id,
                    Price.level,
                    Price.zone,
                    Price.per_hour,
                    Price.confirmed & Agreement.confirmed,
                    func.greatest(Price.valid_from, Agreement.valid_from),
                    func.least(Price.valid_to, Agreement.valid_to),
                )
                .join(Agreement, Agreement.id == Price.agreement_id)
                .where(Price.category == category, Price.time_class == time_class)
            )
            self._prices[key] = [_Held(*row) for row in rows]
        return self._prices[key]


@dataclass(frozen=True, slots=True)
class _Held:
    """A price on the dates of both itself and its agreement; confirmed where both are."""

    agreement_id: UUID
    level: str
    zone: int
    per_hour: Decimal
    confirmed: bool
    valid_from: date
    valid_to: date | None

    def holds(self, month: date) -> bool:
        """Tell whether it and its agreement hold on some day of a month."""
        return self.valid_from < plus_months(month, 1) and (self.valid_to is None or self.valid_to >= month)


def mean_prices(session: TenantSession) -> MeanPrices:
    """Return the prices with the zones of all units."""
    zones = session.execute(
        select(MunicipalityZone.agreement_id, MunicipalityZone.municipality_code, MunicipalityZone.zone)
    )
    return MeanPrices(
        session,
        {(agreement_id, code): zone for agreement_id, code, zone in zones},
        unit_tree(session),
    )
