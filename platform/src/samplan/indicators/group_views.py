"""What the pages of a management group's tenant show of its members."""

from __future__ import annotations

from samplan.access.policy import can
from samplan.indicators.declarations import READ
from samplan.indicators.group import Overview, overview
from samplan.tenancy.context import current_tenant
from samplan.web.locale import choose_locale
from samplan.web.request import current_core, maybe_principal


def group_overview() -> Overview | None:
    """Return what the members have published; None for a region, and for who may not see indicators."""
    tenant, core = current_tenant(), current_core()
    if tenant.group_id is None or not can(maybe_principal(), READ):
        return None
    # The group's own session would see no region: published rows show in a session of the group alone.
    with core.database.group_session(tenant.group_id) as session:
        return overview(session, tenant.group_id, core.modules, choose_locale())
