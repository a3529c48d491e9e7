"""The hooks of a Samplan plugin.

A hook returns declarations and is called once, on one plugin at a time, while the application is built;
the core keeps what it gets under the plugin's name. `samplan_models`, `samplan_migrations` and
`samplan_permissions` are required, all others optional. What is not documented here is not part of the
plugin API. (`samplan_reference_data`, `samplan_demo`, `samplan_data_export`, `samplan_data_erase` and
`samplan_health` do work instead, in a session of one tenant.)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

from samplan.modules.contributions import (
    AuditWords,
    Card,
    Check,
    DemoSeed,
    ErasureReport,
    EventSpec,
    ExportPart,
    IndicatorSpec,
    JobType,
    MigrationBranch,
    ModelSet,
    NavItem,
    Offer,
    Permission,
    RetentionPolicy,
    RoleTemplate,
    Schedule,
    SubjectRef,
    TemplateGlobal,
)

if TYPE_CHECKING:
    import click
    from flask import Blueprint
    from flask_smorest import Blueprint as ApiBlueprint

    from samplan.db.session import TenantSession
    from samplan.modules.module_settings import ModuleSettings
    from samplan.tenancy.context import TenantContext

PROJECT = "samplan"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

REQUIRED = ("samplan_models", "samplan_migrations", "samplan_permissions")


class SamplanHooks:
    """The specification; a plugin implements any of these as methods of its plugin object."""

    # --- data ---
    @hookspec
    def samplan_models(self) -> ModelSet:  # type: ignore[empty-body]
        """Return the plugin's mapped classes, all in the schema named as the module."""

    @hookspec
    def samplan_migrations(self) -> MigrationBranch:  # type: ignore[empty-body]
        """Return the plugin's branch of Alembic migrations."""

    @hookspec
    def samplan_reference_data(self, session: TenantSession, tenant: TenantContext) -> None:
        """Write the rows that a tenant needs the moment the module is enabled; must be idempotent."""

    # --- web ---
    @hookspec
    def samplan_blueprints(self) -> Iterable[Blueprint]:  # type: ignore[empty-body]
        """Return the HTML blueprints; the core mounts them at `/t/<tenant>/<module>`."""

    @hookspec
    def samplan_api_blueprints(self) -> Iterable[ApiBlueprint]:  # type: ignore[empty-body]
        """Return the API blueprints; the core mounts them at `/api/v1/t/<tenant>/<module>`."""

    @hookspec
    def samplan_nav(self) -> Iterable[NavItem]:  # type: ignore[empty-body]
        """Return the links of the navigation."""

    @hookspec
    def samplan_dashboard_cards(self) -> Iterable[Card]:  # type: ignore[empty-body]
        """Return the cards of the start page."""

    @hookspec
    def samplan_template_globals(self) -> Iterable[TemplateGlobal]:  # type: ignore[empty-body]
        """Return functions for templates; the core prefixes their names with the module's."""

    # --- access ---
    @hookspec
    def samplan_permissions(self) -> Iterable[Permission]:  # type: ignore[empty-body]
        """Return every permission that the plugin's routes and jobs name."""

    @hookspec
    def samplan_role_templates(self) -> Iterable[RoleTemplate]:  # type: ignore[empty-body]
        """Return suggested bundles of permissions, by the keys of the core's roles or new ones."""

    @hookspec
    def samplan_audit_words(self) -> AuditWords | None:
        """Return what the actions, things and fields in the audit trail are called."""

    # --- work ---
    @hookspec
    def samplan_jobs(self) -> Iterable[JobType]:  # type: ignore[empty-body]
        """Return the kinds of background work."""

    @hookspec
    def samplan_schedules(self) -> Iterable[Schedule]:  # type: ignore[empty-body]
        """Return the jobs to request at given times for each tenant that has the module enabled."""

    @hookspec
    def samplan_events(self) -> Iterable[EventSpec]:  # type: ignore[empty-body]
        """Return what happens in the plugin that other systems and people may be told of."""

    # --- comparison ---
    @hookspec
    def samplan_indicators(self) -> Iterable[IndicatorSpec]:  # type: ignore[empty-body]
        """Return the figures that the plugin can compute, or that are entered by hand."""

    @hookspec
    def samplan_offers(self) -> Iterable[Offer]:  # type: ignore[empty-body, type-arg]
        """Return the typed read interfaces that other plugins may ask for."""

    # --- operations ---
    @hookspec
    def samplan_cli(self) -> click.Group | None:
        """Return the command group; it is mounted under its own name."""

    @hookspec
    def samplan_settings(self) -> type[ModuleSettings] | None:
        """Return the class of the module's settings per tenant; it is rendered as a form."""

    @hookspec
    def samplan_demo(self, seed: DemoSeed) -> None:
        """Fill a demo tenant with invented data, the same for the same seed; must be idempotent."""

    @hookspec
    def samplan_data_export(  # type: ignore[empty-body]
        self, session: TenantSession, subject: SubjectRef
    ) -> Iterable[ExportPart]:
        """Return what the plugin keeps about a person."""

    @hookspec
    def samplan_data_erase(  # type: ignore[empty-body]
        self, session: TenantSession, policy: RetentionPolicy
    ) -> ErasureReport:
        """Erase, or count in a dry run, what the policy names."""

    @hookspec
    def samplan_health(self, session: TenantSession) -> Iterable[Check]:  # type: ignore[empty-body]
        """Return checks for the operator's page."""
