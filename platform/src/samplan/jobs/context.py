"""What a handler gets and gives: its context, its outcome, and the failure that was to be expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from samplan.clock import Clock
from samplan.db.session import Database, TenantSession
from samplan.errors import SamplanError
from samplan.jobs.heartbeat import Heartbeat
from samplan.jobs.transitions import hold
from samplan.modules.contributions import Text
from samplan.modules.manager import Modules
from samplan.tenancy.context import TenantContext

if TYPE_CHECKING:
    from samplan.core import Core
    from samplan.jobs.parts import PartRun

T = TypeVar("T")


class JobFailed(SamplanError):
    """The job cannot succeed with what it was given, such as an infeasible problem; never retried by itself.

    `message` is an English text to be translated where it is shown, with `%(name)s` for `details`.
    """

    status = 422

    def __init__(self, code: str, message: Text = "", **details: object) -> None:
        """Keep a stable `code`, the text for people, and JSON values that explain it."""
        super().__init__(str(message), **details)
        self.code = code


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler returns: a small JSON `result`, and how to store the rest.

    The plain values of `result` are shown on the run's page, and `link`, a mapping with `endpoint` and
    `values`, leads from there to the page of what was made. `faults`, a number, says how many were found in
    what the job was given: the run has ended well, but is shown as one that wants to be looked at.

    `write` is called in the transaction that finishes the run, so that the result is stored exactly when
    the run is still this worker's, and never by one that lost it.
    """

    result: Mapping[str, Any]
    write: Callable[[TenantSession], None] | None = None


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler may use; it holds no transaction open while it computes."""

    run_id: UUID
    tenant: TenantContext
    attempt: int
    requested_by: UUID | None
    clock: Clock
    database: Database
    modules: Modules
    heartbeat: Heartbeat
    core: Core

    @contextmanager
    def unit_of_work(self) -> Iterator[TenantSession]:
        """Open a transaction of the tenant; it is committed only while the run is this worker's.

        Raises:
            RunLost: another worker has the run, or will have it.
        """
        with self.database.unit_of_work(self.tenant.id, member_of=self.tenant.member_of) as session:
            yield session
            hold(session, self.run_id, self.attempt)

    def find(self, protocol: type[T], session: TenantSession) -> T | None:
        """Return the read interface of another plugin for this tenant, or None where there is none.

        None means that no plugin offers `protocol`, or that the tenant has not enabled the one that does:
        a handler must do its work without it.

        Args:
            protocol: a Protocol of `samplan.plugin_api`.
            session: from `unit_of_work`; what is found reads by it, and ends with it.
        """
        return self.modules.find(protocol, session, self.tenant.enabled_modules)

    def progress(self, pct: float | None = None, phase: Text | None = None, **figures: Any) -> bool:
        """Tell how far the run is; returns False when the handler must stop now.

        Cheap enough for every callback of a solver: it is written at most once a second.

        Args:
            pct: 0 to 100.
            phase: what is being done, an English text to be translated where it is shown.
            figures: numbers to show, such as `incumbent` and `bound`.
        """
        news = {"pct": pct, "phase": None if phase is None else str(phase), **figures}
        return self.heartbeat.report({name: value for name, value in news.items() if value is not None})

    def run_parts(
        self,
        job_type: str,
        parts: Mapping[str, Mapping[str, Any]],
        tell: Callable[[Sequence[PartRun]], Mapping[str, Any]],
    ) -> list[PartRun]:
        """Have work done in parts, each a run of `job_type`, and return them in their order as they ended.

        Whoever works off the queue takes parts, and so does this worker. Parts share the whole's account and
        limits, are cancelled with it, and show in no list. Another attempt of the whole finds what has
        succeeded under the same key; what failed is tried again then, and only then.

        Args:
            job_type: of the same module, with parameters small enough for a run.
            parts: parameters by a key that is the part's own within this run.
            tell: returns the figures for `progress`; called every second, from another thread.

        Raises:
            RunLost: another worker has the whole, or will have it.
        """
        from samplan.jobs.parts import run_parts  # which uses this module

        return run_parts(self, job_type, parts, tell)

    @property
    def keep_result(self) -> bool:
        """Whether who stopped the run wants the best result so far."""
        return self.heartbeat.keep_result
