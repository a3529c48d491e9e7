"""The module's plugin object: what it is called and what it contributes; what is heavy is imported lazily."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samplan import plugin_api as api
from samplan.plugin_api import _l, hookimpl
from samplan_rostering import audit_words, declarations, events, params, permissions

if TYPE_CHECKING:
    import click
    from flask import Blueprint
    from flask_smorest import Blueprint as ApiBlueprint


class RosteringPlugin:
    """Rostering: builds duty rosters from requirements, contracts, wishes and working-time rules."""

    name, core_api = "rostering", "0.1"
    title = _l("Rostering")
    description = _l("Rosters from requirements, contracts, wishes and working-time rules, optimised.")

    @hookimpl
    def samplan_models(self) -> api.ModelSet:
        """Return the mapped classes."""
        from samplan_rostering.models import ALL

        return api.ModelSet(ALL)

    @hookimpl
    def samplan_migrations(self) -> api.MigrationBranch:
        """Return the branch of migrations."""
        return api.MigrationBranch(self.name, Path(__file__).parent / "migrations" / "versions")

    @hookimpl
    def samplan_permissions(self) -> Iterable[api.Permission]:
        """Return the permissions."""
        return permissions.PERMISSIONS

    @hookimpl
    def samplan_role_templates(self) -> Iterable[api.RoleTemplate]:
        """Return what the core's roles get."""
        return permissions.ROLES

    @hookimpl
    def samplan_blueprints(self) -> Iterable[Blueprint]:
        """Return the HTML pages."""
        from samplan_rostering.web import blueprint

        return [blueprint]

    @hookimpl
    def samplan_api_blueprints(self) -> Iterable[ApiBlueprint]:
        """Return the API."""
        from samplan_rostering.api import (
            comparisons,
            edits,
            explanations,
            own,
            publications,
            scenarios,
            views,
        )

        modules = (views, explanations, own, edits, publications, scenarios, comparisons)
        return [module.blueprint for module in modules]

    @hookimpl
    def samplan_nav(self) -> Iterable[api.NavItem]:
        """Return the link of the navigation."""
        return declarations.NAV

    @hookimpl
    def samplan_dashboard_cards(self) -> Iterable[api.Card]:
        """Return the card of the start page."""
        return declarations.CARDS

    @hookimpl
    def samplan_template_globals(self) -> Iterable[api.TemplateGlobal]:
        """Return the functions that the templates call `rostering_…`."""
        from samplan_rostering.web import formats
        from samplan_rostering.web.periods.next_step import next_steps
        from samplan_rostering.web.rosters.proposals import packed, packed_news
        from samplan_rostering.web.sections import sections
        from samplan_rostering.web.setup.sections import ward_sections

        calls: tuple[Callable[..., Any], ...] = (
            *formats.FUNCTIONS,
            next_steps,
            packed,
            packed_news,
            sections,
            ward_sections,
        )
        return [api.TemplateGlobal(call.__name__, call) for call in calls]

    @hookimpl
    def samplan_audit_words(self) -> api.AuditWords:
        """Return what the audit trail calls what happens here."""
        return audit_words.WORDS

    @hookimpl
    def samplan_jobs(self) -> Iterable[api.JobType]:
        """Return the background work."""
        return declarations.JOBS

    @hookimpl
    def samplan_schedules(self) -> Iterable[api.Schedule]:
        """Return the background work that is asked for by itself."""
        return declarations.SCHEDULES

    @hookimpl
    def samplan_events(self) -> Iterable[api.EventSpec]:
        """Return what other systems and employees are told of."""
        return events.EVENTS

    @hookimpl
    def samplan_offers(self) -> Iterable[api.Offer[Any]]:
        """Return shifts to be called off, and what hired staff is rostered for and has worked."""
        from samplan_rostering.queries.hired.calloff import OpenGaps
        from samplan_rostering.queries.hired.hours import HoursOfHired
        from samplan_rostering.queries.hired.worked import WorkedByHired

        return [
            api.Offer(api.StaffingGaps, OpenGaps),
            api.Offer(api.RosteredHours, HoursOfHired),
            api.Offer(api.WorkedHiredShifts, WorkedByHired),
        ]

    @hookimpl
    def samplan_indicators(self) -> Iterable[api.IndicatorSpec]:
        """Return the figures that the module computes."""
        return declarations.INDICATORS

    @hookimpl
    def samplan_settings(self) -> type[api.ModuleSettings] | None:
        """Return the settings of a region."""
        return params.RosteringSettings

    @hookimpl
    def samplan_cli(self) -> click.Group | None:
        """Return the command group `samplan rostering`."""
        from samplan_rostering.cli import rostering

        return rostering

    @hookimpl
    def samplan_demo(self, seed: api.DemoSeed) -> None:
        """Fill a demo tenant with the demo ward."""
        from samplan_rostering.demo import load_demo

        load_demo(seed)

    @hookimpl
    def samplan_data_export(
        self, session: api.TenantSession, subject: api.SubjectRef
    ) -> Iterable[api.ExportPart]:
        """Return what is kept about an employee."""
        from samplan_rostering.queries.extract.person import export_person

        return export_person(session, subject)

    @hookimpl
    def samplan_data_erase(
        self, session: api.TenantSession, policy: api.RetentionPolicy
    ) -> api.ErasureReport:
        """Make an employee anonymous, with the rosters kept."""
        from samplan_rostering.services.erasure.person import erase_person

        return erase_person(session, policy)


plugin = RosteringPlugin()
