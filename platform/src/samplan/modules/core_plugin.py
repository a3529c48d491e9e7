"""The core's own features, declared like a plugin's: module `core`, on for every tenant."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samplan.i18n import _l
from samplan.modules.contributions import (
    AuditWords,
    Card,
    Check,
    ErasureReport,
    EventSpec,
    ExportPart,
    IndicatorSpec,
    JobType,
    MigrationBranch,
    ModelSet,
    NavItem,
    Permission,
    RetentionPolicy,
    RoleTemplate,
    Schedule,
    SubjectRef,
)
from samplan.modules.hookspecs import hookimpl

if TYPE_CHECKING:
    from samplan.db.session import TenantSession
    from samplan.modules.module_settings import ModuleSettings

AREAS = (
    "access",
    "identity",
    "audit",
    "modules",
    "jobs",
    "organisation",
    "indicators",
    "exchange",
    "privacy",
    "notices",
)


class CorePlugin:
    """What every tenant has: people, roles, audit, modules, jobs, organisation and indicators."""

    name, core_api = "core", "0.1"
    title = _l("Core")
    description = _l("People, roles, audit trail, modules, jobs, organisation and indicators.")

    @hookimpl
    def samplan_models(self) -> ModelSet:
        """Return the mapped classes of every area."""
        from samplan.db.base import Base
        from samplan.db.migrate import load_core_models

        load_core_models()
        classes = (mapper.class_ for mapper in Base.registry.mappers)
        return ModelSet(tuple(cls for cls in classes if cls.__table__.schema == "core"))

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        """Return the core's branch, on which all others build."""
        path = Path(__file__).parents[1] / "db" / "migrations" / "versions"
        return MigrationBranch("core", path, depends_on=())

    @hookimpl
    def samplan_permissions(self) -> Iterable[Permission]:
        """Return the permissions of every area."""
        return _declared("PERMISSIONS")

    @hookimpl
    def samplan_role_templates(self) -> Iterable[RoleTemplate]:
        """Return the role templates of every area."""
        return _declared("ROLES")

    @hookimpl
    def samplan_nav(self) -> Iterable[NavItem]:
        """Return the navigation of every area."""
        return _declared("NAV")

    @hookimpl
    def samplan_dashboard_cards(self) -> Iterable[Card]:
        """Return the cards of every area."""
        return _declared("CARDS")

    @hookimpl
    def samplan_audit_words(self) -> AuditWords:
        """Return what the core's entries in the audit trail are called."""
        from samplan.audit.words import WORDS

        return WORDS

    @hookimpl
    def samplan_jobs(self) -> Iterable[JobType]:
        """Return the jobs of every area."""
        return _declared("JOBS")

    @hookimpl
    def samplan_schedules(self) -> Iterable[Schedule]:
        """Return the schedules of every area."""
        return _declared("SCHEDULES")

    @hookimpl
    def samplan_events(self) -> Iterable[EventSpec]:
        """Return the events of every area."""
        return _declared("EVENTS")

    @hookimpl
    def samplan_indicators(self) -> Iterable[IndicatorSpec]:
        """Return the indicators of every area."""
        return _declared("INDICATORS")

    @hookimpl
    def samplan_health(self, session: TenantSession) -> Iterable[Check]:
        """Return whether the tenant's runs are worked off."""
        from samplan.jobs.health import waiting_runs

        return [waiting_runs(session)]

    @hookimpl
    def samplan_data_export(self, session: TenantSession, subject: SubjectRef) -> Iterable[ExportPart]:
        """Return a member's place in the tenant, keys and entries in the audit trail."""
        from samplan.privacy.own import export_member

        return export_member(session, subject)

    @hookimpl
    def samplan_data_erase(self, session: TenantSession, policy: RetentionPolicy) -> ErasureReport:
        """Take a member's name, address, roles and keys away; the audit trail stays whole."""
        from samplan.privacy.own import erase_member

        return erase_member(session, policy)

    @hookimpl
    def samplan_settings(self) -> type[ModuleSettings] | None:
        """Return None: the core has no settings per tenant yet."""
        return None


def _declared(what: str) -> list[Any]:
    """Return what the areas' `declarations` modules say under the constant `what`."""
    found: list[Any] = []
    for area in AREAS:
        name = f"samplan.{area}.declarations"
        if find_spec(name) is not None:
            found += getattr(import_module(name), what, ())
    return found
