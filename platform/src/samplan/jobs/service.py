"""Asking for runs, cancelling and retrying them, and finding them; none of these commits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from samplan.access.policy import Principal, can
from samplan.audit.context import current_actor
from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.errors import Conflict, Invalid, ModuleDisabled, NotFound, TenantContextMissing, TooMany
from samplan.i18n import _
from samplan.ids import new_id
from samplan.jobs.dispatch import MESSAGES_PER_TENANT
from samplan.jobs.models import JobEvent, JobRun
from samplan.jobs.transitions import move, requeue
from samplan.modules.contributions import JobType
from samplan.modules.manager import CORE
from samplan.modules.module_settings import flat_messages
from samplan.tenancy.context import TenantContext
from samplan.tenancy.models import TenantModule

if TYPE_CHECKING:
    from samplan.core import Core

MANAGE = "core:job:manage"
ACTIVE = ("queued", "running")
MOST_PARAMS = 16_384  # characters of JSON: parameters refer to content, such as an upload, and do not hold it


def request_run(
    core: Core,
    session: TenantSession,
    tenant: TenantContext,
    job_type: str,
    params: Mapping[str, Any],
    *,
    requested_by: UUID | None,
    idempotency_key: str | None = None,
    subject: str | None = None,
) -> JobRun:
    """Ask for a run; it is sent to a worker when the session's transaction has committed.

    `params` are JSON values for the schema of `job_type`: of uploads only references, never their content.
    `requested_by` is None for the system. With an `idempotency_key` used before by the same account, the
    earlier run is returned. `subject` is what it is about, as `roster:<id>`.
    Raises `NotFound` (no such job for the tenant), `Invalid` and, where enough are under way, `TooMany`.
    """
    if tenant.id != session.tenant_id:
        raise TenantContextMissing("the session is another tenant's")
    job = core.modules.job(job_type)
    check_module(session, job)
    values = stored_params(job, params)
    key = f"{requested_by or 'system'}:{idempotency_key}" if idempotency_key else None
    earlier = _earlier(session, key, job, values)
    if earlier is not None:
        return earlier
    _check_limit(core, session)
    run = new_run(job, values, key, requested_by, subject)
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError:
        # The same key at the same moment: the other request has committed before ours went on.
        earlier = _earlier(session, key, job, values)
        if earlier is None:
            raise
        return earlier
    _announce(core, session, run, job)
    return run


def _announce(core: Core, session: TenantSession, run: JobRun, job: JobType) -> None:
    """Note that a new run is queued, and send it when that is committed."""
    session.add(JobEvent(run_id=run.id, attempt=1, from_status=None, to_status="queued", who=_who()))
    record(session, "job.requested", "job_run", run.id, after={"job_type": job.name, "subject": run.subject})
    send_after_commit(core, session, run, job)


def new_run(
    job: JobType, values: dict[str, Any], key: str | None, requested_by: UUID | None, subject: str | None
) -> JobRun:
    """Return a run that is queued, not added to a session yet."""
    return JobRun(
        id=new_id(),
        job_type=job.name,
        module=_module_of(job),
        idempotency_key=key,
        params=values,
        params_version=job.params_version,
        subject=subject,
        requested_by=requested_by,
        status="queued",
        attempt=1,
        max_attempts=job.max_attempts,
        queue=job.queue,
    )


def cancel_run(core: Core, session: TenantSession, run_id: UUID, *, keep_result: bool) -> JobRun:
    """Cancel a run: at once when it is queued, at the worker's next heartbeat when it is running.

    A running one ends as `cancelled`, with its best result so far when `keep_result`, otherwise without.

    Raises:
        NotFound: there is no such run.
        Invalid: `keep_result` for a job that has nothing to keep before its end.
        Conflict: the run has succeeded or failed.
    """
    run = _locked(session, run_id)
    _check_whole(run)
    if keep_result and not keeps_result(core, run):
        raise Invalid(_("A run of this kind has no result to keep before its end."))
    if run.status == "cancelled":
        return run
    if run.status not in ACTIVE:
        raise Conflict(_("The run is finished already."))
    _wish_to_cancel(session, run, keep_result=keep_result)
    cancel_parts(core, session, run.id, keep_result=keep_result)
    record(session, "job.cancelled", "job_run", run.id, after={"keep_result": keep_result})
    session.flush()
    return run


def _wish_to_cancel(session: TenantSession, run: JobRun, *, keep_result: bool) -> None:
    run.cancel_requested, run.keep_result = True, keep_result
    if run.status == "queued":
        move(session, run, "cancelled", who=_who())
    else:
        move(session, run, "running", who=_who(), why="cancel_requested")


def cancel_parts(core: Core, session: TenantSession, parent_id: UUID, *, keep_result: bool) -> int:
    """Cancel what is left of a run's parts, as `cancel_run` does a whole; return how many."""
    left = select(JobRun).where(JobRun.parent_id == parent_id, JobRun.status.in_(ACTIVE))
    parts = session.scalars(left.order_by(JobRun.id).with_for_update()).all()
    for part in parts:
        _wish_to_cancel(session, part, keep_result=keep_result and keeps_result(core, part))
    return len(parts)


def retry_run(core: Core, session: TenantSession, run_id: UUID) -> JobRun:
    """Queue a failed or cancelled run again, with the same parameters, as its next attempt.

    Raises:
        NotFound: there is no such run, or the tenant has not enabled its module any more.
        Conflict: the run is not over, or has succeeded.
        TooMany: as many runs as allowed are queued or running.
    """
    run = _locked(session, run_id)
    job = core.modules.job(run.job_type)
    check_module(session, job)
    _check_whole(run)
    if run.status not in ("failed", "cancelled"):
        raise Conflict(_("Only a run that failed or was cancelled can be tried again."))
    _check_limit(core, session)
    queue_again(session, run, job)
    record(session, "job.retried", "job_run", run.id, after={"attempt": run.attempt})
    session.flush()
    send_after_commit(core, session, run, job)
    return run


def queue_again(session: TenantSession, run: JobRun, job: JobType) -> None:
    """Put a run that is over back in its queue, as if it were new."""
    run.max_attempts = run.attempt + job.max_attempts
    run.cancel_requested = run.keep_result = False
    run.progress, run.result = {}, None
    run.error_code = run.error_id = run.error_details = None
    requeue(session, run, who=_who(), why="retry")


def _check_whole(run: JobRun) -> None:
    if run.parent_id is not None:
        raise Conflict(_("This is a part of another run, and is stopped or tried again with it."))


def get_run(session: TenantSession, run_id: UUID) -> JobRun:
    """Return a run of the tenant; raises `NotFound`."""
    run = session.scalar(select(JobRun).where(JobRun.id == run_id))
    if run is None:
        raise NotFound(_("There is no such run."))
    return run


def visible_run(session: TenantSession, principal: Principal, run_id: UUID) -> JobRun:
    """Return a run that the principal may see and cancel: its own, or any for who manages runs."""
    run = get_run(session, run_id)
    if run.requested_by != principal.account_id and not can(principal, MANAGE):
        raise NotFound(_("There is no such run."))
    return run


def visible_runs(principal: Principal, status: str | None = None) -> Select[JobRun]:
    """Return the statement for the runs that the principal may see, without parts, to be paginated by id."""
    statement = select(JobRun).where(JobRun.parent_id.is_(None))
    if not can(principal, MANAGE):
        statement = statement.where(JobRun.requested_by == principal.account_id)
    return statement.where(JobRun.status == status) if status else statement


def keeps_result(core: Core, run: JobRun) -> bool:
    """Tell whether cancelling the run may keep its best result so far."""
    try:
        return core.modules.job(run.job_type).cancel_keeps_result
    except NotFound:
        return False


def send_after_commit(core: Core, session: TenantSession, run: JobRun, job: JobType) -> None:
    """Send the run when it is committed, unless the tenant has enough waiting: then in its turn."""
    waiting = session.scalar(select(func.count()).where(JobRun.status == "queued", JobRun.queue == run.queue))
    if (waiting or 0) <= MESSAGES_PER_TENANT:
        send = partial(core.dispatcher.send, session.tenant_id, run.id, run.attempt, run.queue)
        session.on_commit(partial(send, max_seconds=job.max_seconds))


def _who() -> str:
    actor = current_actor()
    return f"{actor.kind}:{actor.id}" if actor.id else actor.kind


def _module_of(job: JobType) -> str:
    return job.name.partition(".")[0]


def check_module(session: TenantSession, job: JobType) -> None:
    """Ask the database, because what this process knows of the tenant may be half a minute old."""
    module = _module_of(job)
    if module == CORE:
        return
    row = session.get(TenantModule, (session.tenant_id, module), populate_existing=True)
    if row is None or not row.enabled:
        raise ModuleDisabled(_("There is no such page."))


def _check_limit(core: Core, session: TenantSession) -> None:
    """Refuse more than the limit; requests at the same moment may pass it by a few, which does no harm."""
    whole = JobRun.parent_id.is_(None)
    active = session.scalar(select(func.count()).where(JobRun.status.in_(ACTIVE), whole))
    limit = core.settings.max_runs_per_tenant
    if (active or 0) >= limit:
        message = _("%(limit)d runs are waiting or under way already. Wait for one to finish.", limit=limit)
        raise TooMany(message, limit=limit)


def stored_params(job: JobType, params: Mapping[str, Any]) -> dict[str, Any]:
    """Validate the parameters and return them as JSON, with the defaults filled in."""
    schema = job.params()
    try:
        values: dict[str, Any] = schema.dump(schema.load(dict(params)))
    except ValidationError as error:
        raise Invalid(_("The parameters are not valid."), flat_messages(error.messages_dict)) from None
    if len(json.dumps(values)) > MOST_PARAMS:
        raise Invalid(_("The parameters are too large: store the content first and refer to it."))
    return values


def _earlier(
    session: TenantSession, key: str | None, job: JobType, values: Mapping[str, Any]
) -> JobRun | None:
    """Return the run that was asked for with the same key, if any."""
    if key is None:
        return None
    run = session.scalar(select(JobRun).where(JobRun.idempotency_key == key))
    if run is not None and (run.job_type != job.name or run.params != values):
        raise Invalid(_("This Idempotency-Key was used for another request."))
    return run


def _locked(session: TenantSession, run_id: UUID) -> JobRun:
    run = session.scalar(
        select(JobRun).where(JobRun.id == run_id).with_for_update().execution_options(populate_existing=True)
    )
    if run is None:
        raise NotFound(_("There is no such run."))
    return run
