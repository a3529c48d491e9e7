"""The module's plugin object: what it is called and what it contributes; what is heavy is imported lazily."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from samplan import plugin_api as api
from samplan.plugin_api import _l, hookimpl
from samplan_agency import audit_words, declarations, events, measure_events, params, permissions

if TYPE_CHECKING:
    import click
    from flask import Blueprint


class AgencyPlugin:
    """Hired staff: what hired staff cost, why, and the way to independence."""

    name, core_api = "agency", "0.1"
    title = _l("Hired staff")
    description = _l("What hired staff cost, why, and the way to independence.")

    @hookimpl
    def samplan_models(self) -> api.ModelSet:
        """Return the mapped classes."""
        from samplan_agency.models import ALL

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
        from samplan_agency.web import blueprint

        return [blueprint]

    @hookimpl
    def samplan_nav(self) -> Iterable[api.NavItem]:
        """Return the link of the navigation."""
        return declarations.NAV

    @hookimpl
    def samplan_dashboard_cards(self) -> Iterable[api.Card]:
        """Return the cards of the start page."""
        return declarations.CARDS

    @hookimpl
    def samplan_template_globals(self) -> Iterable[api.TemplateGlobal]:
        """Return the functions that the templates call `agency_…`."""
        from samplan_agency.web import formats
        from samplan_agency.web.sections import sections

        return [api.TemplateGlobal(call.__name__, call) for call in (*formats.FUNCTIONS, sections)]

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
        """Return what members, suppliers and other systems are told of."""
        return (measure_events.REPORT_DUE, *events.EVENTS)

    @hookimpl
    def samplan_settings(self) -> type[api.ModuleSettings] | None:
        """Return the settings of a region."""
        return params.AgencySettings

    @hookimpl
    def samplan_offers(self) -> Iterable[api.Offer[api.ConfirmedShifts]]:
        """Return the shifts that suppliers have confirmed, for other plugins."""
        from samplan_agency.queries.calloff.confirmed import Confirmations

        return [api.Offer(api.ConfirmedShifts, Confirmations)]

    @hookimpl
    def samplan_indicators(self) -> Iterable[api.IndicatorSpec]:
        """Return the figures that the module computes."""
        return declarations.INDICATORS

    @hookimpl
    def samplan_demo(self, seed: api.DemoSeed) -> None:
        """Fill a demo tenant with invented costs."""
        from samplan_agency.demo import load_demo

        load_demo(seed)

    @hookimpl
    def samplan_data_export(
        self, session: api.TenantSession, subject: api.SubjectRef
    ) -> Iterable[api.ExportPart]:
        """Return what is kept about a person: what the account has kept."""
        from samplan_agency.queries.extract import export_person

        return export_person(session, subject)

    @hookimpl
    def samplan_cli(self) -> click.Group | None:
        """Return the command group `samplan agency`."""
        from samplan_agency.cli import agency

        return agency


plugin = AgencyPlugin()
