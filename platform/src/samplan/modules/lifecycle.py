"""Switching a tenant's modules on and off, and their settings; the caller has checked the permission."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select, update

from samplan.access.service import ensure_roles
from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.errors import Invalid, NotFound
from samplan.i18n import _
from samplan.modules.manager import CORE, Module, Modules
from samplan.tenancy.models import Tenant, TenantModule

if TYPE_CHECKING:
    from samplan.core import Core
    from samplan.tenancy.context import TenantContext


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A module that the deployment offers, and whether the tenant uses it."""

    module: Module
    enabled: bool
    enabled_at: datetime | None


def module_states(modules: Modules, session: TenantSession) -> list[ModuleState]:
    """Return every module but the core with its state for the session's tenant, by name."""
    rows = {row.module: row for row in session.scalars(select(TenantModule))}
    states = []
    for module in modules:
        row = rows.get(module.name)
        if module.name != CORE:
            enabled = row is not None and row.enabled
            states.append(ModuleState(module, enabled, row.enabled_at if row and enabled else None))
    return states


def enable_module(
    core: Core, session: TenantSession, tenant: TenantContext, name: str, *, by: UUID | None = None
) -> bool:
    """Switch a module on, with its reference data and the permissions of its role templates.

    Args:
        core: of this process.
        session: the tenant's; everything happens in its transaction.
        tenant: as it was before.
        name: of a module that the deployment offers.
        by: the account that asks for it, None for the register of tenants.

    Returns:
        False when it was on already; then nothing is done.

    Raises:
        NotFound: when the deployment does not offer the module.
    """
    module = _optional(core.modules, name)
    row = _row(session, name)
    if row is not None and row.enabled:
        return False
    if row is None:
        row = TenantModule(tenant_id=session.tenant_id, module=name, settings={})
        session.add(row)
    row.enabled, row.enabled_at, row.enabled_by = True, core.clock.now(), by
    session.flush()
    after = replace(tenant, enabled_modules=tenant.enabled_modules | {name})
    core.modules.call(name, "samplan_reference_data", session=session, tenant=after)
    ensure_roles(session, module.roles)
    record(session, "module.enabled", "module", name)
    _changed(core, session)
    return True


def disable_module(core: Core, session: TenantSession, name: str, *, by: UUID | None = None) -> bool:
    """Switch a module off: hidden, and nothing new is started; its data stay.

    Returns False when it was off already. `by` as for `enable_module`.
    """
    _optional(core.modules, name)
    row = _row(session, name)
    if row is None or not row.enabled:
        return False
    row.enabled, row.enabled_by = False, by
    record(session, "module.disabled", "module", name)
    _changed(core, session)
    return True


def set_settings(core: Core, session: TenantSession, name: str, values: Mapping[str, Any]) -> bool:
    """Replace the tenant's settings of a module; what `values` leaves out takes the module's default.

    Returns:
        False when they were so already.

    Raises:
        NotFound: the module has no settings, or the tenant has never used it.
        Invalid: with messages per field.
    """
    kind = _optional(core.modules, name).settings
    row = _row(session, name)
    if kind is None or row is None:
        raise NotFound(_("The module has no settings."))
    dumped = kind().dump(kind.load_strict(values))
    # As text, a decimal number keeps its digits and is read back as it was.
    new = json.loads(json.dumps({key: dumped[key] for key in values}, default=str))
    before = dict(row.settings)
    if new == before:
        return False
    row.settings = new
    changed = [key for key in {**before, **new} if before.get(key) != new.get(key)]
    record(
        session,
        "module.settings_changed",
        "module",
        name,
        before={key: before[key] for key in changed if key in before},
        after={key: new[key] for key in changed if key in new},
    )
    _changed(core, session)
    return True


def settings_of(modules: Modules, session: TenantSession, name: str) -> dict[str, Any]:
    """Return the tenant's settings of a module, typed, with the module's defaults filled in."""
    kind = modules.get(name).settings
    row = _row(session, name)
    return kind.load_strict(row.settings if row else {}) if kind else {}


def _row(session: TenantSession, name: str) -> TenantModule | None:
    return session.scalar(select(TenantModule).where(TenantModule.module == name))


def _optional(modules: Modules, name: str) -> Module:
    if name == CORE:
        raise Invalid(_("The core is always on."))
    return modules.get(name)


def _changed(core: Core, session: TenantSession) -> None:
    """Count the change, so that kept copies are known to be old, and drop this process's own."""
    tenant_id = session.tenant_id
    version = (
        update(Tenant).where(Tenant.id == tenant_id).values(settings_version=Tenant.settings_version + 1)
    )
    session.execute(version, execution_options={"synchronize_session": False})
    session.on_commit(lambda: core.tenants.forget(tenant_id))
