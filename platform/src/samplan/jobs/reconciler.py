"""The reconciler: brings what PostgreSQL says and what the workers and Redis do into line again.

One round takes a few milliseconds a tenant. Only one reconciler works at a time; others do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, zip_longest
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from samplan.audit.context import SYSTEM, acting_as
from samplan.db.session import TenantSession
from samplan.errors import NotFound
from samplan.jobs.dispatch import MESSAGES_PER_TENANT, message_id
from samplan.jobs.models import FINISHED, JobRun
from samplan.jobs.schedules import start_due
from samplan.jobs.service import ACTIVE, cancel_parts, send_after_commit
from samplan.jobs.transitions import INSTANT, MODULE_DISABLED, TIMED_OUT, WORKER_LOST, move, requeue
from samplan.modules.contract import QUEUES
from samplan.modules.contributions import JobType
from samplan.notices.due import start_notices
from samplan.tenancy.context import TenantContext, tenant_scope

if TYPE_CHECKING:
    from samplan.core import Core

log = structlog.get_logger(__name__)

WHO = "reconciler"
LOCK_NAME = "samplan:reconciler"


@dataclass(slots=True)
class Round:
    """What one round did, over all tenants."""

    requeued: int = 0
    failed: int = 0
    cancelled: int = 0
    scheduled: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Unsent:
    """A queued attempt that no worker has been told of."""

    tenant_id: UUID
    run_id: UUID
    attempt: int
    queue: str
    max_seconds: int


def reconcile(core: Core) -> Round | None:
    """Do one round over all tenants; None when another reconciler is at work.

    What goes wrong in one tenant is logged and keeps no other waiting. Without Redis everything but the
    sending is done.
    """
    with core.database.system_session() as guard:
        lock = func.pg_try_advisory_xact_lock(func.hashtextextended(LOCK_NAME, 0))
        if not guard.scalar(select(lock)):
            return None
        done = Round()
        tenants = core.tenants.all()
        for tenant in tenants:
            try:
                with tenant_scope(tenant), acting_as(SYSTEM):
                    _settle(core, tenant, done)
            except SQLAlchemyError:
                log.exception("reconcile_failed", tenant=tenant.slug)
        try:
            _send_unsent(core, tenants, done)
        except RedisError as error:
            log.warning("redis_unavailable", error=type(error).__name__)
        if done != Round():
            log.info(
                "reconciled",
                requeued=done.requeued,
                failed=done.failed,
                cancelled=done.cancelled,
                scheduled=done.scheduled,
                sent=done.sent,
            )
        return done


def _settle(core: Core, tenant: TenantContext, done: Round) -> None:
    """Put right a tenant's runs that lost their worker or their module, and start what is due."""
    with core.database.unit_of_work(tenant.id) as session:
        # Locked rows are being finished at this moment.
        expired = select(JobRun).where(JobRun.status == "running", JobRun.lease_until < INSTANT)
        for run in session.scalars(expired.with_for_update(skip_locked=True)):
            _settle_lost(core, session, run, done)
        homeless = select(JobRun).where(
            JobRun.status == "queued", JobRun.module.not_in(tenant.enabled_modules)
        )
        for run in session.scalars(homeless.with_for_update(skip_locked=True)):
            run.error_code = MODULE_DISABLED
            move(session, run, "cancelled", who=WHO, why=MODULE_DISABLED)
            done.cancelled += 1
        session.flush()
        done.cancelled += sum(
            cancel_parts(core, session, whole, keep_result=False) for whole in _ended(session)
        )
    done.scheduled += start_due(core, tenant) + start_notices(core, tenant)


def _ended(session: TenantSession) -> list[UUID]:
    """Return the runs that are over while parts of them still wait or run: nobody wants these any more."""
    part, whole = aliased(JobRun), aliased(JobRun)
    own = (whole.tenant_id == part.tenant_id) & (whole.id == part.parent_id)
    wanted = part.status.in_(ACTIVE) & ~part.cancel_requested & whole.status.in_(FINISHED)
    return list(session.scalars(select(whole.id).distinct().join(part, own).where(wanted)))


def _settle_lost(core: Core, session: TenantSession, run: JobRun, done: Round) -> None:
    """Decide on a run whose worker is gone or met a bug: cancelled, tried again, or failed."""
    job = _job(core, run)
    reason = run.error_code or (TIMED_OUT if job and _ran_out(core, run, job) else WORKER_LOST)
    if run.cancel_requested:
        move(session, run, "cancelled", who=WHO, why=reason)
        done.cancelled += 1
    elif job is None or reason == TIMED_OUT or run.attempt >= run.max_attempts:
        run.error_code = reason
        move(session, run, "failed", who=WHO, why=reason)
        done.failed += 1
    else:
        requeue(session, run, who=WHO, why=reason)
        session.flush()
        send_after_commit(core, session, run, job)
        done.requeued += 1


def _ran_out(core: Core, run: JobRun, job: JobType) -> bool:
    """Tell whether the handler had used up its time, so that another attempt would do no better."""
    limit = timedelta(seconds=job.max_seconds)
    return run.started_at is not None and run.started_at + limit < core.clock.now()


def _job(core: Core, run: JobRun) -> JobType | None:
    try:
        return core.modules.job(run.job_type)
    except NotFound:
        return None


def _send_unsent(core: Core, tenants: list[TenantContext], done: Round) -> None:
    """Send what is queued and not in Redis, the tenants in turn, and no more than each one's share."""
    waiting = frozenset(chain.from_iterable(core.dispatcher.waiting(queue) for queue in QUEUES))
    shares = [list(_unsent(core, tenant, waiting)) for tenant in tenants]
    for message in chain.from_iterable(zip_longest(*shares)):
        if message is not None:
            core.dispatcher.send(
                message.tenant_id,
                message.run_id,
                message.attempt,
                message.queue,
                max_seconds=message.max_seconds,
            )
            done.sent += 1


def _unsent(core: Core, tenant: TenantContext, waiting: frozenset[str]) -> Iterator[Unsent]:
    """Yield the tenant's oldest queued runs that no worker was told of, up to its share of each queue."""
    with core.database.unit_of_work(tenant.id) as session:
        grace = timedelta(seconds=core.settings.grace_seconds)
        overdue = (JobRun.queued_at < INSTANT - grace).label("overdue")
        queued = (
            select(JobRun, overdue).where(JobRun.status == "queued").order_by(JobRun.queued_at, JobRun.id)
        )
        rows = [(run, late) for run, late in session.execute(queued)]
    told = [run.queue for run, _late in rows if message_id(run.id, run.attempt) in waiting]
    room = {queue: MESSAGES_PER_TENANT - told.count(queue) for queue in QUEUES}
    for run, late in rows:
        job = _job(core, run)
        if job is None or not late or room[run.queue] <= 0:
            continue
        if message_id(run.id, run.attempt) not in waiting:
            room[run.queue] -= 1
            yield Unsent(tenant.id, run.id, run.attempt, run.queue, job.max_seconds)
