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


class FragileAreasPlugin:
    """Fragile care areas: care areas at risk, from gross list to followed-up action plan."""

    name, core_api = "fragile_areas", "0.1"
    title = _l("Fragile care areas")
    description = _l("Care areas at risk, from gross list to followed-up action plan.")

    @hookimpl
    def samplan_models(self) -> ModelSet:
        """Return the mapped classes."""
        from samplan_fragile_areas.models import ALL

        return ModelSet(ALL)

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        """Return the branch of migrations."""
        return MigrationBranch(self.name, Path(__file__).parent / "migrations" / "versions")

    @hookimpl
    def samplan_permissions(self) -> Iterable[Permission]:
        """Return the permissions."""
        from samplan_fragile_areas.permissions import PERMISSIONS

        return PERMISSIONS

    @hookimpl
    def samplan_role_templates(self) -> Iterable[RoleTemplate]:
        """Return what the core's roles get."""
        from samplan_fragile_areas.permissions import ROLES

        return ROLES

    @hookimpl
    def samplan_blueprints(self) -> Iterable[Blueprint]:
        """Return the HTML pages."""
        from samplan_fragile_areas.web.views import blueprint

        return [blueprint]

    @hookimpl
    def samplan_nav(self) -> Iterable[NavItem]:
        """Return the link of the navigation."""
        return [NavItem("fragile_areas.index", self.title, "fragile_areas:area:read", 400, "heart")]


plugin = FragileAreasPlugin()
