"""A plugin with jobs that tests can steer; worker processes find it by PYTHONPATH and its entry point."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from samplan.db.session import TenantSession
from samplan.errors import NotFound
from samplan.jobs.context import JobContext, JobFailed, Outcome
from samplan.jobs.models import ScheduleMark
from samplan.jobs.parts import PartRun
from samplan.modules.contributions import (
    JobType,
    MigrationBranch,
    ModelSet,
    Permission,
    RoleTemplate,
    Schedule,
)
from samplan.modules.hookspecs import hookimpl

PERMISSION = "jobprobe:thing:run"
PAUSE = 0.02


class NumberParams(Schema):
    number = fields.Integer(required=True, validate=validate.Range(min=0, max=100))
    day = fields.Date(load_default=datetime(2027, 1, 4, tzinfo=UTC).date())


class FolderParams(Schema):
    folder = fields.String(required=True)


def add_mark(name: str) -> Any:
    """Return what writes a row that can be written only once per tenant."""

    def write(session: TenantSession) -> None:
        session.add(ScheduleMark(schedule=name, last_due=datetime(2027, 1, 1, tzinfo=UTC)))

    return write


def double(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Succeed, with a result and a row."""
    ctx.progress(50, "Counting", incumbent=params["number"])
    link = {"endpoint": "core.jobs", "values": {"status": "succeeded"}}
    result = {"double": params["number"] * 2, "day": params["day"].isoformat(), "link": link}
    return Outcome(result, add_mark(f"result of {ctx.run_id}"))


def search(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Search until the file `go` is there or it is told to stop; writes who works to `started`."""
    folder = Path(params["folder"])
    with (folder / "started").open("a") as started:
        started.write(f"{os.getpid()} {os.getppid()} {ctx.attempt}\n")
    steps = 0
    while not (folder / "go").exists() and ctx.progress(None, "Searching", incumbent=1000 - steps):
        time.sleep(PAUSE)
        steps += 1
    with (folder / "ended").open("a") as ended:
        ended.write(f"{ctx.attempt} {'kept' if ctx.keep_result else 'done'}\n")
    return Outcome({"best": 1000 - steps}, add_mark(f"result of {ctx.run_id}"))


def whole(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Double numbers in parts, one a run."""
    parts = {str(number): {"number": number} for number in range(params["number"])}
    done = ctx.run_parts("jobprobe.double", parts, tell)
    return Outcome({"sum": sum(part.result["double"] for part in done if part.result)})


def searches(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Search in three parts."""
    parts = {str(number): dict(params) for number in range(3)}
    done = ctx.run_parts("jobprobe.search", parts, tell)
    return Outcome({"attempts": [part.attempt for part in done], "statuses": [part.status for part in done]})


def faulty(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Have a part that fails as expected, and fail when it has."""
    (part,) = ctx.run_parts("jobprobe.impossible", {"only": {"number": params["number"]}}, tell)
    raise JobFailed(
        part.error_code or "none", "A part failed.", missing=(part.error_details or {})["missing"]
    )


def tell(parts: Sequence[PartRun]) -> dict[str, Any]:
    """Return the figures of a whole."""
    return {"pct": 100 * sum(part.finished for part in parts) / len(parts), "parts": len(parts)}


def impossible(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Fail as expected, after writing something that must be rolled back."""
    with ctx.unit_of_work() as session:
        add_mark("rolled back")(session)
        raise JobFailed("infeasible", "No roster has %(missing)d nurses too few.", missing=params["number"])


def gone(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Fail with an error of the services."""
    raise NotFound("There is no such roster.")


def buggy(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Meet a bug at the first attempts, as many as `number` says."""
    if ctx.attempt <= params["number"]:
        raise ZeroDivisionError("secret of a row")
    return Outcome({"attempt": ctx.attempt})


def spoiled(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Give a result whose row cannot be written."""

    def write(session: TenantSession) -> None:
        add_mark("half")(session)
        raise JobFailed("rejected", "The evaluator rejects the roster.")

    return Outcome({"number": params["number"]}, write)


def _job(name: str, params: type[Schema] = NumberParams, **options: Any) -> JobType:
    label = f"Probe {name}"
    return JobType(f"jobprobe.{name}", label, f"jobprobe:{name}", params, PERMISSION, **options)


class JobProbe:
    """Jobs for tests."""

    name, title, core_api = "jobprobe", "Job probe", "0.1"
    schedules: tuple[Schedule, ...] = ()

    @hookimpl
    def samplan_models(self) -> ModelSet:
        return ModelSet(())

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        return MigrationBranch("jobprobe", Path(__file__).parent / "no_versions" / "versions")

    @hookimpl
    def samplan_permissions(self) -> Iterable[Permission]:
        return [Permission(PERMISSION, "Run things")]

    @hookimpl
    def samplan_role_templates(self) -> Iterable[RoleTemplate]:
        return [RoleTemplate("scheduler", "Scheduler", frozenset({PERMISSION}))]

    @hookimpl
    def samplan_jobs(self) -> Iterable[JobType]:
        return [
            _job("double"),
            _job("search", FolderParams, queue="solve", cancel_keeps_result=True, max_seconds=120),
            _job("impossible"),
            _job("whole"),
            _job("searches", FolderParams, queue="solve", cancel_keeps_result=True, max_seconds=120),
            _job("faulty"),
            _job("gone"),
            _job("buggy", max_attempts=2),
            _job("spoiled"),
            _job("missing_handler"),
        ]

    @hookimpl
    def samplan_schedules(self) -> Iterable[Schedule]:
        return self.schedules


plugin = JobProbe()
