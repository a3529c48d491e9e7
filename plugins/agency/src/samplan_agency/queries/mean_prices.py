"""What an hour costs by agreement, by profession, zone and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import plus_months
from samplan_agency.domain.spreading import cents
from samplan_agency.models import Agreement, MunicipalityZone, Price
from samplan_agency.queries.places import municipalities


@dataclass(frozen=True, slots=True)
class MeanPrice:
    """The mean price per hour of a profession's levels, how many these are, and whether all are confirmed."""

    per_hour: Decimal
    levels: int
    zone: int | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class MeanPrices:
    """The prices of ordinary hours with their agreements, and the zones by agreement of where units work."""

    prices: Sequence[tuple[Price, Agreement]]
    zones: Mapping[tuple[UUID, str], int]
    municipalities: Mapping[UUID, str | None]

    def of(self, unit_id: UUID | None, category: str, month: date) -> MeanPrice | None:
        """Return the price of a profession on a unit in a month; without a known zone the mean of all zones.

        None where no agreement that is in force has such a price in that month.
        """
        where = self.municipalities.get(unit_id) if unit_id else None
        found = []
        for price, agreement in self.prices:
            zone = self.zones.get((agreement.id, where)) if where else None
            right = price.category == category and zone in {None, price.zone}
            if right and _holds(price, month) and _holds(agreement, month):
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
    """Return the prices of ordinary hours with the zones of all units."""
    prices = session.execute(
        select(Price, Agreement)
        .join(Agreement, Agreement.id == Price.agreement_id)
        .where(Price.time_class == "ordinary")
    )
    zones = session.execute(
        select(MunicipalityZone.agreement_id, MunicipalityZone.municipality_code, MunicipalityZone.zone)
    )
    return MeanPrices(
        [(price, agreement) for price, agreement in prices],
        {(agreement_id, code): zone for agreement_id, code, zone in zones},
        municipalities(session),
    )


def _holds(row: Price | Agreement, month: date) -> bool:
    """Tell whether a price or an agreement holds on some day of a month."""
    return row.valid_from < plus_months(month, 1) and (row.valid_to is None or row.valid_to >= month)
