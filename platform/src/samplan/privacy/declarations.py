"""What this area declares: its permissions, who gets them at first, and its link."""

from __future__ import annotations

from samplan.i18n import _l
from samplan.modules.contributions import NavItem, Permission, RoleTemplate

EXPORT = "core:personal_data:export"
ERASE = "core:personal_data:erase"

PERMISSIONS = (
    Permission(EXPORT, _l("Take out all that is kept about a person"), sensitive=True),
    Permission(ERASE, _l("Erase what is kept about a person"), sensitive=True),
)

ROLES = (RoleTemplate("administrator", _l("Administrator"), frozenset({EXPORT, ERASE})),)

NAV = (NavItem("core.personal_data", _l("Personal data"), EXPORT, order=95, icon="person"),)
