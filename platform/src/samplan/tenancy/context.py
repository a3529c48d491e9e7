"""Who a request or a job is for: the tenant, resolved once and kept in a context variable."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.db.session import Database
from samplan.errors import NotFound, TenantContextMissing
from samplan.modules.manager import CORE
from samplan.tenancy.models import GroupMember, ManagementGroup, Tenant, TenantModule

CACHE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class TenantContext:
    """What the core knows of a tenant without opening its rows.

    `group_id` is the management group whose own tenant this is; `member_of` the group it belongs to.
    """

    id: UUID
    slug: str
    name: str
    kind: str
    locale: str
    timezone: str
    county_code: str | None
    demo: bool
    enabled_modules: frozenset[str]
    settings_version: int
    group_id: UUID | None = None
    member_of: UUID | None = None


_current: ContextVar[TenantContext | None] = ContextVar("samplan_tenant", default=None)


def current_tenant() -> TenantContext:
    """Return the tenant of this request or job; raises `TenantContextMissing` outside one."""
    context = _current.get()
    if context is None:
        raise TenantContextMissing("no tenant in this context")
    return context


@contextmanager
def tenant_scope(context: TenantContext) -> Iterator[TenantContext]:
    """Make `context` the current tenant for the block (threads do not inherit it: pass it on)."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


class TenantDirectory:
    """Resolves tenants by slug or id; answers are kept for at most 30 seconds in this process.

    Enabling or disabling a module calls `forget`; other processes learn of it when their copy is old,
    and `request_run` asks the database again, so that a disabled module starts nothing.
    """

    def __init__(self, database: Database, installed: frozenset[str]) -> None:
        """Resolve against `database`; only `installed` modules can be enabled."""
        self._database = database
        self._installed = installed
        self._kept: dict[str | UUID, tuple[float, TenantContext]] = {}

    def by_slug(self, slug: str) -> TenantContext:
        """Return the tenant with this slug; raises `NotFound`."""
        return self._resolve(slug)

    def by_id(self, tenant_id: UUID) -> TenantContext:
        """Return the tenant with this id; raises `NotFound`."""
        return self._resolve(tenant_id)

    def forget(self, tenant_id: UUID) -> None:
        """Drop what is kept of a tenant, because it has changed."""
        self._kept = {key: kept for key, kept in self._kept.items() if kept[1].id != tenant_id}

    def all(self) -> list[TenantContext]:
        """Return every tenant, fresh, ordered by slug."""
        with self._database.system_session() as session:
            ids = session.scalars(select(Tenant.id).order_by(Tenant.slug)).all()
        return [self.fresh(tenant_id) for tenant_id in ids]

    def with_module(self, module: str) -> list[TenantContext]:
        """Return the tenants that have `module` enabled."""
        return [context for context in self.all() if module in context.enabled_modules]

    def fresh(self, key: str | UUID) -> TenantContext:
        """Return the tenant as the database has it now; raises `NotFound`."""
        context = self._load(key)
        self._kept[context.slug] = self._kept[context.id] = (time.monotonic(), context)
        return context

    def _resolve(self, key: str | UUID) -> TenantContext:
        kept = self._kept.get(key)
        if kept and time.monotonic() - kept[0] < CACHE_SECONDS:
            return kept[1]
        return self.fresh(key)

    def _load(self, key: str | UUID) -> TenantContext:
        column = Tenant.slug if isinstance(key, str) else Tenant.id
        with self._database.system_session() as session:
            tenant = session.scalar(select(Tenant).where(column == key))
            if tenant is None:
                raise NotFound("no such tenant")
            own = session.scalar(select(ManagementGroup.id).where(ManagementGroup.tenant_id == tenant.id))
            member = session.scalar(
                select(GroupMember.group_id).where(GroupMember.tenant_id == tenant.id).limit(1)
            )
        with self._database.unit_of_work(tenant.id) as tenant_session:
            modules = tenant_session.scalars(select(TenantModule.module).where(TenantModule.enabled)).all()
        return TenantContext(
            id=tenant.id,
            slug=tenant.slug,
            name=tenant.name,
            kind=tenant.kind,
            locale=tenant.locale,
            timezone=tenant.timezone,
            county_code=tenant.county_code,
            demo=tenant.demo,
            enabled_modules=self._installed & {CORE, *modules},
            settings_version=tenant.settings_version,
            group_id=own,
            member_of=member,
        )
