"""`samplan tenant`: the tenants as their files describe them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from samplan.command import command_core

if TYPE_CHECKING:
    from samplan.tenancy.differences import Change

BAD_INPUT = 2


@click.group()
def tenant() -> None:
    """Describe, create and list tenants."""


@tenant.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@click.pass_context
def apply(context: click.Context, directory: Path, *, dry_run: bool, as_json: bool) -> None:
    """Bring the tenants to what the files in DIRECTORY say; may be repeated."""
    from samplan.tenancy.config import ConfigFaults, load_configs
    from samplan.tenancy.service import apply_config, plan

    core = command_core()
    try:
        configs = load_configs(directory, {module.name: module.settings for module in core.modules})
    except ConfigFaults as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        context.exit(BAD_INPUT)
    if dry_run:
        changes = plan(core, configs)
    else:
        changes = apply_config(core, configs, demo=core.settings.environment == "demo")
    _tell(changes, dry_run=dry_run, as_json=as_json)


@tenant.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
def list_tenants(*, as_json: bool) -> None:
    """List the tenants and the modules that each has switched on."""
    contexts = command_core().tenants.all()
    if as_json:
        rows = [
            {"slug": c.slug, "name": c.name, "kind": c.kind, "modules": sorted(c.enabled_modules)}
            for c in contexts
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for context in contexts:
        modules = ", ".join(sorted(context.enabled_modules - {"core"})) or "-"
        click.echo(f"{context.slug:24} {context.kind:7} {context.name}: {modules}")


def _tell(changes: list[Change], *, dry_run: bool, as_json: bool) -> None:
    """Print the changes, one a line, or all as JSON."""
    if as_json:
        rows = [
            {
                "tenant": change.tenant,
                "action": change.action,
                "object_type": change.object_type,
                "key": change.key,
                "before": change.before,
                "after": change.after,
            }
            for change in changes
        ]
        click.echo(json.dumps({"dry_run": dry_run, "changes": rows}, ensure_ascii=False, default=dict))
        return
    for change in changes:
        click.echo(str(change))
    verb = "to make" if dry_run else "made"
    click.echo(f"{len(changes)} changes {verb}")
