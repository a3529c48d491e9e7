"""The operator's page: what is installed, whether it is well, and no tenant's contents."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template

from samplan.access.policy import operator_only
from samplan.health import readiness
from samplan.i18n import _l
from samplan.modules.contributions import Text
from samplan.modules.health import module_health
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core

# what /readyz calls by short names, in words
READINESS: Mapping[str, Text] = {
    "database": _l("PostgreSQL answers"),
    "role": _l("The database's role can pass by no tenant's protection"),
    "migrations": _l("The database is migrated"),
    "catalogue": _l("Every table is protected"),
    "redis": _l("Redis answers"),
}


@core_pages.get("/operator/")
@operator_only
def operator() -> str:
    """Show the tenants with their modules, and whether the service and each module is well."""
    core = current_core()
    tenants = core.tenants.all()
    ready, checks = readiness(core)
    return render_template(
        "core/operator.html",
        tenants=tenants,
        titles={module.name: module.title for module in core.modules},
        ready=ready,
        checks=[(READINESS.get(str(check.name), check.name), check) for check in checks],
        module_checks=module_health(core, tenants),
    )
