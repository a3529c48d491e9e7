"""Which division each unit belongs to: by the tree of the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, TenantSession


@dataclass(frozen=True, slots=True)
class Divisions:
    """The divisions by name, and for each unit its division; None for what stands above or beside them."""

    names: Mapping[UUID, str]
    codes: Mapping[UUID, str]
    of: Mapping[UUID, UUID | None]


def divisions(session: TenantSession) -> Divisions:
    """Return the divisions; where the tree has none, the units just below the region stand for them."""
    units = {unit.id: unit for unit in session.scalars(select(OrgUnit).order_by(OrgUnit.name))}
    chosen = {unit.id: unit for unit in units.values() if unit.kind == "division"}
    if not chosen:
        regions = {unit.id for unit in units.values() if unit.kind == "region"}
        chosen = {unit.id: unit for unit in units.values() if unit.parent_id in regions}
    of: dict[UUID, UUID | None] = {}
    for unit_id in units:
        above: UUID | None = unit_id
        while above is not None and above not in chosen:
            above = units[above].parent_id
        of[unit_id] = above
    return Divisions(
        {key: unit.name for key, unit in chosen.items()}, {key: unit.code for key, unit in chosen.items()}, of
    )
