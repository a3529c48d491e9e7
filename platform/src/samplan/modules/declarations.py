"""What the area of modules declares."""

from __future__ import annotations

from samplan.i18n import _l
from samplan.modules.contributions import NavItem, Permission, RoleTemplate

READ = "core:module:read"
MANAGE = "core:module:manage"

PERMISSIONS = (
    Permission(READ, _l("See which modules are switched on")),
    Permission(MANAGE, _l("Switch modules on and off and change their settings"), sensitive=True),
)

ROLES = (
    RoleTemplate("administrator", _l("Administrator"), frozenset({READ, MANAGE})),
    RoleTemplate("controller", _l("Controller"), frozenset({READ})),
    RoleTemplate("production_director", _l("Production director"), frozenset({READ})),
)

NAV = (NavItem("core.modules", _l("Modules"), READ, order=20, icon="puzzle"),)
