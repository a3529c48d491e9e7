"""`samplan worker` and `samplan jobs`: the processes that do the work and keep it going."""

from __future__ import annotations

import re
import signal
import threading

import click
import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from samplan.command import command_core, command_settings, told_in_words
from samplan.core import Core
from samplan.errors import NotFound
from samplan.jobs.models import STATUSES, JobRun
from samplan.logs import configure_logs
from samplan.modules.contract import QUEUES

log = structlog.get_logger(__name__)

LIST_LENGTH = 50


class Duration(click.ParamType[float]):
    """Seconds, given as 5, 5s, 2m or 500ms."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the seconds, or fail with what is expected."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m)?", str(value))
        if found is None:
            self.fail(f"{value!r} is not a duration such as 5s, 500ms or 2m", param, ctx)
        return float(found[1]) * {"ms": 0.001, "m": 60.0}.get(found[2], 1.0)


def _core() -> Core:
    core = command_core()
    configure_logs(core.settings.log_level)
    return core


def _queues(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    unknown = [name for name in names if name not in QUEUES]
    if unknown or not names:
        raise click.BadParameter(f"choose among {', '.join(QUEUES)}, separated by commas")
    return names


@click.command()
@click.option(
    "--queues",
    default="high,default,solve",
    show_default=True,
    callback=_queues,
    help="Which to work off, the first ones first.",
)
@click.option("--burst", is_flag=True, help="End when the queues are empty.")
def worker(queues: tuple[str, ...], *, burst: bool) -> None:
    """Run jobs, one at a time, until SIGTERM; the running one is finished first."""
    from samplan.worker import run_worker

    settings = command_settings()
    configure_logs(settings.log_level)
    with told_in_words():
        run_worker(settings, queues, burst=burst)


@click.group()
def jobs() -> None:
    """Look after runs of jobs."""


@jobs.command()
@click.option("--every", type=Duration(), default="5s", show_default=True, help="From round to round.")
@click.option("--once", is_flag=True, help="One round, then end.")
def reconcile(every: float, *, once: bool) -> None:
    """Send what was not sent, take back what lost its worker, start what is due; until SIGTERM."""
    from samplan.jobs.reconciler import reconcile as one_round

    core = _core()
    if once:
        done = one_round(core)
        click.echo("another reconciler is at work" if done is None else f"{done}")
        return
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: over.set())
    log.info("reconciler_started", every=every)
    while not over.is_set():
        try:
            one_round(core)
        except SQLAlchemyError as error:
            log.warning("database_unavailable", error=type(error).__name__)
        over.wait(every)
    log.info("reconciler_stopped")


@jobs.command("list")
@click.option("--tenant", required=True, help="The tenant's slug.")
@click.option("--status", type=click.Choice(STATUSES))
def list_runs(tenant: str, status: str | None) -> None:
    """List a tenant's newest runs."""
    core = _core()
    try:
        context = core.tenants.by_slug(tenant)
    except NotFound as error:
        raise click.ClickException(f"no tenant {tenant}") from error
    whole = JobRun.parent_id.is_(None)
    statement = select(JobRun).where(whole).order_by(JobRun.id.desc()).limit(LIST_LENGTH)
    if status:
        statement = statement.where(JobRun.status == status)
    with core.database.unit_of_work(context.id) as session:
        for run in session.scalars(statement):
            code = f" {run.error_code}" if run.error_code else ""
            click.echo(f"{run.id} {run.queued_at:%Y-%m-%d %H:%M:%S} {run.job_type} {run.status}{code}")
