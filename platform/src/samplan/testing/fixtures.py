"""The fixtures: servers per test process, databases per test, and the check that no tenant leaks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from samplan.db.session import Database, TenantSession
    from samplan.modules.manager import Modules
    from samplan.tenancy.models import Tenant
    from samplan.testing.server import Databases, DatabaseServer, RolledBackDatabase, ScratchDatabase
    from samplan.testing.site import Site

LEAKS = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def database_server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[DatabaseServer]:
    """Start a PostgreSQL with our roles; its connections are watched (see `no_leaked_tenant`)."""
    from samplan.testing.server import run_database_server, watched_pools

    leaks = request.config.stash.setdefault(LEAKS, [])
    folder = tmp_path_factory.mktemp("postgres")
    with watched_pools(leaks), run_database_server(folder, os.environ) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(database_server: DatabaseServer) -> Iterator[Databases]:
    """Give what makes databases on the server."""
    from samplan.testing.server import Databases

    made = Databases(database_server)
    yield made
    made.close()


@pytest.fixture(scope="session")
def installed_modules() -> Modules:
    """Register and check every installed plugin."""
    from samplan.modules.manager import Modules

    return Modules.load()


@pytest.fixture
def modules(installed_modules: Modules) -> Modules:
    """Give the modules that the databases are migrated for; override it to test with others."""
    return installed_modules


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[ScratchDatabase]:
    """Make a database without our tables, for tests of migrations."""
    with databases.empty() as database:
        yield database


@pytest.fixture
def scratch_database(databases: Databases, modules: Modules) -> Iterator[ScratchDatabase]:
    """Make a migrated database of this test's own, for tests that commit or start other processes."""
    with databases.migrated(modules) as database:
        yield database


@pytest.fixture
def database(databases: Databases, scratch_database: ScratchDatabase) -> Iterator[Database]:
    """Open `scratch_database` as the application's role: commits are real."""
    from samplan.db.session import Database

    with databases.opened(scratch_database) as engine:
        yield Database(engine)


@pytest.fixture
def db(databases: Databases, modules: Modules) -> Iterator[RolledBackDatabase]:
    """Open a database as the application's role, and roll everything back after the test; fast."""
    from samplan.testing.server import rolled_back

    with rolled_back(databases.shared_engine(modules)) as database:
        yield database


@pytest.fixture
def tenant(db: RolledBackDatabase) -> Tenant:
    """Add a tenant to `db`; `samplan.testing.factories.add_tenant` makes others."""
    from samplan.testing.factories import add_tenant

    return add_tenant(db)


@pytest.fixture
def tenant_session(db: RolledBackDatabase, tenant: Tenant) -> Iterator[TenantSession]:
    """Open a session of `tenant` for the whole test."""
    session = db.tenant_session(tenant.id)
    yield session
    session.rollback()
    session.close()


@pytest.fixture
def site(database: Database, modules: Modules) -> Site:
    """Build the web application over `database`; people are signed in without passwords."""
    from samplan.testing.site import build_site

    return build_site(database, modules)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a Redis for this test process and give its address."""
    from samplan.testing.server import run_redis_server

    with run_redis_server(tmp_path_factory.mktemp("redis"), os.environ) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """Give the address of a Redis that has just been emptied."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushdb()
    return redis_server


@pytest.fixture(autouse=True)
def no_leaked_tenant(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test after which a pooled connection still said whose it is."""
    yield
    leaks = request.config.stash.get(LEAKS, [])
    found, leaks[:] = sorted(set(leaks)), []
    if found:
        pytest.fail(f"connections went back to the pool with {', '.join(found)}")
