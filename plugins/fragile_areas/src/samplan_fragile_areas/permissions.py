"""The permissions of this module, and what the core's roles get of them."""

from __future__ import annotations

from enum import StrEnum

from samplan.plugin_api import Permission, RoleTemplate, _l


class Allow(StrEnum):
    """A permission by the name that routes and roles use."""

    READ = "fragile_areas:area:read"


PERMISSIONS = (Permission(Allow.READ, _l("See care areas at risk")),)

ROLES = (
    RoleTemplate("administrator", _l("Administrator"), frozenset({Allow.READ})),
    RoleTemplate("production_director", _l("Production director"), frozenset({Allow.READ})),
    RoleTemplate("board_secretary", _l("Board secretary"), frozenset({Allow.READ})),
    RoleTemplate("viewer", _l("Viewer"), frozenset({Allow.READ})),
)
