"""Names of units, their divisions, sectors, and suppliers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, Sector, TenantSession
from samplan_agency.models import Supplier


@dataclass(frozen=True, slots=True)
class UnitNames:
    """The region's units and the names of its sectors."""

    units: Mapping[UUID, OrgUnit]
    sectors: Mapping[UUID, str]

    def division(self, unit_id: UUID | None) -> UUID | None:
        """Return the division of a unit; where it belongs to none, what stands next below the region."""
        at = self.units.get(unit_id) if unit_id else None
        while at is not None and at.kind not in {"division", "region"}:
            above = self.units.get(at.parent_id) if at.parent_id else None
            if above is None or above.kind == "region":
                break
            at = above
        return None if at is None else at.id

    def name(self, unit_id: UUID | None) -> str | None:
        """Return the name of a unit; None where it is not known."""
        return self.units[unit_id].name if unit_id and unit_id in self.units else None


def unit_names(session: TenantSession) -> UnitNames:
    """Return the region's units and sectors."""
    units = {unit.id: unit for unit in session.scalars(select(OrgUnit).order_by(OrgUnit.code))}
    return UnitNames(units, dict(session.execute(select(Sector.id, Sector.name)).all()))


def supplier_names(session: TenantSession) -> dict[str, str]:
    """Return the suppliers' names by id as text."""
    return {str(key): name for key, name in session.execute(select(Supplier.id, Supplier.name))}
