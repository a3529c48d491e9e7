"""What an hour costs by agreement, by profession, zone and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, Site, TenantSession
from samplan_agency.domain.months import plus_months
from samplan_agency.domain.spreading import cents
from samplan_agency.models import MunicipalityZone, Price


@dataclass(frozen=True, slots=True)
class MeanPrice:
    """The mean price per hour of a profession's levels, how many these are, and whether all are confirmed."""

    per_hour: Decimal
    levels: int
    zone: int | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class MeanPrices:
    """The prices of ordinary hours that are in force, and the zones of units by where they work."""

    prices: Sequence[Price]
    zones: Mapping[UUID, int]

    def of(self, unit_id: UUID | None, category: str, month: date) -> MeanPrice | None:
        """Return the price of a profession on a unit in a month; without a known zone the mean of all zones.

        None where the agreement has no such price in that month.
        """
        zone = self.zones.get(unit_id) if unit_id else None
        last = plus_months(month, 1)
        found = [
            price
            for price in self.prices
            if price.category == category
            and price.valid_from < last
            and (price.valid_to is None or price.valid_to >= month)
            and (zone is None or price.zone == zone)
        ]
        if not found:
            return None
        mean = cents(sum((price.per_hour for price in found), Decimal(0)) / len(found))
        return MeanPrice(
            mean, len({price.level for price in found}), zone, all(price.confirmed for price in found)
        )


def mean_prices(session: TenantSession) -> MeanPrices:
    """Return the prices of ordinary hours with the zones of all units."""
    prices = session.scalars(select(Price).where(Price.time_class == "ordinary")).all()
    return MeanPrices(prices, _zones(session))


def _zones(session: TenantSession) -> dict[UUID, int]:
    by_municipality: dict[str | None, int] = dict(
        session.execute(select(MunicipalityZone.municipality_code, MunicipalityZone.zone)).all()
    )
    if not by_municipality:
        return {}
    query = select(OrgUnit.id, OrgUnit.parent_id, Site.municipality_code).outerjoin(
        Site, Site.id == OrgUnit.site_id
    )
    units = {unit_id: (parent, code) for unit_id, parent, code in session.execute(query)}
    zones: dict[UUID, int] = {}
    for unit_id in units:
        at: UUID | None = unit_id
        while at is not None:
            parent, code = units[at]
            if code in by_municipality:
                zones[unit_id] = by_municipality[code]
                break
            at = parent
    return zones
