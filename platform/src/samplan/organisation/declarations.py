"""What the area of the organisation declares."""

from __future__ import annotations

from samplan.i18n import _l
from samplan.modules.contributions import NavItem, Permission, RoleTemplate

READ = "core:organisation:read"
WRITE = "core:organisation:write"

PERMISSIONS = (
    Permission(READ, _l("See units, sites, professions and inhabitants")),
    Permission(WRITE, _l("Change units, sites, professions and inhabitants, and import them")),
)

_READERS = (
    ("scheduler", _l("Scheduler")),
    ("ward_manager", _l("Ward manager")),
    ("staffing_coordinator", _l("Staffing coordinator")),
    ("controller", _l("Controller")),
    ("laboratory_head", _l("Head of laboratory medicine")),
    ("production_director", _l("Production director")),
    ("board_secretary", _l("Board secretary")),
    ("viewer", _l("Viewer")),
)
ROLES = (
    RoleTemplate("administrator", _l("Administrator"), frozenset({READ, WRITE})),
    *(RoleTemplate(key, label, frozenset({READ})) for key, label in _READERS),
)

NAV = (NavItem("core.organisation", _l("Organisation"), READ, order=15, icon="building"),)
