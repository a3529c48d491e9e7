"""A core for tests of jobs, wired by hand, and short ways to what they look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from jobprobe import JobProbe
from sqlalchemy import select

from samplan.clock import FrozenClock
from samplan.core import Core
from samplan.db.session import Database
from samplan.jobs.dispatch import InlineDispatcher
from samplan.jobs.models import JobEvent, JobRun, ScheduleMark
from samplan.jobs.service import request_run
from samplan.modules.manager import Modules
from samplan.settings import Settings
from samplan.tenancy.context import TenantContext, TenantDirectory
from samplan.tenancy.models import TenantModule
from samplan.testing.factories import add_tenant

NOW = datetime(2027, 1, 4, 8, 30, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def make_settings(**values: Any) -> Settings:
    """Return settings for a core that is wired by hand."""
    required = {"database_url": "postgresql://", "redis_url": "unix://", "secret_key": "s" * 32}
    return Settings(**{**required, "grace_seconds": 0.0, "environment": "test", **values})


@dataclass(slots=True)
class Bench:
    """A core with one tenant, and short ways to what the tests look at."""

    core: Core
    tenant: TenantContext
    clock: FrozenClock
    account: UUID

    @property
    def messages(self) -> InlineDispatcher:
        dispatcher = self.core.dispatcher
        assert isinstance(dispatcher, InlineDispatcher)
        return dispatcher

    def request(self, name: str, /, **options: Any) -> UUID:
        """Ask for a run of the probe in a transaction of its own."""
        params = options.pop("params", {"number": 21})
        with self.core.database.unit_of_work(self.tenant.id) as session:
            options.setdefault("requested_by", self.account)
            run = request_run(self.core, session, self.tenant, f"jobprobe.{name}", params, **options)
        return run.id

    def work(self) -> int:
        return self.messages.work(self.core)

    def run(self, run_id: UUID) -> JobRun:
        with self.core.database.unit_of_work(self.tenant.id) as session:
            return session.scalars(select(JobRun).where(JobRun.id == run_id)).one()

    def set_run(self, run_id: UUID, **values: Any) -> None:
        """Change columns of a run, as time or a crash would have."""
        with self.core.database.unit_of_work(self.tenant.id) as session:
            run = session.scalars(select(JobRun).where(JobRun.id == run_id)).one()
            for name, value in values.items():
                setattr(run, name, value)

    def events(self, run_id: UUID) -> list[tuple[int, str | None, str, str | None]]:
        with self.core.database.unit_of_work(self.tenant.id) as session:
            rows = session.scalars(select(JobEvent).where(JobEvent.run_id == run_id).order_by(JobEvent.at))
            return [(row.attempt, row.from_status, row.to_status, row.why) for row in rows]

    def marks(self) -> list[str]:
        """Return the rows that the probe's handlers have written."""
        with self.core.database.unit_of_work(self.tenant.id) as session:
            rows = session.scalars(select(ScheduleMark.schedule).order_by(ScheduleMark.schedule))
            return [row for row in rows if not row.startswith(("core.", "jobprobe."))]

    def switch(self, *, enabled: bool) -> None:
        """Switch the probe on or off for the tenant."""
        with self.core.database.unit_of_work(self.tenant.id) as session:
            row = session.get_one(TenantModule, (self.tenant.id, "jobprobe"))
            row.enabled = enabled


def load_modules(plugin: JobProbe) -> Modules:
    """Return the modules with the probe alone; of the core without its own schedules."""
    modules = Modules.load([plugin])
    modules.installed["core"] = replace(modules.installed["core"], schedules=())
    return modules


def make_bench(database: Database, modules: Modules, slug: str = "provregionen", **settings: Any) -> Bench:
    """Wire a core around a database and add a tenant that uses the probe."""
    clock = FrozenClock(NOW)
    directory = TenantDirectory(database, frozenset(module.name for module in modules))
    core = Core(make_settings(**settings), database, modules, directory, InlineDispatcher(), clock)
    tenant = add_tenant(database, slug, modules=["jobprobe"])
    return Bench(core, directory.fresh(tenant.id), clock, uuid4())
