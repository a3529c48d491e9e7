"""What the modules say of their own health, tenant by tenant, for the operator; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import text

from samplan.core import Core
from samplan.i18n import _, _l
from samplan.modules.contributions import Check, Text
from samplan.modules.manager import Module
from samplan.tenancy.context import TenantContext, tenant_scope

log = structlog.get_logger(__name__)

LONGEST_CHECK = "5s"  # the operator's page must not wait for one slow query


@dataclass(frozen=True, slots=True)
class ModuleCheck:
    """One check of one module in one tenant."""

    module: str
    title: Text
    tenant: TenantContext
    check: Check


def module_health(core: Core, tenants: list[TenantContext] | None = None) -> list[ModuleCheck]:
    """Return the checks of every enabled module that has some, for `tenants` (all unless given).

    Each module is asked in a transaction of its own, which is rolled back. One that fails to answer is not
    well, and keeps nobody else from answering.
    """
    return [
        ModuleCheck(module.name, module.title, tenant, check)
        for tenant in (core.tenants.all() if tenants is None else tenants)
        for module in core.modules
        if module.name in tenant.enabled_modules
        for check in _checks(core, module, tenant)
    ]


def _checks(core: Core, module: Module, tenant: TenantContext) -> list[Check]:
    session = core.database.tenant_session(tenant.id, member_of=tenant.member_of)
    try:
        session.execute(text(f"SET LOCAL statement_timeout = '{LONGEST_CHECK}'"))
        with tenant_scope(tenant):
            return list(core.modules.call(module.name, "samplan_health", session=session) or ())
    except Exception as error:
        # Whatever is wrong with one module is what the operator came to read; it must not hide the others.
        log.exception("module_health_failed", module=module.name, tenant=tenant.slug)
        detail = _("It could not answer (%(kind)s); the log says why.", kind=type(error).__name__)
        return [Check(_l("The module answers"), ok=False, detail=detail)]
    finally:
        session.rollback()
        session.close()
