"""The thread beside a handler that renews the run's lease, writes progress and reads the wish to cancel."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import structlog
from sqlalchemy.exc import SQLAlchemyError

from samplan.db.session import Database
from samplan.jobs.transitions import Claim, renew

log = structlog.get_logger(__name__)

# How soon a cancellation is seen, and the least time between two writes of progress.
BEAT_SECONDS = 1.0
# A handler that does not stop when its time is up keeps the run so much longer, then loses it.
OVERTIME_SECONDS = 60.0


class Heartbeat:
    """Keeps the lease of one attempt while the block runs; every beat is one short transaction.

    After `lease_seconds` without a beat that the database has heard, the run counts as lost here too.
    """

    def __init__(self, database: Database, claim: Claim, *, lease_seconds: float, max_seconds: float) -> None:
        """Beat for `claim`; give up when the handler works on long after `max_seconds`."""
        self._database = database
        self._claim = claim
        self._lease_seconds = lease_seconds
        self._last_moment = time.monotonic() + max_seconds + OVERTIME_SECONDS
        self._heard = time.monotonic()
        self._lock = threading.Lock()
        self._progress: dict[str, Any] = {}
        self._over = threading.Event()
        self._stop = threading.Event()
        self.keep_result = False
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def progress(self) -> Mapping[str, Any]:
        """What was last reported."""
        with self._lock:
            return dict(self._progress)

    def report(self, news: Mapping[str, Any]) -> bool:
        """Note progress for the next beat; returns False when the handler must stop now."""
        with self._lock:
            self._progress |= news
        lost = time.monotonic() - self._heard > self._lease_seconds
        return not (lost or self._stop.is_set())

    def _run(self) -> None:
        while not self._over.wait(min(BEAT_SECONDS, self._lease_seconds / 3)):
            try:
                self._beat()
            except SQLAlchemyError:
                log.warning("heartbeat_failed", run_id=str(self._claim.run_id), exc_info=True)

    def _beat(self) -> None:
        if time.monotonic() > self._last_moment:
            self._stop.set()
            return
        started = time.monotonic()
        with self._database.unit_of_work(self._claim.tenant_id) as session:
            wishes = renew(session, self._claim, self._lease_seconds, self.progress)
        if wishes is None:
            self._stop.set()
            return
        self._heard = started
        self.keep_result = wishes.keep_result
        if wishes.cancel:
            self._stop.set()
