"""Worker processes: the core of the process, and RQ's loop around `samplan.jobs.runner.execute`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.serializers import JSONSerializer

from samplan.core import Core, build_core
from samplan.jobs.dispatch import rq_queue
from samplan.logs import configure_logs
from samplan.settings import Settings

if sys.platform == "darwin":
    # Apple's libraries do not survive a fork: the work horse is a new process there.
    from rq.worker import SpawnWorker as ForkingWorker
else:
    from rq.worker import Worker as ForkingWorker

log = structlog.get_logger(__name__)

RECONNECT_SECONDS = 2.0


@dataclass(slots=True)
class _Process:
    """The core of one process; a forked child must not use its parent's connections."""

    core: Core
    pid: int


_process: _Process | None = None


def build_worker_context(settings: Settings) -> Core:
    """Wire the core for this process, without holding a connection to PostgreSQL.

    The work horse is forked from here: it finds every module loaded, and opens connections of its own.
    """
    global _process  # noqa: PLW0603 - the one value that a forked work horse takes over
    core = build_core(settings)
    core.database.engine.dispose()
    _process = _Process(core, os.getpid())
    return core


def worker_core() -> Core:
    """Return the core in a work horse: its parent's, or one of its own where it was not forked."""
    if _process is None:
        settings = Settings.from_env(os.environ)
        configure_logs(settings.log_level)
        return build_worker_context(settings)
    if _process.pid != os.getpid():
        _process.core.database.engine.dispose(close=False)
        _process.pid = os.getpid()
    return _process.core


class Worker(ForkingWorker):
    """RQ's worker, which also tells whether it ended because it was asked to.

    The first SIGTERM or SIGINT lets the running job finish; a second one ends it at once.
    """

    stopping = False

    def handle_warm_shutdown_request(self) -> None:
        """Note that the end was asked for."""
        self.stopping = True
        log.info("worker_stopping")


def run_worker(settings: Settings, queues: Iterable[str], *, burst: bool = False) -> None:
    """Work off `queues`, the first ones first, until SIGTERM or SIGINT, or in a `burst` until they are empty.

    When Redis goes away the worker waits for it to come back.
    """
    build_worker_context(settings)
    names = tuple(queues)
    log.info("worker_started", queues=names)
    stopping = False
    while not stopping:
        worker: Worker | None = None
        try:
            worker = _make_worker(settings, names)
            worker.work(burst=burst, logging_level="WARNING")
        except RedisError as error:
            log.warning("redis_unavailable", error=type(error).__name__)
        else:
            stopping = burst
        # Redis may go away while the worker ends: it was asked to end all the same.
        stopping = stopping or (worker is not None and worker.stopping)
        if not stopping:
            time.sleep(RECONNECT_SECONDS)
    log.info("worker_stopped")


def _make_worker(settings: Settings, queues: Iterable[str]) -> Worker:
    connection = Redis.from_url(settings.redis_url)
    return Worker(
        [rq_queue(settings.environment, queue, connection) for queue in queues],
        connection=connection,
        serializer=JSONSerializer,
        log_job_description=False,
    )
