"""The units of the region as a tree: read at once, walked in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, Site, TenantSession


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the region; `municipality` is the code of its own site's."""

    id: UUID
    parent_id: UUID | None
    kind: str
    code: str
    name: str
    active: bool = True
    municipality: str | None = None


class UnitTree:
    """The region's units by id, in the order in which they were given."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: Mapping[UUID, Unit] = {unit.id: unit for unit in units}

    @cached_property
    def region(self) -> UUID | None:
        """The unit that all others stand below."""
        return next((unit.id for unit in self.units.values() if unit.parent_id is None), None)

    @cached_property
    def divisions(self) -> Mapping[UUID, Unit]:
        """The divisions; where the tree has none, the units right below the region stand for them."""
        found = {unit.id: unit for unit in self.units.values() if unit.kind == "division"}
        return found or {
            unit.id: unit for unit in self.units.values() if unit.parent_id and unit.parent_id == self.region
        }

    @property
    def division_names(self) -> dict[UUID, str]:
        """The names of the divisions by id, in order."""
        return {key: unit.name for key, unit in self.divisions.items()}

    @property
    def in_use(self) -> list[Unit]:
        """The units that are in use."""
        return [unit for unit in self.units.values() if unit.active]

    def line(self, unit_id: UUID | None) -> Iterator[Unit]:
        """Yield a unit and those above it, the nearest first; nothing for one that is not known."""
        while unit_id is not None and unit_id in self.units:
            yield self.units[unit_id]
            unit_id = self.units[unit_id].parent_id

    def rows(self) -> list[tuple[int, Unit]]:
        """Return every unit with its depth below the region, each after the one that it belongs to."""
        below: dict[UUID | None, list[Unit]] = {}
        for unit in self.units.values():
            below.setdefault(unit.parent_id, []).append(unit)
        found = []
        waiting = [(0, unit) for unit in reversed(below.get(None, []))]
        while waiting:
            depth, unit = waiting.pop()
            found.append((depth, unit))
            waiting += [(depth + 1, each) for each in reversed(below.get(unit.id, []))]
        return found

    def below(self, *units: UUID) -> frozenset[UUID]:
        """Return these units with all below them."""
        wanted = frozenset(units)
        return wanted | {unit for unit, line in self._lines.items() if not wanted.isdisjoint(line)}

    @cached_property
    def _lines(self) -> Mapping[UUID, Sequence[UUID]]:
        """Each unit with the ids of its line: measures by the dozen ask for what stands below a unit."""
        return {unit: [each.id for each in self.line(unit)] for unit in self.units}

    def step(self, unit_id: UUID | None, above: UUID | None = None) -> UUID | None:
        """Return which of the units right below `above`, or below the region, a unit belongs to.

        `above` itself is its own step; what does not stand below it has none.
        """
        top, step = above or self.region, unit_id
        for unit in self.line(unit_id):
            if unit.id == top:
                return step
            step = unit.id
        return None

    def division(self, unit_id: UUID | None) -> UUID | None:
        """Return the division of a unit; None for what stands above or beside them."""
        return next((unit.id for unit in self.line(unit_id) if unit.id in self.divisions), None)

    def municipality(self, unit_id: UUID | None) -> str | None:
        """Return the municipality where a unit works: its own, or that of the nearest above that has one."""
        return next((unit.municipality for unit in self.line(unit_id) if unit.municipality), None)

    def name(self, unit_id: UUID | None) -> str | None:
        """Return the name of a unit; None for one that is not known."""
        return next((unit.name for unit in self.line(unit_id)), None)

    def code(self, unit_id: UUID | None) -> str | None:
        """Return the code of a unit; None for one that is not known."""
        return next((unit.code for unit in self.line(unit_id)), None)


def unit_tree(session: TenantSession) -> UnitTree:
    """Return the tenant's units, siblings in the order of their names."""
    columns = OrgUnit.id, OrgUnit.parent_id, OrgUnit.kind, OrgUnit.code, OrgUnit.name, OrgUnit.active
    rows = session.execute(
        select(*columns, Site.municipality_code)
        .outerjoin(Site, Site.id == OrgUnit.site_id)
        .order_by(OrgUnit.name)
    )
    return UnitTree(Unit(*row) for row in rows)
