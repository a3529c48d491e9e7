"""`samplan rostering employees`: a staff system's file from the command line, as the page reads it in."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from samplan.plugin_api import ImportFaults, TenantSession
    from samplan_rostering.queries.setup.wards import WardLine
    from samplan_rostering.services.employees.staff_plan import StaffPlan
    from samplan_rostering.services.periods.effects import PersonChange

FAULTY, BAD_INPUT = 1, 2


@click.group()
def employees() -> None:
    """Read employees in; this needs the deployment's settings and database."""


@employees.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", "slug", required=True, help="The tenant's slug.")
@click.option("--ward", "code", required=True, help="The code of the ward's unit.")
@click.option("--mapping", "name", required=True, help="The name of a mapping that was saved on the page.")
@click.option(
    "--from", "begin", type=click.DateTime(["%Y-%m-%d"]), help="Changes hold from this date; today."
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def import_(*, file: Path, slug: str, code: str, name: str, begin: datetime | None, dry_run: bool) -> None:
    """Read FILE in by a saved mapping, and print who is new, who changes, and what is faulty.

    Ends with 0, with 1 when faulty rows were left out, and with 2 when the file cannot be used.
    """
    from samplan.plugin_api import (
        FaultLog,
        ImportFaults,
        Invalid,
        command_core,
        local_now,
        read_source_table,
        saved_mapping,
        tenant_work,
    )
    from samplan_rostering.queries.employees.staff_fields import fields_of
    from samplan_rostering.services.employees.staff_import import import_staff, lock_staff
    from samplan_rostering.services.employees.staff_plan import StaffFile, plan_staff
    from samplan_rostering.workbook.staff_file import PURPOSE

    core = command_core()
    with tenant_work(core, slug, "rostering") as (session, tenant):
        on = local_now(core.clock, tenant.timezone).date() if begin is None else begin.date()
        ward, saved = _ward(session, code), saved_mapping(session, PURPOSE, name)
        lock_staff(session, ward)
        try:
            source = read_source_table(file.read_bytes(), fields_of(session, ward), FaultLog())
            if not saved.mapping.fits(source):
                raise Invalid(f"{file.name} has other headings than the mapping {name}")
            plan = plan_staff(session, ward, StaffFile(source, saved.mapping, on))
        except ImportFaults as faults:
            _tell_faults(faults, file.name)
            sys.exit(BAD_INPUT)
        if plan.does_something and not dry_run:
            import_staff(session, ward, plan, lambda _reach: True, lambda: saved)
    _tell(plan, file.name, on, dry_run=dry_run)
    sys.exit(FAULTY if plan.faults else 0)


def _ward(session: TenantSession, code: str) -> WardLine:
    from samplan_rostering.queries.setup.wards import ward_lines

    found = next((ward for ward in ward_lines(session) if ward.code == code), None)
    if found is None:
        raise click.ClickException(f"there is no ward {code}")
    return found


def _tell(plan: StaffPlan, name: str, on: date, *, dry_run: bool) -> None:
    for sign, changes in (("+", plan.new), ("~", plan.changed)):
        for change in changes:
            click.echo(f"{sign} {change.code}: {_what(change)}")
    for code, _name in plan.missing:
        click.echo(f"? {code}: not in the file, left as it is")
    if plan.faults is not None:
        _tell_faults(plan.faults, name)
    done = "would be read in" if dry_run else "read in"
    counts = f"{len(plan.new)} new, {len(plan.changed)} changed, {plan.unchanged} as before"
    left = f"{plan.skipped} faulty rows, {plan.elsewhere} rows of other units"
    click.echo(f"{counts}, {left}; {done} from {on}")


def _what(change: PersonChange) -> str:
    """Return which parts change; names and professions are not printed."""
    parts = [
        *change.fields,
        *(["contracts"] if change.contracts else []),
        *(["skills"] if change.skills else []),
    ]
    terms = "; ".join(
        f"{row.percentage.normalize():f} % {row.valid_from} - {row.valid_to or ''}".strip(" -")
        for row in change.contracts.added
    )
    return ", ".join(parts) + (f" ({terms})" if terms else "")


def _tell_faults(faults: ImportFaults, name: str) -> None:
    for fault in faults.faults:
        click.echo(f"{name}: {fault}", err=True)
