"""The roles that every tenant starts with; each part of the product adds its permissions to them by key."""

from __future__ import annotations

from samplan.i18n import _l
from samplan.modules.contributions import NavItem, Permission, RoleTemplate

MEMBERS_READ = "core:member:read"
MEMBERS_MANAGE = "core:member:manage"
API_KEYS_OWN = "core:api_key:own"

PERMISSIONS = (
    Permission(MEMBERS_READ, _l("See who is a member, and with which roles")),
    Permission(MEMBERS_MANAGE, _l("Add members, give them roles and end their access"), sensitive=True),
    Permission(API_KEYS_OWN, _l("Have API keys of one's own")),
)

_EVERYBODY = frozenset({API_KEYS_OWN})
_LEADING = _EVERYBODY | {MEMBERS_READ}

ROLES = (
    RoleTemplate("administrator", _l("Administrator"), _LEADING | {MEMBERS_MANAGE}),
    RoleTemplate("scheduler", _l("Scheduler"), _EVERYBODY),
    RoleTemplate("ward_manager", _l("Ward manager"), _LEADING),
    RoleTemplate("staffing_coordinator", _l("Staffing coordinator"), _LEADING),
    RoleTemplate("employee", _l("Employee"), _EVERYBODY),
    RoleTemplate("controller", _l("Controller"), _EVERYBODY),
    RoleTemplate("laboratory_head", _l("Head of laboratory medicine"), _LEADING),
    RoleTemplate("production_director", _l("Production director"), _LEADING),
    RoleTemplate("board_secretary", _l("Board secretary"), _EVERYBODY),
    RoleTemplate("viewer", _l("Viewer"), _EVERYBODY),
    RoleTemplate("group_member", _l("Group member"), _EVERYBODY),
)

NAV = (NavItem("core.members", _l("Members"), MEMBERS_READ, order=10, icon="group"),)
