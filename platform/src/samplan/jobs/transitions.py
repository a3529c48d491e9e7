"""The state of a run and every change of it, each in the caller's transaction and noted as an event.

    queued ──claim──▶ running ──finish──▶ succeeded | failed | cancelled
      ▲                  │ the lease ran out, or the handler met a bug, and attempts are left
      └────requeue───────┘ attempt + 1

A worker's change holds only while the run is `running` with the attempt that the worker claimed: a worker
that was believed dead and wakes up finds no such run. Leases go by the database's clock, because the
clocks of the workers' machines differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from samplan.db.session import TenantSession
from samplan.errors import SamplanError
from samplan.jobs.models import JobEvent, JobRun

# Not now(), which is when the transaction began.
INSTANT = func.clock_timestamp()

WORKER_LOST, TIMED_OUT, INTERNAL = "worker_lost", "timed_out", "internal"
MODULE_DISABLED = "module_disabled"


class RunLost(Exception):
    """The run is no longer this worker's: its lease ran out, and it may be another's by now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt of a run that this worker has taken."""

    tenant_id: UUID
    run_id: UUID
    attempt: int
    job_type: str
    params: Mapping[str, Any]
    params_version: int
    requested_by: UUID | None
    worker: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people want of a run that is under way."""

    cancel: bool
    keep_result: bool


def move(session: TenantSession, run: JobRun, to: str, *, who: str, why: str | None = None) -> None:
    """Change a run's status and note the event."""
    session.add(
        JobEvent(run_id=run.id, attempt=run.attempt, from_status=run.status, to_status=to, who=who, why=why)
    )
    run.status = to
    if to not in ("queued", "running"):
        run.finished_at = INSTANT
        run.lease_until = None


def take(
    session: TenantSession, run_id: UUID, attempt: int, worker: str, lease_seconds: float
) -> Claim | None:
    """Take a queued attempt; None when it is not there to be taken, whatever the message said."""
    run = session.scalar(
        select(JobRun)
        .where(JobRun.id == run_id, JobRun.attempt == attempt, JobRun.status == "queued")
        .with_for_update()
    )
    if run is None:
        return None
    move(session, run, "running", who=f"worker:{worker}")
    run.worker, run.started_at = worker, INSTANT
    run.lease_until = INSTANT + timedelta(seconds=lease_seconds)
    run.progress = {}
    run.error_code = run.error_id = run.error_details = None
    return Claim(
        tenant_id=session.tenant_id,
        run_id=run.id,
        attempt=attempt,
        job_type=run.job_type,
        params=run.params,
        params_version=run.params_version,
        requested_by=run.requested_by,
        worker=worker,
    )


def renew(
    session: TenantSession, claim: Claim, lease_seconds: float, progress: Mapping[str, Any]
) -> Wishes | None:
    """Renew the lease, write progress and read the wishes; None when the run is lost."""
    row = session.execute(
        update(JobRun)
        .where(JobRun.id == claim.run_id, JobRun.attempt == claim.attempt, JobRun.status == "running")
        .values(lease_until=INSTANT + timedelta(seconds=lease_seconds), progress=dict(progress))
        .returning(JobRun.cancel_requested, JobRun.keep_result),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    return None if row is None else Wishes(row.cancel_requested, row.keep_result)


def hold(session: TenantSession, run_id: UUID, attempt: int) -> JobRun:
    """Return the running attempt, locked until the transaction ends; raises `RunLost`."""
    run = session.scalar(
        select(JobRun)
        .where(JobRun.id == run_id, JobRun.attempt == attempt, JobRun.status == "running")
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if run is None:
        raise RunLost(f"run {run_id}, attempt {attempt}")
    return run


def finish(
    session: TenantSession,
    claim: Claim,
    result: Mapping[str, Any],
    write: Callable[[TenantSession], None] | None,
    progress: Mapping[str, Any],
) -> str:
    """Store what the handler gave and close the run; returns its status, or raises `RunLost`.

    A run that somebody asked to cancel is `cancelled`, even when it was about to succeed; what it found is
    stored if they wished to keep it, and dropped otherwise.
    """
    run = hold(session, claim.run_id, claim.attempt)
    run.progress = dict(progress)
    status = "cancelled" if run.cancel_requested else "succeeded"
    if run.keep_result or not run.cancel_requested:
        if write is not None:
            write(session)
        run.result = dict(result)
    move(session, run, status, who=f"worker:{claim.worker}")
    return status


def fail(session: TenantSession, claim: Claim, error: SamplanError, progress: Mapping[str, Any]) -> None:
    """Close the run with an expected failure; raises `RunLost`."""
    run = hold(session, claim.run_id, claim.attempt)
    run.progress = dict(progress)
    run.error_code = error.code
    run.error_details = _as_json({"message": str(error.message), **error.details})
    status = "cancelled" if run.cancel_requested else "failed"
    move(session, run, status, who=f"worker:{claim.worker}", why=error.code)


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return plain


def give_up(session: TenantSession, claim: Claim, error_id: str) -> None:
    """Hand back a run whose handler met a bug: its lease ends now, and the reconciler decides on a retry."""
    run = hold(session, claim.run_id, claim.attempt)
    run.error_code, run.error_id = INTERNAL, error_id
    run.lease_until = INSTANT
    move(session, run, "running", who=f"worker:{claim.worker}", why=f"error {error_id}")


def requeue(session: TenantSession, run: JobRun, *, who: str, why: str | None = None) -> None:
    """Put a run back in its queue as its next attempt."""
    move(session, run, "queued", who=who, why=why)
    run.attempt += 1
    run.queued_at = INSTANT
    run.started_at = run.finished_at = run.lease_until = run.worker = None
