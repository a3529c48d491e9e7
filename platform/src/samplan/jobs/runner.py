"""Running one attempt of a run: take it, call the handler beside a heartbeat, store what it gives."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from marshmallow import ValidationError
from rq.timeouts import JobTimeoutException

from samplan.audit.context import Actor, acting_as
from samplan.core import Core
from samplan.errors import NotFound, SamplanError
from samplan.ids import parse_uuid
from samplan.jobs import transitions
from samplan.jobs.context import JobContext, JobFailed, Outcome
from samplan.jobs.heartbeat import Heartbeat
from samplan.jobs.models import JobRun
from samplan.jobs.transitions import MODULE_DISABLED, TIMED_OUT, Claim, RunLost, move
from samplan.modules.contributions import JobType, load
from samplan.tenancy.context import TenantContext, tenant_scope

log = structlog.get_logger(__name__)

Handler = Callable[[JobContext, dict[str, Any]], Outcome]


def execute(tenant_id: str, run_id: str, attempt: int) -> None:
    """Do what a message asks for; the one function that a worker calls, by this name.

    The message is not trusted: it only says where to look, and a run that is not there to be taken is none.
    """
    from samplan.worker import worker_core

    tenant, run = parse_uuid(tenant_id), parse_uuid(run_id)
    if tenant is not None and run is not None:
        run_attempt(worker_core(), tenant, run, attempt)


def run_attempt(core: Core, tenant_id: UUID, run_id: UUID, attempt: int) -> None:
    """Run an attempt to its end if it is there to be taken; whatever the handler does, this returns."""
    try:
        tenant = core.tenants.fresh(tenant_id)
    except NotFound:
        log.warning("unknown_tenant_in_message")
        return
    names = {"tenant": tenant.slug, "run_id": str(run_id), "attempt": attempt}
    with (
        structlog.contextvars.bound_contextvars(**names),
        tenant_scope(tenant),
        acting_as(Actor("job", run_id), str(run_id)),
    ):
        claim = _take(core, tenant, run_id, attempt)
        if claim is None:
            log.info("run_not_taken")
            return
        with structlog.contextvars.bound_contextvars(job_type=claim.job_type):
            _work(core, tenant, claim)


def _take(core: Core, tenant: TenantContext, run_id: UUID, attempt: int) -> Claim | None:
    """Take the attempt; a run whose module was disabled while it was queued is cancelled instead."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    with core.database.unit_of_work(tenant.id) as session:
        claim = transitions.take(session, run_id, attempt, worker, core.settings.lease_seconds)
        if claim is None or claim.job_type.partition(".")[0] in tenant.enabled_modules:
            return claim
        run = session.get_one(JobRun, (tenant.id, run_id))
        run.error_code = MODULE_DISABLED
        move(session, run, "cancelled", who=f"worker:{worker}", why=MODULE_DISABLED)
        return None


def _work(core: Core, tenant: TenantContext, claim: Claim) -> None:
    """Call the handler and close the run with what came of it.

    An expected error fails the run; any other is a bug, and the reconciler decides whether to try again.
    """
    log.info("run_started")
    heartbeat: Heartbeat | None = None
    try:
        job = _job_type(core, claim)
        heartbeat = Heartbeat(
            core.database, claim, lease_seconds=core.settings.lease_seconds, max_seconds=job.max_seconds
        )
        outcome = _call_handler(core, tenant, claim, job, heartbeat)
        with core.database.unit_of_work(tenant.id, member_of=tenant.member_of) as session:
            status = transitions.finish(session, claim, outcome.result, outcome.write, heartbeat.progress)
        log.info("run_finished", status=status)
    except RunLost:
        log.warning("run_lost")
    except JobTimeoutException:
        _fail(core, claim, JobFailed(TIMED_OUT), heartbeat)
    except SamplanError as error:
        _fail(core, claim, error, heartbeat)
    except Exception:
        error_id = secrets.token_hex(6)
        log.exception("run_met_a_bug", error_id=error_id)
        _close(core, claim, lambda session: transitions.give_up(session, claim, error_id))


def _job_type(core: Core, claim: Claim) -> JobType:
    try:
        job = core.modules.job(claim.job_type)
    except NotFound:
        raise JobFailed("unknown_job") from None
    if job.params_version != claim.params_version:
        raise JobFailed("params_outdated")
    return job


def _call_handler(
    core: Core, tenant: TenantContext, claim: Claim, job: JobType, heartbeat: Heartbeat
) -> Outcome:
    try:
        params: dict[str, Any] = job.params().load(claim.params)
    except ValidationError:
        raise JobFailed("params_outdated") from None
    context = JobContext(
        run_id=claim.run_id,
        tenant=tenant,
        attempt=claim.attempt,
        requested_by=claim.requested_by,
        clock=core.clock,
        database=core.database,
        modules=core.modules,
        heartbeat=heartbeat,
        core=core,
    )
    handler: Handler = load(job.handler)
    with heartbeat:
        return handler(context, params)


def _fail(core: Core, claim: Claim, error: SamplanError, heartbeat: Heartbeat | None) -> None:
    progress = heartbeat.progress if heartbeat else {}
    log.info("run_failed", code=error.code)
    _close(core, claim, lambda session: transitions.fail(session, claim, error, progress))


def _close(core: Core, claim: Claim, change: Callable[[Any], None]) -> None:
    """Make a closing change; a run that was lost in the meantime is left to who has it."""
    try:
        with core.database.unit_of_work(claim.tenant_id) as session:
            change(session)
    except RunLost:
        log.warning("run_lost")
