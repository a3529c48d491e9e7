"""`samplan privacy`: a person's data from the command line, as the pages show and erase them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from samplan.command import command_core, tenant_work

F = TypeVar("F", bound=Callable[..., Any])

OWNER_ONLY = 0o600


def _whose(command: F) -> F:
    """Add the options that name a person in a tenant."""
    for option in (
        click.option("--reference", default="", help="An employment id, or another reference of a module."),
        click.option("--member", default="", help="The id of the person's membership or account."),
        click.option("--tenant", "slug", required=True, help="The tenant's slug."),
    ):
        command = option(command)
    return command


@click.group()
def privacy() -> None:
    """Take out, and erase, what a tenant keeps about one person."""


@privacy.command()
@_whose
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP to write."
)
def export(slug: str, member: str, reference: str, out: Path) -> None:
    """Write all that is kept about a person to a new file that only you can read; it is recorded."""
    from samplan.privacy.archive import extract_archive
    from samplan.privacy.service import collect, record_export
    from samplan.privacy.subject import find_subject

    core = command_core()
    with tenant_work(core, slug) as (session, tenant):
        subject = find_subject(session, member, reference)
        extract = collect(core, session, tenant, subject)
        if not extract.count:
            raise click.ClickException("nothing is kept under this reference")
        record_export(session, subject, extract)
        content = extract_archive(extract, tenant, subject, core.clock.now())
        try:
            with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
                file.write(content)
        except OSError as error:
            raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"{extract.count} rows written to {out}")


@privacy.command()
@_whose
@click.option(
    "--confirm", default="", metavar="CODE", help="The code that the dry run printed: erase just that."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
def erase(slug: str, member: str, reference: str, confirm: str, *, as_json: bool) -> None:
    """Show what an erasure would do, and erase it when the code of what was shown is given."""
    from samplan.privacy.service import erase as erase_now
    from samplan.privacy.service import would_erase
    from samplan.privacy.subject import find_subject

    core = command_core()
    with tenant_work(core, slug) as (session, tenant):
        subject = find_subject(session, member, reference)
        if confirm:
            found = erase_now(core, session, tenant, subject, seen=confirm)
        else:
            found = would_erase(core, session, tenant, subject)
    if as_json:
        shown = {"dry_run": not confirm, "rows": found.rows, "confirm": None if confirm else found.seen}
        click.echo(json.dumps(shown))
        return
    for table, rows in found.rows.items():
        click.echo(f"{rows:6} {table}")
    if confirm:
        click.echo(f"{found.count} rows erased")
    elif found.count:
        click.echo(f"nothing has been erased; to erase these {found.count} rows, add --confirm {found.seen}")
    else:
        click.echo("nothing is kept under this reference")
