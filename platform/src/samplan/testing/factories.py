"""Makers of rows for tests; each takes the `Database` and commits, as the code under test would."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from samplan.clock import Clock, SystemClock
from samplan.db.session import Database
from samplan.tenancy.models import GroupMember, ManagementGroup, Tenant, TenantModule

if TYPE_CHECKING:
    from samplan.core import Core
    from samplan.modules.manager import Modules


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


def add_group(
    database: Database, *, members: Iterable[Tenant] = (), slug: str = "ledningen"
) -> tuple[Tenant, UUID]:
    """Add a management group with its own tenant; gives the tenant and the group's id."""
    tenant = add_tenant(database, slug, kind="group")
    group = ManagementGroup(slug=slug, name=tenant.name, tenant_id=tenant.id)
    with database.system_session() as session:
        session.add(group)
        session.flush()
        session.add_all(GroupMember(group_id=group.id, tenant_id=member.id) for member in members)
    return tenant, group.id


def make_core(database: Database, modules: Modules, clock: Clock | None = None) -> Core:
    """Wire a core by hand: on any database, messages to workers kept in memory."""
    from samplan.core import Core
    from samplan.jobs.dispatch import InlineDispatcher
    from samplan.settings import Settings
    from samplan.tenancy.context import TenantDirectory

    return Core(
        settings=Settings("postgresql://", "unix://", "s" * 32, environment="test"),
        database=database,
        modules=modules,
        tenants=TenantDirectory(database, frozenset(module.name for module in modules)),
        dispatcher=InlineDispatcher(),
        clock=clock or SystemClock(),
    )
