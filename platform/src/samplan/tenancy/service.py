"""Bringing the tenants to what their files say: shown first, then applied and audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from samplan.access.service import ensure_roles
from samplan.audit.context import SYSTEM, acting_as
from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.errors import Conflict
from samplan.ids import new_id
from samplan.modules.lifecycle import disable_module, enable_module, set_settings
from samplan.modules.manager import CORE
from samplan.organisation.models import OrgUnit, Population, Profession, Sector, Site
from samplan.tenancy.config import TenantConfig
from samplan.tenancy.context import TenantContext
from samplan.tenancy.differences import Change, differences
from samplan.tenancy.models import GroupMember, ManagementGroup, Tenant
from samplan.tenancy.state import load_modules, load_state

if TYPE_CHECKING:
    from samplan.core import Core


def plan(core: Core, configs: Sequence[TenantConfig]) -> list[Change]:
    """Return what `apply_config` would do; writes nothing."""
    changes: list[Change] = []
    for config in configs:
        # For a tenant that is not there yet: a session of nobody, in which every table is empty.
        with core.database.unit_of_work(_id_of(core, config.slug) or new_id()) as session:
            changes += differences(config, load_state(session))
    return changes


def apply_config(core: Core, configs: Sequence[TenantConfig], *, demo: bool = False) -> list[Change]:
    """Create and change what the files ask for; each tenant in a transaction and an audit trail of its own.

    Args:
        core: of this process.
        configs: as `load_configs` returns them, management groups before their members.
        demo: new tenants are marked as holding examples only.

    Returns:
        what was done, in order; nothing when all was so already.
    """
    done: list[Change] = []
    for config in configs:
        tenant_id = _id_of(core, config.slug) or new_id()
        with acting_as(SYSTEM), core.database.unit_of_work(tenant_id) as session:
            changes = differences(config, load_state(session))
            applier = _Applier(core, session, config, demo)
            for change in changes:
                applier.apply(change)
        core.tenants.forget(tenant_id)
        done += changes
    return done


def _id_of(core: Core, slug: str) -> UUID | None:
    with core.database.system_session() as session:
        return session.scalar(select(Tenant.id).where(Tenant.slug == slug))


@dataclass(frozen=True, slots=True)
class _Applier:
    """Makes the changes of one tenant, each recorded in the tenant's own trail."""

    core: Core
    session: TenantSession
    config: TenantConfig
    demo: bool

    def apply(self, change: Change) -> None:
        """Make one change."""
        if change.object_type == "module":
            self._module(change)
            return
        getattr(self, f"_{change.object_type}")(change)
        self.session.flush()
        record(
            self.session,
            f"{change.object_type}.{change.action}",
            change.object_type,
            change.key,
            before=change.before,
            after=change.after,
        )

    def _tenant(self, change: Change) -> None:
        session = self.session
        if change.before is None:
            tenant = Tenant(id=session.tenant_id, slug=change.key, demo=self.demo, **change.after)
            session.add(tenant)
            session.flush()
            ensure_roles(session, self.core.modules.get(CORE).roles)
        else:
            tenant = session.get_one(Tenant, session.tenant_id)
            for name, value in change.after.items():
                setattr(tenant, name, value)

    def _management_group(self, change: Change) -> None:
        tenant_id = self.session.tenant_id
        group = self.session.scalar(select(ManagementGroup).where(ManagementGroup.tenant_id == tenant_id))
        if group is None:
            self.session.add(ManagementGroup(slug=change.key, tenant_id=tenant_id, **change.after))
        else:
            group.name = change.after["name"]

    def _group_member(self, change: Change) -> None:
        group = self.session.scalar(select(ManagementGroup.id).where(ManagementGroup.slug == change.key))
        if group is None:
            raise Conflict(f"there is no management group {change.key}")
        self.session.add(GroupMember(group_id=group, tenant_id=self.session.tenant_id))

    def _profession(self, change: Change) -> None:
        self.session.add(Profession(code=change.key, **change.after))

    def _sector(self, change: Change) -> None:
        self.session.add(Sector(code=change.key, **change.after))

    def _site(self, change: Change) -> None:
        self._upsert(Site, Site.code == change.key, {"code": change.key, **change.after}, change)

    def _org_unit(self, change: Change) -> None:
        values = dict(change.after)
        if "parent" in values:
            values["parent_id"] = self._id(OrgUnit, values.pop("parent"))
        if "site" in values:
            values["site_id"] = self._id(Site, values.pop("site"))
        self._upsert(OrgUnit, OrgUnit.code == change.key, {"code": change.key, **values}, change)

    def _population(self, change: Change) -> None:
        year = int(change.key)
        self._upsert(Population, Population.year == year, {"year": year, **change.after}, change)

    def _module(self, change: Change) -> None:
        if not change.after["enabled"]:
            disable_module(self.core, self.session, change.key)
            return
        enable_module(self.core, self.session, self._context(), change.key)
        if "settings" in change.after:
            set_settings(self.core, self.session, change.key, change.after["settings"])

    def _upsert(self, kind: type[Any], where: Any, values: dict[str, Any], change: Change) -> None:
        if change.before is None:
            self.session.add(kind(**values))
            return
        row = self.session.scalars(select(kind).where(where)).one()
        for name, value in values.items():
            setattr(row, name, value)

    def _id(self, kind: type[OrgUnit | Site], code: str | None) -> UUID | None:
        return self.session.scalar(select(kind.id).where(kind.code == code)) if code else None

    def _context(self) -> TenantContext:
        """Return the tenant as plugins see it while their reference data are written."""
        tenant = self.session.get_one(Tenant, self.session.tenant_id)
        modules = load_modules(self.session)
        return TenantContext(
            id=tenant.id,
            slug=tenant.slug,
            name=tenant.name,
            kind=tenant.kind,
            locale=tenant.locale,
            timezone=tenant.timezone,
            county_code=tenant.county_code,
            demo=tenant.demo,
            enabled_modules=frozenset({CORE, *(name for name, row in modules.items() if row.enabled)}),
            settings_version=tenant.settings_version,
        )
