"""The core's parts, put together once per process and passed on as one value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from samplan.clock import Clock, SystemClock
from samplan.db.engine import assert_safe_role, make_engine
from samplan.db.session import Database
from samplan.jobs.dispatch import Dispatcher, RqDispatcher
from samplan.modules.manager import Modules
from samplan.settings import Settings
from samplan.tenancy.context import TenantDirectory


@dataclass(frozen=True, slots=True)
class Core:
    """Everything that services need besides a session."""

    settings: Settings
    database: Database
    modules: Modules
    tenants: TenantDirectory
    dispatcher: Dispatcher
    clock: Clock


def build_core(
    settings: Settings,
    *,
    plugins: Iterable[Any] | None = None,
    dispatcher: Dispatcher | None = None,
    clock: Clock | None = None,
) -> Core:
    """Wire the core for web, worker or command line; refuses a role that could see every tenant.

    Args:
        settings: of the deployment.
        plugins: plugin objects in place of the installed ones.
        dispatcher: in place of Redis, for tests.
        clock: in place of the machine's, for tests.
    """
    modules = Modules.load(plugins, settings.modules)
    engine = make_engine(settings.database_url)
    try:
        assert_safe_role(engine)
    except BaseException:
        engine.dispose()
        raise
    database = Database(engine)
    return Core(
        settings=settings,
        database=database,
        modules=modules,
        tenants=TenantDirectory(database, frozenset(module.name for module in modules)),
        dispatcher=dispatcher or RqDispatcher(settings),
        clock=clock or SystemClock(),
    )
