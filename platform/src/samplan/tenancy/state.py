"""What the database holds of a tenant, in the terms of its file."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from samplan.db.session import TenantSession
from samplan.organisation.models import OrgUnit, Population, Profession, Sector, Site
from samplan.tenancy.differences import TENANT_FIELDS, ModuleRow, TenantState
from samplan.tenancy.models import GroupMember, ManagementGroup, Tenant, TenantModule

_SITE_FIELDS = ("name", "kind", "municipality_code", "municipality", "latitude", "longitude", "notes")
_POPULATION_FIELDS = ("inhabitants", "source", "confirmed")


def load_state(session: TenantSession) -> TenantState:
    """Return the state of the session's tenant; empty when there is no such tenant yet."""
    tenant = session.get(Tenant, session.tenant_id)
    if tenant is None:
        return TenantState()
    group = session.scalar(select(ManagementGroup).where(ManagementGroup.tenant_id == tenant.id))
    joined = select(ManagementGroup.slug).join(GroupMember).where(GroupMember.tenant_id == tenant.id)
    return TenantState(
        tenant=_values(tenant, (*TENANT_FIELDS, "kind")),
        group={"name": group.name} if group else None,
        groups=frozenset(session.scalars(joined)),
        modules=load_modules(session),
        sites={site.code: _values(site, _SITE_FIELDS) for site in session.scalars(select(Site))},
        units=_units(session),
        population={
            row.year: _values(row, _POPULATION_FIELDS) for row in session.scalars(select(Population))
        },
        professions=frozenset(session.scalars(select(Profession.code))),
        sectors=frozenset(session.scalars(select(Sector.code))),
    )


def load_modules(session: TenantSession) -> dict[str, ModuleRow]:
    """Return the modules that the session's tenant has switched on or off, by name."""
    rows = session.scalars(select(TenantModule))
    return {row.module: ModuleRow(row.enabled, decided=row.enabled_by is not None) for row in rows}


def _units(session: TenantSession) -> dict[str, dict[str, Any]]:
    """Return the units by code, with their parents and sites by code too."""
    units = session.scalars(select(OrgUnit)).all()
    codes = {unit.id: unit.code for unit in units}
    sites = dict(session.execute(select(Site.id, Site.code)).all())
    return {
        unit.code: {
            "kind": unit.kind,
            "name": unit.name,
            "parent": codes[unit.parent_id] if unit.parent_id else None,
            "site": sites[unit.site_id] if unit.site_id else None,
            "source": unit.source,
        }
        for unit in units
    }


def _values(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
