"""`samplan module`: what is installed, and what each tenant uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from samplan.command import command_core

if TYPE_CHECKING:
    from samplan.core import Core
    from samplan.tenancy.context import TenantContext


@click.group()
def module() -> None:
    """List modules, and switch them on and off for a tenant."""


@module.command(name="list")
@click.option("--tenant", help="A tenant's slug: show what it has switched on.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
def list_modules(tenant: str | None, *, as_json: bool) -> None:
    """List the modules that this deployment offers."""
    from samplan.modules.manager import CORE

    core = command_core()
    enabled = _tenant(core, tenant).enabled_modules if tenant else None
    rows = [
        {"module": m.name, "title": str(m.title)}
        | ({} if enabled is None else {"enabled": m.name in enabled})
        for m in core.modules
        if m.name != CORE
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "" if enabled is None else ("on  " if row["enabled"] else "off ")
        click.echo(f"{state}{row['module']:16} {row['title']}")


@module.command()
@click.argument("name")
@click.option("--tenant", required=True, help="The tenant's slug.")
def enable(name: str, tenant: str) -> None:
    """Switch module NAME on for a tenant."""
    _switch(name, tenant, on=True)


@module.command()
@click.argument("name")
@click.option("--tenant", required=True, help="The tenant's slug.")
def disable(name: str, tenant: str) -> None:
    """Switch module NAME off for a tenant; its data are kept."""
    _switch(name, tenant, on=False)


def _switch(name: str, slug: str, *, on: bool) -> None:
    from samplan.audit.context import Actor, acting_as
    from samplan.errors import SamplanError
    from samplan.modules.lifecycle import disable_module, enable_module

    core = command_core()
    context = _tenant(core, slug)
    try:
        with acting_as(Actor("operator")), core.database.unit_of_work(context.id) as session:
            if on:
                changed = enable_module(core, session, context, name)
            else:
                changed = disable_module(core, session, name)
    except SamplanError as error:
        raise click.ClickException(str(error)) from error
    state = "on" if on else "off"
    click.echo(f"{name} is {'now' if changed else 'already'} {state} for {slug}")


def _tenant(core: Core, slug: str) -> TenantContext:
    from samplan.errors import NotFound

    try:
        return core.tenants.fresh(slug)
    except NotFound as error:
        raise click.ClickException(f"there is no tenant {slug}") from error
