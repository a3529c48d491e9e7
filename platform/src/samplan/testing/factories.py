"""Makers of rows for tests; each takes the `Database` and commits, as the code under test would."""

from __future__ import annotations

from collections.abc import Iterable

from samplan.db.session import Database
from samplan.tenancy.models import Tenant, TenantModule


def add_tenant(
    database: Database, slug: str = "provregionen", *, kind: str = "region", modules: Iterable[str] = ()
) -> Tenant:
    """Add a tenant of the demo kind with some modules enabled."""
    tenant = Tenant(slug=slug, name=slug.replace("-", " ").title(), kind=kind, demo=True)
    with database.system_session() as session:
        session.add(tenant)
    with database.unit_of_work(tenant.id) as session:
        session.add_all(TenantModule(tenant_id=tenant.id, module=module) for module in modules)
    return tenant
