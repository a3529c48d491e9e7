"""Units as places of work: name, and the municipality that decides the price zone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, Site, TenantSession


@dataclass(frozen=True, slots=True)
class Place:
    """A unit; `municipality` is the code of its site's, or of the nearest unit's above that has a site."""

    id: UUID
    code: str
    name: str
    municipality: str | None


def places(session: TenantSession) -> dict[UUID, Place]:
    """Return every unit in use as a place of work."""
    units = {unit.id: unit for unit in session.scalars(select(OrgUnit).order_by(OrgUnit.name))}
    sites = dict(session.execute(select(Site.id, Site.municipality_code)).all())

    def municipality(unit: OrgUnit | None) -> str | None:
        while unit is not None:
            if unit.site_id is not None and sites.get(unit.site_id):
                return sites[unit.site_id]
            unit = units.get(unit.parent_id) if unit.parent_id else None
        return None

    return {
        unit.id: Place(unit.id, unit.code, unit.name, municipality(unit))
        for unit in units.values()
        if unit.active
    }
