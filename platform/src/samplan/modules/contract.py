"""The contract of a plugin, checked at start: what it declares must carry its own name."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from samplan.db.base import Base

if TYPE_CHECKING:
    from sqlalchemy import Table

    from samplan.modules.contributions import Card, NavItem
    from samplan.modules.manager import Module

QUEUES = ("high", "default", "solve")


def contract_faults(module: Module) -> list[str]:
    """Return every way in which `module` breaks the contract, as text."""
    faults = _table_faults(module) + _name_faults(module) + _reference_faults(module)
    return [f"{module.name}: {fault}" for fault in faults]


def _table_faults(module: Module) -> list[str]:
    tables = [cast("Table", cls.__table__) for cls in module.models.classes if issubclass(cls, Base)]
    faults = [
        f"table {table} is not in schema {module.name}" for table in tables if table.schema != module.name
    ]
    if module.migrations.label != module.name:
        faults.append(f"migration branch {module.migrations.label!r} is not named as the module")
    return faults


def _name_faults(module: Module) -> list[str]:
    prefix, dotted = f"{module.name}:", f"{module.name}."
    faults = [
        f"permission {p.name} lacks {prefix}" for p in module.permissions if not p.name.startswith(prefix)
    ]
    faults += [f"job {j.name} lacks {dotted}" for j in module.jobs if not j.name.startswith(dotted)]
    faults += [
        f"indicator {i.name} lacks {dotted}" for i in module.indicators if not i.name.startswith(dotted)
    ]
    faults += [f"event {e.name} lacks {dotted}" for e in module.events if not e.name.startswith(dotted)]
    faults += [f"job {j.name}: unknown queue {j.queue}" for j in module.jobs if j.queue not in QUEUES]
    links: tuple[NavItem | Card, ...] = (*module.nav, *module.cards)
    faults += [
        f"endpoint {link.endpoint} is not of a blueprint {module.name} or {module.name}_…"
        for link in links
        if not (link.endpoint.startswith((f"{module.name}.", f"{module.name}_")))
    ]
    return faults


def _reference_faults(module: Module) -> list[str]:
    declared = {permission.name for permission in module.permissions}
    links: tuple[NavItem | Card, ...] = (*module.nav, *module.cards)
    named = {
        *(link.permission for link in links),
        *(job.permission for job in module.jobs),
        *(name for role in module.roles for name in role.permissions),
    }
    faults = [f"permission {name} is used but not declared" for name in sorted(named - declared)]
    jobs = {job.name for job in module.jobs}
    faults += [f"schedule names unknown job {s.job}" for s in module.schedules if s.job not in jobs]
    return faults
