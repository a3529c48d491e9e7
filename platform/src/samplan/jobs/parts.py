"""Runs that are parts of another: whoever is free works them off, the worker of the whole included.

A handler that has much to do splits it (`JobContext.run_parts`). Each part is a run of its own: with its own
lease, attempts and result, so a lost worker costs what it had under way. The handler's worker takes parts
too, so one worker is enough. Parts keep their keys: another attempt of the whole finds what is done already.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from samplan.db.session import TenantSession
from samplan.jobs.models import FINISHED, JobEvent, JobRun
from samplan.jobs.runner import run_attempt
from samplan.jobs.service import (
    check_module,
    new_run,
    queue_again,
    send_after_commit,
    stored_params,
)

if TYPE_CHECKING:
    from samplan.jobs.context import JobContext

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.5
TELL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class PartRun:
    """How far a part is; `result` when it has come to one, `error_code` and its details when it failed."""

    key: str
    run_id: UUID
    attempt: int
    status: str
    progress: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error_code: str | None
    error_details: Mapping[str, Any] | None

    @property
    def finished(self) -> bool:
        """Whether nobody works on it any more, nor will."""
        return self.status in FINISHED


Tell = Callable[[Sequence[PartRun]], Mapping[str, Any]]
"""Returns the figures of the whole's progress, from how far its parts are."""


def run_parts(
    ctx: JobContext, job_type: str, parts: Mapping[str, Mapping[str, Any]], tell: Tell
) -> list[PartRun]:
    """Have the parts done and return them in their order; see `JobContext.run_parts`."""
    ids = _ask(ctx, job_type, parts)
    with _telling(ctx, ids, tell):
        while True:
            found = _look(ctx, ids)
            if all(part.finished for part in found):
                return found
            # The newest, because messages for the oldest are on their way to other workers.
            waiting = [part for part in found if part.status == "queued"]
            if waiting and ctx.progress():
                run_attempt(ctx.core, ctx.tenant.id, waiting[-1].run_id, waiting[-1].attempt)
            else:
                time.sleep(LOOK_SECONDS)


def _ask(ctx: JobContext, job_type: str, parts: Mapping[str, Mapping[str, Any]]) -> dict[UUID, str]:
    """Ask for what was not asked for yet, and again for what failed in an earlier attempt of the whole."""
    ids: dict[UUID, str] = {}
    with ctx.unit_of_work() as session:
        known = {
            run.idempotency_key: run
            for run in session.scalars(select(JobRun).where(JobRun.parent_id == ctx.run_id))
        }
        whole = session.get_one(JobRun, (ctx.tenant.id, ctx.run_id))
        for key, params in parts.items():
            run = known.get(f"part:{ctx.run_id}:{key}")
            if run is None:
                run = _ask_for_part(ctx, session, whole, (job_type, key), params)
            elif run.status in ("failed", "cancelled") and not whole.cancel_requested:
                _ask_again(ctx, session, run)
            ids[run.id] = key
    return ids


def _ask_for_part(
    ctx: JobContext,
    session: TenantSession,
    whole: JobRun,
    named: tuple[str, str],
    params: Mapping[str, Any],
) -> JobRun:
    """Ask for a part of a run by its job and key; it counts towards no limit, the whole does."""
    job_type, key = named
    job = ctx.core.modules.job(job_type)
    check_module(session, job)
    key = f"part:{whole.id}:{key}"
    run = new_run(job, stored_params(job, params), key, whole.requested_by, whole.subject)
    run.parent_id = whole.id
    if whole.cancel_requested:  # at the same moment
        run.cancel_requested, run.status = True, "cancelled"
    session.add(run)
    session.flush()
    who = f"job:{whole.id}"
    session.add(JobEvent(run_id=run.id, attempt=1, from_status=None, to_status=run.status, who=who))
    if run.status == "queued":
        send_after_commit(ctx.core, session, run, job)
    return run


def _ask_again(ctx: JobContext, session: TenantSession, run: JobRun) -> None:
    job = ctx.core.modules.job(run.job_type)
    queue_again(session, run, job)
    session.flush()
    send_after_commit(ctx.core, session, run, job)


def _look(ctx: JobContext, ids: Mapping[UUID, str]) -> list[PartRun]:
    """Return how far the parts are; raises `RunLost` when the whole is no longer this worker's."""
    with ctx.unit_of_work() as session:
        return _parts(session, ids)


def _parts(session: TenantSession, ids: Mapping[UUID, str]) -> list[PartRun]:
    runs = {run.id: run for run in session.scalars(select(JobRun).where(JobRun.id.in_(ids)))}
    return [
        PartRun(
            key=key,
            run_id=run_id,
            attempt=runs[run_id].attempt,
            status=runs[run_id].status,
            progress=dict(runs[run_id].progress),
            result=runs[run_id].result,
            error_code=runs[run_id].error_code,
            error_details=runs[run_id].error_details,
        )
        for run_id, key in ids.items()
    ]


@contextmanager
def _telling(ctx: JobContext, ids: Mapping[UUID, str], tell: Tell) -> Iterator[None]:
    """Keep the whole's progress up to date from a thread, also while this worker is busy with a part."""
    over = threading.Event()

    def keep_telling() -> None:
        while not over.wait(TELL_SECONDS):
            _tell_once(ctx, ids, tell)

    thread = threading.Thread(target=keep_telling, name="parts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _tell_once(ctx, ids, tell)


def _tell_once(ctx: JobContext, ids: Mapping[UUID, str], tell: Tell) -> None:
    try:
        with ctx.database.unit_of_work(ctx.tenant.id) as session:
            found = _parts(session, ids)
    except SQLAlchemyError:
        log.warning("parts_not_seen", run_id=str(ctx.run_id), exc_info=True)
    else:
        ctx.progress(**tell(found))
