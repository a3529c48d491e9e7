"""What the jobs area declares: its permissions, who gets them at first, and its link."""

from __future__ import annotations

from samplan.i18n import _l
from samplan.jobs.service import MANAGE
from samplan.modules.contributions import NavItem, Permission, RoleTemplate

READ = "core:job:read"

PERMISSIONS = (
    Permission(READ, _l("See one's own runs, stop them and try them again")),
    Permission(MANAGE, _l("See, stop and retry everybody's runs")),
)

_OWN = frozenset({READ})

ROLES = (
    RoleTemplate("administrator", _l("Administrator"), frozenset({READ, MANAGE})),
    RoleTemplate("scheduler", _l("Scheduler"), _OWN),
    RoleTemplate("ward_manager", _l("Ward manager"), _OWN),
    RoleTemplate("staffing_coordinator", _l("Staffing coordinator"), _OWN),
    RoleTemplate("controller", _l("Controller"), _OWN),
    RoleTemplate("laboratory_head", _l("Head of laboratory medicine"), _OWN),
    RoleTemplate("production_director", _l("Production director"), _OWN),
    RoleTemplate("board_secretary", _l("Board secretary"), _OWN),
)

NAV = (NavItem("core.jobs", _l("Runs"), READ, order=60, icon="tasks"),)
