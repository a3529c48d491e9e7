"""The modules of this deployment: find the plugins, check their contract, keep what they contribute."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from samplan import __version__
from samplan.errors import ContractError, NotFound
from samplan.modules import hookspecs
from samplan.modules.contributions import (
    AuditWords,
    Card,
    EventSpec,
    IndicatorSpec,
    JobType,
    MigrationBranch,
    ModelSet,
    NavItem,
    Offer,
    Permission,
    RoleTemplate,
    Schedule,
    TemplateGlobal,
    Text,
)

if TYPE_CHECKING:
    import click
    from flask import Blueprint
    from flask_smorest import Blueprint as ApiBlueprint

    from samplan.db.session import TenantSession
    from samplan.modules.module_settings import ModuleSettings

T = TypeVar("T")

ENTRY_POINTS = "samplan.plugins"
CORE = "core"


@dataclass(frozen=True, slots=True)
class Module:
    """One plugin and everything it declares, stamped with its name."""

    name: str
    title: Text
    description: Text
    plugin: Any
    models: ModelSet
    migrations: MigrationBranch
    permissions: tuple[Permission, ...]
    roles: tuple[RoleTemplate, ...] = ()
    nav: tuple[NavItem, ...] = ()
    cards: tuple[Card, ...] = ()
    template_globals: tuple[TemplateGlobal, ...] = ()
    jobs: tuple[JobType, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    events: tuple[EventSpec, ...] = ()
    indicators: tuple[IndicatorSpec, ...] = ()
    offers: tuple[Offer[Any], ...] = ()
    settings: type[ModuleSettings] | None = None
    audit_words: AuditWords | None = None


@dataclass(slots=True)
class Modules:
    """The plugin manager of one application; nothing is global."""

    pm: pluggy.PluginManager
    installed: dict[str, Module] = field(default_factory=dict)
    enabled: frozenset[str] = frozenset()

    @classmethod
    def load(cls, plugins: Iterable[Any] | None = None, deployed: Iterable[str] | None = None) -> Modules:
        """Register `plugins` (default: every installed entry point) and check them all.

        `deployed` names the modules that this deployment offers (default: all that are installed).
        Raises `ContractError` with every fault at once.
        """
        pm = pluggy.PluginManager(hookspecs.PROJECT)
        pm.add_hookspecs(hookspecs.SamplanHooks)
        modules = cls(pm)
        faults: list[str] = []
        from samplan.modules.core_plugin import CorePlugin

        for plugin in (CorePlugin(), *(plugins if plugins is not None else installed_plugins())):
            faults += modules._register(plugin)
        wanted = frozenset(deployed) | {CORE} if deployed is not None else frozenset(modules.installed)
        faults += [f"module {name} is not installed" for name in sorted(wanted - set(modules.installed))]
        faults += _double_offers(modules.installed.values())
        if faults:
            raise ContractError("the plugins break their contract:\n  " + "\n  ".join(faults))
        modules.enabled = wanted
        return modules

    def __iter__(self) -> Iterator[Module]:
        """Iterate over the modules that this deployment offers: the core, then the others by name."""
        return iter(
            sorted(
                (module for module in self.installed.values() if module.name in self.enabled),
                key=lambda module: (module.name != CORE, module.name),
            )
        )

    def get(self, name: str) -> Module:
        """Return a module that this deployment offers; raises `NotFound`."""
        if name not in self.enabled:
            raise NotFound(f"no module {name}")
        return self.installed[name]

    def job(self, name: str) -> JobType:
        """Return the kind of job with this name; raises `NotFound`."""
        for module in self:
            for job in module.jobs:
                if job.name == name:
                    return job
        raise NotFound(f"no kind of job {name}")

    def permissions(self) -> dict[str, Permission]:
        """Return every declared permission by name."""
        return {permission.name: permission for module in self for permission in module.permissions}

    def role_templates(self) -> dict[str, RoleTemplate]:
        """Return the role templates by key, each with the permissions that all modules give it."""
        joined: dict[str, RoleTemplate] = {}
        for role in (role for module in self for role in module.roles):
            known = joined.get(role.key, role)
            joined[role.key] = RoleTemplate(role.key, known.label, known.permissions | role.permissions)
        return joined

    def indicators(self) -> dict[str, IndicatorSpec]:
        """Return every declared indicator by name."""
        return {spec.name: spec for module in self for spec in module.indicators}

    def events(self) -> dict[str, EventSpec]:
        """Return every declared event by name."""
        return {spec.name: spec for module in self for spec in module.events}

    def offer(self, protocol: type[Any], enabled: Container[str]) -> Offer[Any] | None:
        """Return the offer of `protocol` by one of the tenant's `enabled` modules, or None."""
        for module in self:
            for offer in module.offers:
                if offer.protocol is protocol and module.name in enabled:
                    return offer
        return None

    def find(self, protocol: type[T], session: TenantSession, enabled: Container[str]) -> T | None:
        """Return what another part offers as `protocol` to the session's tenant, or None.

        None means that no part offers it, or that the tenant has not `enabled` the one that does.
        """
        offer = self.offer(protocol, enabled)
        found: T | None = offer.factory(session) if offer is not None else None
        return found

    def call(self, name: str, hook: str, **arguments: Any) -> Any:
        """Call one plugin's hook and return its answer, or None when it does not implement it."""
        others = [p for n, p in self.pm.list_name_plugin() if n != name]
        answers = self.pm.subset_hook_caller(hook, remove_plugins=others)(**arguments)
        return answers[0] if answers else None

    def blueprints(self, name: str) -> list[Blueprint]:
        """Return a module's HTML blueprints (a fresh import, asked for once per application)."""
        return list(self.call(name, "samplan_blueprints") or [])

    def api_blueprints(self, name: str) -> list[ApiBlueprint]:
        """Return a module's API blueprints."""
        return list(self.call(name, "samplan_api_blueprints") or [])

    def cli(self, name: str) -> click.Group | None:
        """Return a module's command group."""
        group: click.Group | None = self.call(name, "samplan_cli")
        return group

    def _register(self, plugin: Any) -> list[str]:
        """Register one plugin and keep its module; returns the faults of its contract."""
        name = getattr(plugin, "name", None)
        if not name or not str(name).isidentifier():
            return [f"{plugin!r} has no valid name"]
        if not __version__.startswith(f"{getattr(plugin, 'core_api', '?')}."):
            return [f"{name}: made for core API {getattr(plugin, 'core_api', None)}, this is {__version__}"]
        self.pm.register(plugin, name=name)
        try:
            self.pm.check_pending()
        except pluggy.PluginValidationError as error:
            return [f"{name}: {error}"]
        missing = [hook for hook in hookspecs.REQUIRED if not hasattr(plugin, hook)]
        if missing:
            return [f"{name}: does not implement {hook}" for hook in missing]
        module = self._collect(str(name), plugin)
        self.installed[module.name] = module
        from samplan.modules.contract import contract_faults

        return contract_faults(module)

    def _collect(self, name: str, plugin: Any) -> Module:
        def many(hook: str) -> tuple[Any, ...]:
            return tuple(self.call(name, hook) or ())

        return Module(
            name=name,
            title=plugin.title,
            description=getattr(plugin, "description", ""),
            plugin=plugin,
            models=self.call(name, "samplan_models"),
            migrations=self.call(name, "samplan_migrations"),
            permissions=many("samplan_permissions"),
            roles=many("samplan_role_templates"),
            nav=many("samplan_nav"),
            cards=many("samplan_dashboard_cards"),
            template_globals=many("samplan_template_globals"),
            jobs=many("samplan_jobs"),
            schedules=many("samplan_schedules"),
            events=many("samplan_events"),
            indicators=many("samplan_indicators"),
            offers=many("samplan_offers"),
            settings=self.call(name, "samplan_settings"),
            audit_words=self.call(name, "samplan_audit_words"),
        )


def _double_offers(modules: Iterable[Module]) -> list[str]:
    """Return a fault for each protocol that several modules offer: who asks could not tell whose it gets."""
    offering: dict[type[Any], list[str]] = {}
    for module in modules:
        for offer in module.offers:
            offering.setdefault(offer.protocol, []).append(module.name)
    return [
        f"{protocol.__name__} is offered by {' and '.join(names)}: only one may"
        for protocol, names in offering.items()
        if len(names) > 1
    ]


def installed_plugins() -> list[Any]:
    """Return the plugin objects of every installed distribution, by name."""
    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name)
    return [entry.load() for entry in found]
