"""What it takes to bring a tenant to what its file says, and no more; pure, so that a dry run is honest.

The file says what a tenant starts with. What the tenant has decided since then stands: modules that a
person switched, sites and inhabitants that are confirmed, units without a source of ours. Nothing is
ever removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from samplan.errors import Conflict
from samplan.organisation.reference import PROFESSIONS, SECTORS
from samplan.tenancy.config import TenantConfig

TENANT_FIELDS = ("name", "county_code", "organisation_number", "locale", "timezone", "notes")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module as the tenant has it; `decided` when a person switched it last."""

    enabled: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class TenantState:
    """What the database holds of a tenant, by the keys of its file; all empty when it is new."""

    tenant: Values | None = None
    group: Values | None = None
    groups: frozenset[str] = frozenset()
    modules: Mapping[str, ModuleRow] = field(default_factory=dict)
    sites: Mapping[str, Values] = field(default_factory=dict)
    units: Mapping[str, Values] = field(default_factory=dict)
    population: Mapping[int, Values] = field(default_factory=dict)
    professions: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to create or to change: `before` is None for a new one; only what differs is listed."""

    tenant: str
    object_type: str
    key: str
    before: Values | None
    after: Values

    @property
    def action(self) -> str:
        """Return `created` or `updated`."""
        return "created" if self.before is None else "updated"

    def __str__(self) -> str:
        sign = "+" if self.before is None else "~"
        told = ", ".join(f"{name}: {self._told(name)}" for name in self.after)
        return f"{sign} {self.tenant}: {self.object_type} {self.key} ({told})"

    def _told(self, name: str) -> str:
        new = self.after[name]
        return f"{new}" if self.before is None else f"{self.before.get(name)} → {new}"


def differences(config: TenantConfig, state: TenantState) -> list[Change]:
    """Return the changes in the order in which they can be made; raises `Conflict` for another kind."""
    return [
        Change(config.slug, object_type, str(key), before, after)
        for object_type, key, before, after in _found(config, state)
        if after
    ]


_Found = Iterator[tuple[str, str | int, Values | None, Values]]


def _found(config: TenantConfig, state: TenantState) -> _Found:
    yield from _register(config, state)
    for code, name, category in PROFESSIONS:
        if code not in state.professions:
            yield "profession", code, None, {"name": name, "category": category}
    for code, name in SECTORS:
        if code not in state.sectors:
            yield "sector", code, None, {"name": name}
    for site in config.sites:
        wanted = {key: value for key, value in asdict(site).items() if key != "code"}
        here = state.sites.get(site.code)
        if here is None or not here["notes"].get("confirmed"):
            yield "site", site.code, *_changed(here, wanted)
    yield from _units(config, state)
    for row in config.population:
        wanted = {key: value for key, value in asdict(row).items() if key != "year"}
        here = state.population.get(row.year)
        if here is None or not here["confirmed"]:
            yield "population", row.year, *_changed(here, wanted)
    yield from _modules(config, state)


def _register(config: TenantConfig, state: TenantState) -> _Found:
    """Yield what the register of tenants and groups lacks."""
    wanted = {name: getattr(config, name) for name in TENANT_FIELDS}
    if state.tenant is None:
        wanted["kind"] = config.kind
    elif state.tenant["kind"] != config.kind:
        raise Conflict(f"{config.slug} is a {state.tenant['kind']}, and cannot become a {config.kind}")
    yield "tenant", config.slug, *_changed(state.tenant, wanted)
    if config.group is not None:
        yield "management_group", config.group.slug, *_changed(state.group, {"name": config.group.name})
    for slug in config.groups:
        if slug not in state.groups:
            yield "group_member", slug, None, {"group": slug}


def _units(config: TenantConfig, state: TenantState) -> _Found:
    roots = [code for code, unit in state.units.items() if unit["kind"] == "region"]
    if roots and config.units and config.units[0].code not in roots:
        return  # the tenant has a tree of its own making
    for unit in config.units:
        wanted = {key: value for key, value in asdict(unit).items() if key != "code"}
        here = state.units.get(unit.code)
        if here is None or here["source"] is not None:
            yield "org_unit", unit.code, *_changed(here, wanted)


def _modules(config: TenantConfig, state: TenantState) -> _Found:
    for name, module in config.modules.items():
        here = state.modules.get(name, ModuleRow(enabled=False, decided=False))
        if here.enabled == module.enabled or here.decided:
            continue
        before = {"enabled": here.enabled} if name in state.modules else None
        settings = {"settings": module.settings} if module.enabled and module.settings else {}
        yield "module", name, before, {"enabled": module.enabled, **settings}


def _changed(here: Values | None, wanted: Values) -> tuple[Values | None, Values]:
    """Return what stands and what should stand, where they differ."""
    if here is None:
        return None, {name: value for name, value in wanted.items() if value not in (None, {})}
    names = [name for name in wanted if here[name] != wanted[name]]
    return {name: here[name] for name in names}, {name: wanted[name] for name in names}
