"""`samplan agency deliver`: a file from the command line, as the pages read it in."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from samplan_agency.models import Delivery

FAULTY = 1
MONTH = click.DateTime(["%Y-%m"])


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", "slug", required=True, help="The tenant's slug.")
@click.option(
    "--kind",
    required=True,
    help="The kind of file: ledger, invoices, time_reports, hours, staff, budget, prices.",
)
@click.option("--mapping", "name", required=True, help="The name of a mapping that was saved on the page.")
@click.option("--source", default="", help="The system that wrote the file; the mapping's name.")
@click.option("--from", "first", type=MONTH, help="The first month that the file holds.")
@click.option("--to", "last", type=MONTH, help="The last month that the file holds.")
@click.option("--whole-months", is_flag=True, help="What the file lacks of its months is put aside.")
@click.option("--dry-run", is_flag=True, help="Check the file, and keep and change nothing.")
def deliver(*, file: Path, slug: str, dry_run: bool, **said: Any) -> None:
    """Read FILE in by a saved mapping, and print what it changes or what is faulty.

    Ends with 0, with 1 when there are faults (then nothing is read in), and with 2 when the file, the kind or
    the mapping cannot be used.
    """
    from samplan.plugin_api import ImportFaults, Invalid, NotFound, command_core, tenant_work

    core = command_core()
    with tenant_work(core, slug, "agency") as (session, _tenant):
        try:
            delivery = _delivered(session, file, core.clock.now(), said, dry_run=dry_run)
        except ImportFaults as faults:
            raise Invalid(f"{file.name}: {'; '.join(map(str, faults.faults))}") from faults
        except NotFound as missing:
            raise Invalid(str(missing)) from missing
        _tell(delivery, dry_run=dry_run)
        refused = delivery.state == "refused"
        if dry_run:
            session.rollback()
    sys.exit(FAULTY if refused else 0)


def _delivered(session: Any, file: Path, now: datetime, said: dict[str, Any], *, dry_run: bool) -> Delivery:
    from samplan.plugin_api import Invalid, saved_mapping
    from samplan_agency.services.deliveries import steps as deliveries
    from samplan_agency.services.deliveries.kept_lines import forget_lines
    from samplan_agency.services.deliveries.readers import reader_of

    reader = reader_of(said["kind"])
    saved = saved_mapping(session, reader.purpose, said["name"])
    months = {end: said[end] and said[end].date() for end in ("first", "last")}
    about = deliveries.Said(
        said["kind"], said["source"] or saved.name, file.name, **months, whole_months=said["whole_months"]
    )
    with file.open("rb") as opened:
        delivery = deliveries.deliver(session, about, opened)
    if not saved.mapping.fits(deliveries.opened(session, delivery).source):
        raise Invalid(f"{file.name} has other headings than the mapping {saved.name}")
    deliveries.set_mapping(session, delivery, saved.mapping, saved.name)
    deliveries.check_delivery(session, delivery)
    if delivery.state == "checked" and not dry_run:
        deliveries.read_delivery(session, delivery, now)
        forget_lines(session, delivery)
    return delivery


def _tell(delivery: Delivery, *, dry_run: bool) -> None:
    from samplan.plugin_api import Fault

    for packed in delivery.faults:
        click.echo(f"{delivery.filename}: {Fault.unpacked(packed)}", err=True)
    if delivery.fault_count:
        click.echo(f"{delivery.fault_count} faults, nothing is read in", err=True)
        return
    if ahead := delivery.summary.get("ahead"):
        click.echo(
            f"{ahead['rows']} rows are booked after the month in which the file came, from row"
            f" {ahead['first_row']}, up to {ahead['last_month'][:7]}: not known before they have come",
            err=True,
        )
    counts = f"{delivery.added} new, {delivery.replaced} replaced, {delivery.removed} put aside"
    done = "would be read in" if dry_run else f"read in as delivery {delivery.number}"
    click.echo(f"{delivery.rows} rows: {counts}, {delivery.unchanged} as before; {done}")
