"""`samplan health`: what the operator's page shows, for a terminal and for monitoring."""

from __future__ import annotations

import json
from typing import Any

import click

from samplan.command import command_core

NOT_WELL = 1


@click.command()
@click.option("--tenant", "slug", help="Ask the modules in this tenant only, by its slug; in all without it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@click.pass_context
def health(context: click.Context, slug: str | None, *, as_json: bool) -> None:
    """Tell whether the service and each tenant's modules are well; ends with 1 where something is not."""
    from samplan.errors import NotFound
    from samplan.health import readiness
    from samplan.modules.health import module_health

    core = command_core()
    try:
        tenants = [core.tenants.by_slug(slug)] if slug else None
    except NotFound as error:
        raise click.ClickException(f"there is no tenant {slug}") from error
    ready, own = readiness(core)
    rows: list[dict[str, Any]] = [
        {"tenant": None, "module": None, "check": str(c.name), "ok": c.ok, "detail": str(c.detail)}
        for c in own
    ]
    for found in module_health(core, tenants):
        check = {"check": str(found.check.name), "ok": found.check.ok, "detail": str(found.check.detail)}
        rows.append({"tenant": found.tenant.slug, "module": found.module, **check})
    if as_json:
        click.echo(json.dumps({"ready": ready, "checks": rows}, ensure_ascii=False))
    else:
        for row in rows:
            place = f"{row['tenant']} {row['module']}: " if row["tenant"] else ""
            why = f" ({row['detail']})" if row["detail"] else ""
            click.echo(f"{'well    ' if row['ok'] else 'NOT WELL'} {place}{row['check']}{why}")
    if not all(row["ok"] for row in rows):
        context.exit(NOT_WELL)
