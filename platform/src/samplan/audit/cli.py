"""`samplan audit`: proof that the audit trails are whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from samplan.command import command_core

if TYPE_CHECKING:
    from samplan.core import Core
    from samplan.tenancy.context import TenantContext

FAULTY = 1


@click.group()
def audit() -> None:
    """Look after the audit trails."""


@audit.command()
@click.option("--tenant", "slug", help="The slug of one tenant; all without it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@click.pass_context
def verify(context: click.Context, slug: str | None, *, as_json: bool) -> None:
    """Find every changed, missing or moved entry; ends with 1 where there is one.

    The head's number and hash, noted elsewhere, vouch for all entries up to it: whoever could write the
    whole chain anew could not give it the same hash.
    """
    from samplan.errors import NotFound

    core = command_core()
    try:
        tenants = [core.tenants.by_slug(slug)] if slug else core.tenants.all()
    except NotFound as error:
        raise click.ClickException(f"no tenant {slug}") from error
    results = [_verified(core, tenant) for tenant in tenants]
    if as_json:
        click.echo(json.dumps({"ok": all(r["ok"] for r in results), "tenants": results}, indent=2))
    else:
        _print(results)
    if not all(result["ok"] for result in results):
        context.exit(FAULTY)


def _verified(core: Core, tenant: TenantContext) -> dict[str, Any]:
    """Return what was found in one tenant's trail."""
    from samplan.audit import service

    with core.database.unit_of_work(tenant.id) as session:
        faults = service.verify(session)
        number, hash_ = service.head_of(session)
    return {
        "tenant": tenant.slug,
        "ok": not faults,
        "head": {"sequence": number, "hash": hash_},
        "faults": [
            {"kind": f.kind, "sequence": f.sequence, "until": f.until, "origin": f.origin, "text": str(f)}
            for f in faults
        ],
    }


def _print(results: list[dict[str, Any]]) -> None:
    for result in results:
        head = result["head"]
        state = "whole" if result["ok"] else f"{len(result['faults'])} faults"
        click.echo(f"{result['tenant']}: {state}, {head['sequence']} entries, head {head['hash']}")
        for fault in result["faults"]:
            click.echo(f"  {fault['text']}")
