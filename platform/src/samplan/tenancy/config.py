"""The files that tenants are described in: `tenants/*.yaml`, as values once every fault is ruled out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samplan.errors import SamplanError
from samplan.i18n import DEFAULT_LOCALE

if TYPE_CHECKING:
    from samplan.modules.module_settings import ModuleSettings

KnownModules = Mapping[str, "type[ModuleSettings] | None"]
"""The modules of the deployment by name, each with the class of its settings."""

DEFAULT_TIMEZONE = "Europe/Stockholm"
_SITE_NOTES = ("level", "operation", "hospital_code", "source", "confirmed")


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """One thing that is wrong: in which file, where in it, what stands there, and what was expected."""

    file: str
    path: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.path}" if self.path else self.file
        found = f"{self.value} is not right; " if self.value else ""
        return f"{place}: {found}expected {self.expected}"


class ConfigFaults(SamplanError):
    """The description of the tenants cannot be used; `faults` lists everything that is wrong."""

    code, status = "tenant_config", 422

    def __init__(self, faults: list[ConfigFault]) -> None:
        """Keep the faults in the order of the files."""
        super().__init__("the description of the tenants is wrong")
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@dataclass(frozen=True, slots=True)
class ModuleConfig:
    """Whether a tenant starts with a module, and with which settings."""

    enabled: bool
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """A place where care is given; `notes` hold its level, source and certainty."""

    code: str
    name: str
    kind: str
    municipality_code: str | None
    municipality: str | None
    latitude: float | None
    longitude: float | None
    notes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UnitConfig:
    """A unit of the organisation; `parent` and `site` are codes."""

    code: str
    kind: str
    name: str
    parent: str | None
    site: str | None
    source: str


@dataclass(frozen=True, slots=True)
class PopulationConfig:
    """Inhabitants on 31 December of a year."""

    year: int
    inhabitants: int
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class GroupConfig:
    """A management group whose own rows the tenant keeps."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class TenantConfig:
    """What one file says of a tenant; units stand parents first."""

    slug: str
    name: str
    kind: str
    county_code: str | None = None
    organisation_number: str | None = None
    locale: str = DEFAULT_LOCALE
    timezone: str = DEFAULT_TIMEZONE
    notes: Mapping[str, Any] = field(default_factory=dict)
    modules: Mapping[str, ModuleConfig] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    group: GroupConfig | None = None
    population: tuple[PopulationConfig, ...] = ()
    sites: tuple[SiteConfig, ...] = ()
    units: tuple[UnitConfig, ...] = ()


def load_configs(directory: Path, known: KnownModules) -> list[TenantConfig]:
    """Return the tenants described in `directory`, those of management groups first, then by slug.

    Args:
        directory: holds one YAML file per tenant; names that begin with `_` are left out.
        known: the modules of the deployment.

    Raises:
        ConfigFaults: with every fault of every file.
    """
    from samplan.tenancy.config_check import check_directory

    documents = check_directory(directory, known)
    configs = [tenant_config(document) for document in documents]
    return sorted(configs, key=lambda config: (config.kind != "group", config.slug))


def tenant_config(document: Mapping[str, Any]) -> TenantConfig:
    """Return the value of a document that has no faults."""
    number = document.get("organisation_number")
    group = document.get("group")
    return TenantConfig(
        slug=document["slug"],
        name=document["name"],
        kind=document["kind"],
        county_code=document.get("county_code"),
        organisation_number=number["value"] if number else None,
        locale=document.get("locale", DEFAULT_LOCALE),
        timezone=document.get("timezone", DEFAULT_TIMEZONE),
        notes={"organisation_number": _without(number, "value")} if number else {},
        modules={
            name: ModuleConfig(module["enabled"], module.get("settings", {}))
            for name, module in document.get("modules", {}).items()
        },
        groups=tuple(document.get("groups", ())),
        group=GroupConfig(group["slug"], group["name"]) if group else None,
        population=tuple(PopulationConfig(**row) for row in document.get("population", ())),
        sites=tuple(_site(row) for row in document.get("sites", ())),
        units=tuple(_units(document.get("organisation"))),
    )


def _without(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def _site(row: Mapping[str, Any]) -> SiteConfig:
    return SiteConfig(
        code=row["code"],
        name=row["name"],
        kind=row.get("kind", "hospital"),
        municipality_code=row.get("municipality_code"),
        municipality=row.get("municipality"),
        latitude=row.get("latitude"),
        longitude=row.get("longitude"),
        notes={name: row[name] for name in _SITE_NOTES if name in row},
    )


def _units(root: Mapping[str, Any] | None) -> Iterator[UnitConfig]:
    """Yield the region's unit and all below it, parents first."""
    if root is None:
        return
    yield UnitConfig(root["code"], "region", root["name"], None, None, root["source"])
    waiting = [(root["code"], unit) for unit in root.get("units", ())]
    while waiting:
        parent, unit = waiting.pop(0)
        yield UnitConfig(unit["code"], unit["kind"], unit["name"], parent, unit.get("site"), root["source"])
        waiting += [(unit["code"], below) for below in unit.get("units", ())]
