"""The demo that people use: started, shown, and kept up until Ctrl-C."""

from __future__ import annotations

import click
from sqlalchemy import select

from samplan.demo.indicators import ask_for_planned_months
from samplan.demo.main_job import JOB, do_main_job, main_tenant
from samplan.demo.run import EXPECTED, Demo, Options, keep_running, running_demo, teller
from samplan.demo.seed import Login
from samplan.demo.stop import Stop, Stopped
from samplan.jobs.models import JobRun


def serve(options: Options, stop: Stop) -> int:
    """Run the demo until somebody stops it; returns the exit code."""
    tell = teller()
    try:
        with running_demo(options, stop, tell) as demo:
            _first_roster(demo, options.seconds)
            click.echo(f"\n{logins_text(demo.logins)}")
            click.echo(f"\nSamplan answers at {demo.url}/ (all data are examples)")
            click.echo(f"Password of every login: {demo.password}")
            click.echo("Ctrl-C stops the demo.")
            keep_running(demo)
    except Stopped:
        tell(f"the demo has stopped; its data are kept in {options.folder}")
        return 0
    except EXPECTED as error:
        click.echo(f"\nThe demo cannot run: {error}", err=True)
        return 1


def _first_roster(demo: Demo, seconds: int | None) -> None:
    """Do the main job where it was never done; a demo without its roster is still one."""
    tenant = main_tenant(demo)
    done = select(JobRun.id).where(JobRun.job_type == JOB, JobRun.status == "succeeded")
    with demo.core.database.unit_of_work(tenant.id) as session:
        if session.scalar(done.limit(1)) is not None:
            return
    try:
        report = do_main_job(demo, seconds=seconds)
    except EXPECTED as error:
        demo.tell(f"the first roster was not made: {error}")
        return
    ask_for_planned_months(demo.core, tenant, demo.core.clock.now().date())
    demo.tell(
        f"a roster for {report.employees} employees and {report.days} days is made:"
        f" {report.assignments} shifts, {report.violations} broken rules, {report.uncovered} uncovered"
    )


def logins_text(logins: list[Login]) -> str:
    """Return the logins as a list, one a line, under the names of their tenants."""
    lines: list[str] = []
    tenant = None
    for login in logins:
        if login.tenant is not tenant:
            tenant = login.tenant
            lines += ["", tenant.name] if tenant is not None else []
        lines.append(f"  {login.email:<50} {login.role.replace('_', ' ')}")
    return "\n".join(lines)
