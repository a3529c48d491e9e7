"""What the audit area declares: its permission, who gets it at first, and its link."""

from __future__ import annotations

from samplan.i18n import _l
from samplan.modules.contributions import NavItem, Permission, RoleTemplate

READ = "core:audit:read"

PERMISSIONS = (Permission(READ, _l("Read and export the audit trail"), sensitive=True),)

ROLES = (RoleTemplate("administrator", _l("Administrator"), frozenset({READ})),)

NAV = (NavItem("core.audit", _l("Audit trail"), READ, order=90, icon="history"),)
