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
    where = municipalities(session)
    units = session.scalars(select(OrgUnit).where(OrgUnit.active).order_by(OrgUnit.name))
    return {unit.id: Place(unit.id, unit.code, unit.name, where[unit.id]) for unit in units}


def municipalities(session: TenantSession) -> dict[UUID, str | None]:
    """Return each unit's municipality: the code of its site, or of the nearest unit's above that has one."""
    query = select(OrgUnit.id, OrgUnit.parent_id, Site.municipality_code).outerjoin(
        Site, Site.id == OrgUnit.site_id
    )
    units = {unit_id: (parent, code) for unit_id, parent, code in session.execute(query)}
    found: dict[UUID, str | None] = {}
    for unit_id in units:
        at: UUID | None = unit_id
        code = None
        while at in units and not code:
            at, code = units[at]
        found[unit_id] = code or None
    return found
