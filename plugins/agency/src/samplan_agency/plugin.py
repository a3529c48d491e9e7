"""The module's plugin object: what it is called and what it contributes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from samplan.plugin_api import (
    MigrationBranch,
    ModelSet,
    NavItem,
    Permission,
    RoleTemplate,
    _l,
    hookimpl,
)

if TYPE_CHECKING:
    from flask import Blueprint


class AgencyPlugin:
    """Hired staff: what hired staff cost, why, and the way to independence."""

    name, core_api = "agency", "0.1"
    title = _l("Hired staff")
    description = _l("What hired staff cost, why, and the way to independence.")

    @hookimpl
    def samplan_models(self) -> ModelSet:
        """Return the mapped classes."""
        from samplan_agency.models import ALL

        return ModelSet(ALL)

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        """Return the branch of migrations."""
        return MigrationBranch(self.name, Path(__file__).parent / "migrations" / "versions")

    @hookimpl
    def samplan_permissions(self) -> Iterable[Permission]:
        """Return the permissions."""
        from samplan_agency.permissions import PERMISSIONS

        return PERMISSIONS

    @hookimpl
    def samplan_role_templates(self) -> Iterable[RoleTemplate]:
        """Return what the core's roles get."""
        from samplan_agency.permissions import ROLES

        return ROLES

    @hookimpl
    def samplan_blueprints(self) -> Iterable[Blueprint]:
        """Return the HTML pages."""
        from samplan_agency.web.views import blueprint

        return [blueprint]

    @hookimpl
    def samplan_nav(self) -> Iterable[NavItem]:
        """Return the link of the navigation."""
        return [NavItem("agency.index", self.title, "agency:cost:read", 200, "group")]


plugin = AgencyPlugin()
