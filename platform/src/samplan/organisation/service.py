"""The organisation tree, sites and inhabitants: questions and audited changes; the caller has checked who."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.db.sorting import swedish_key, swedish_sort
from samplan.db.turns import take_turn
from samplan.errors import Conflict, Invalid, NotFound
from samplan.i18n import _
from samplan.organisation.models import OrgUnit, Population, Site
from samplan.organisation.rules import Place, broken_places
from samplan.organisation.texts import broken_text


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A unit at its place in the tree; `depth` is 0 for the region."""

    unit: OrgUnit
    depth: int
    site: Site | None


@dataclass(frozen=True, slots=True)
class UnitFields:
    """What can be changed of a unit."""

    name: str
    parent_id: UUID | None
    site_id: UUID | None
    active: bool = True


@dataclass(frozen=True, slots=True)
class SiteFields:
    """What can be changed of a site; degrees are WGS 84."""

    name: str
    kind: str = "hospital"
    municipality_code: str | None = None
    municipality: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def tree(session: TenantSession) -> list[TreeRow]:
    """Return every unit, each below its parent, siblings in alphabetical order."""
    sites = {site.id: site for site in session.scalars(select(Site))}
    below: dict[UUID | None, list[OrgUnit]] = defaultdict(list)
    for unit in sorted(session.scalars(select(OrgUnit)), key=lambda unit: swedish_key(unit.name)):
        below[unit.parent_id].append(unit)
    rows: list[TreeRow] = []
    waiting = [(unit, 0) for unit in reversed(below[None])]
    while waiting:
        unit, depth = waiting.pop()
        rows.append(TreeRow(unit, depth, sites.get(unit.site_id) if unit.site_id else None))
        waiting += [(child, depth + 1) for child in reversed(below[unit.id])]
    return rows


def sites(session: TenantSession) -> list[Site]:
    """Return the sites in alphabetical order."""
    return list(session.scalars(select(Site).order_by(swedish_sort(Site.name))))


def path(session: TenantSession, unit: OrgUnit) -> list[OrgUnit]:
    """Return the units from the region down to and including `unit`."""
    steps = [unit]
    while steps[0].parent_id is not None:
        steps.insert(0, get_unit(session, steps[0].parent_id))
    return steps


def get_unit(session: TenantSession, unit_id: UUID, *, lock: bool = False) -> OrgUnit:
    """Return a unit, locked against others' changes if asked; raises `NotFound`."""
    statement = select(OrgUnit).where(OrgUnit.id == unit_id)
    unit = session.scalar(statement.with_for_update() if lock else statement)
    if unit is None:
        raise NotFound(_("There is no such unit."))
    return unit


def version_of(row: OrgUnit | Site) -> str:
    """Return a mark that changes whenever the row does, to tell whether somebody else was faster."""
    names = [column.key for column in row.__table__.columns]
    text = repr([getattr(row, name) for name in names])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fields_of(unit: OrgUnit) -> UnitFields:
    """Return what can be changed of `unit`, as it stands."""
    return UnitFields(unit.name, unit.parent_id, unit.site_id, unit.active)


def lock_tree(session: TenantSession) -> None:
    """Let nobody else change the tenant's tree until the transaction ends, since its rules span rows."""
    take_turn(session, "organisation")


def create_unit(session: TenantSession, *, kind: str, code: str, fields: UnitFields) -> OrgUnit:
    """Add a unit; raises `Conflict` for a code that is taken, `Invalid` for a wrong place."""
    lock_tree(session)
    if session.scalar(select(OrgUnit.id).where(OrgUnit.code == code)):
        raise Conflict(_("The code %(code)s is taken.", code=code))
    unit = OrgUnit(kind=kind, code=code, source=None, **asdict(fields))
    _check_place(session, unit, fields)
    session.add(unit)
    session.flush()
    record(
        session, "org_unit.created", "org_unit", unit.id, after={"kind": kind, "code": code, **asdict(fields)}
    )
    return unit


def change_unit(session: TenantSession, unit: OrgUnit, fields: UnitFields) -> bool:
    """Rename, move, take in or out of use; from now on the unit is the tenant's own, not the register's.

    Returns False when nothing differs. Raises `Invalid` for a wrong place, such as in use below a unit
    that is not.
    """
    before, after = _difference(asdict(fields_of(unit)), asdict(fields))
    if not after:
        return False
    lock_tree(session)
    _check_place(session, unit, fields)
    for name, value in after.items():
        setattr(unit, name, value)
    unit.source = None
    session.flush()
    record(session, "org_unit.updated", "org_unit", unit.id, before=before, after=after)
    return True


def _check_place(session: TenantSession, unit: OrgUnit, fields: UnitFields) -> None:
    """Refuse a place that would break the tree's rules, for the unit or for those below it."""
    if (
        fields.site_id is not None
        and session.scalar(select(Site.id).where(Site.id == fields.site_id)) is None
    ):
        raise Invalid(_("There is no such site."), {"site_id": [_("There is no such site.")]})
    others = session.scalars(select(OrgUnit).where(OrgUnit.code != unit.code)).all()
    codes = {other.id: other.code for other in others}
    if unit.id is not None:
        codes[unit.id] = unit.code
    tree_after = {
        o.code: Place(o.kind, codes.get(o.parent_id) if o.parent_id else None, o.active) for o in others
    }
    parent = codes.get(fields.parent_id, "") if fields.parent_id else None
    tree_after[unit.code] = Place(unit.kind, parent, fields.active)
    for code, broken in broken_places(tree_after):
        field = "active" if broken == "parent_inactive" else "parent_id"
        if code == unit.code:
            raise Invalid(str(broken_text(broken)), {field: [str(broken_text(broken))]})
        if tree_after[code].parent == unit.code:
            text = _("Units below it are in use; take them out of use first.")
            raise Invalid(text, {field: [text]})


def get_site(session: TenantSession, site_id: UUID, *, lock: bool = False) -> Site:
    """Return a site, locked against others' changes if asked; raises `NotFound`."""
    statement = select(Site).where(Site.id == site_id)
    site = session.scalar(statement.with_for_update() if lock else statement)
    if site is None:
        raise NotFound(_("There is no such site."))
    return site


def create_site(session: TenantSession, *, code: str, fields: SiteFields) -> Site:
    """Add a site, which the tenant vouches for; raises `Conflict` for a code that is taken."""
    if session.scalar(select(Site.id).where(Site.code == code)):
        raise Conflict(_("The code %(code)s is taken.", code=code))
    site = Site(code=code, notes={"confirmed": True}, **asdict(fields))
    session.add(site)
    session.flush()
    record(session, "site.created", "site", site.id, after={"code": code, **asdict(fields)})
    return site


def change_site(session: TenantSession, site: Site, fields: SiteFields) -> bool:
    """Change and confirm a site; returns False when it was so and confirmed already."""
    here = {name: getattr(site, name) for name in asdict(fields)}
    before, after = _difference(here, asdict(fields))
    if not after and site.notes.get("confirmed"):
        return False
    for name, value in after.items():
        setattr(site, name, value)
    site.notes = {**site.notes, "confirmed": True}
    session.flush()
    confirmed = {"confirmed": True}
    record(session, "site.updated", "site", site.id, before=before, after={**after, **confirmed})
    return True


def set_population(session: TenantSession, *, year: int, inhabitants: int, source: str) -> Population:
    """Set the inhabitants on 31 December of a year, which the tenant vouches for."""
    row = session.scalar(select(Population).where(Population.year == year).with_for_update())
    after = {"inhabitants": inhabitants, "source": source, "confirmed": True}
    before = None if row is None else {name: getattr(row, name) for name in after}
    if row is None:
        row = Population(year=year, **after)
        session.add(row)
    for name, value in after.items():
        setattr(row, name, value)
    session.flush()
    if before != after:
        action = "population.created" if before is None else "population.updated"
        record(session, action, "population", year, before=before, after=after)
    return row


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both sides of what differs."""
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}
