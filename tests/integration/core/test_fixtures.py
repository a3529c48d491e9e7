"""The shared fixtures: isolated, rolled back, and watching for connections that keep a tenant."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from samplan.db.engine import make_engine, role_faults
from samplan.db.rls import MIGRATOR
from samplan.db.session import Database, SystemSession, TenantSession
from samplan.modules.manager import Modules
from samplan.tenancy.models import Tenant, TenantModule
from samplan.testing.factories import add_tenant
from samplan.testing.fixtures import LEAKS
from samplan.testing.server import (
    DatabaseServer,
    RolledBackDatabase,
    ScratchDatabase,
    run_database_server,
    run_redis_server,
)

pytest_plugins = ("pytester",)


@pytest.fixture
def modules() -> Modules:
    """Use the core alone, so that these tests need no plugin."""
    return Modules.load([])


def module_names(session: TenantSession) -> list[str]:
    return list(session.scalars(select(TenantModule.module).order_by(TenantModule.module)))


def fail_after_adding(db: RolledBackDatabase, tenant: Tenant, module: str) -> None:
    with db.unit_of_work(tenant.id) as session:
        session.add(TenantModule(tenant_id=tenant.id, module=module))
        session.flush()
        session.execute(text("SELECT nothing"))


def test_sessions_of_different_tenants_share_the_transaction_but_not_their_rows(
    db: RolledBackDatabase,
) -> None:
    first = add_tenant(db, "first", modules=["rostering"])
    second = add_tenant(db, "second", modules=["agency", "blood"])
    with db.unit_of_work(first.id) as session:
        assert module_names(session) == ["rostering"]
    with db.unit_of_work(second.id) as session:
        assert module_names(session) == ["agency", "blood"]
    with db.system_session() as system:
        assert system.scalars(select(TenantModule)).all() == []
        assert set(system.scalars(select(Tenant.slug))) == {"first", "second"}


def test_a_failed_unit_of_work_undoes_only_itself(db: RolledBackDatabase, tenant: Tenant) -> None:
    with db.unit_of_work(tenant.id) as session:
        session.add(TenantModule(tenant_id=tenant.id, module="kept"))
    with pytest.raises(ProgrammingError):
        fail_after_adding(db, tenant, "lost")
    with db.unit_of_work(tenant.id) as session:
        assert module_names(session) == ["kept"]


def test_an_open_session_keeps_its_tenant_when_others_work_in_between(
    db: RolledBackDatabase, tenant: Tenant, tenant_session: TenantSession
) -> None:
    tenant_session.add(TenantModule(tenant_id=tenant.id, module="rostering"))
    tenant_session.flush()
    other = add_tenant(db, "other", modules=["agency"])
    assert module_names(tenant_session) == ["rostering"]
    with db.unit_of_work(other.id) as session:
        assert module_names(session) == ["agency"]
    tenant_session.commit()
    assert module_names(tenant_session) == ["rostering"]
    with pytest.raises(ProgrammingError, match="row-level security"):
        tenant_session.execute(text("UPDATE core.tenant_module SET tenant_id = :id"), {"id": other.id})


@pytest.mark.parametrize("turn", [1, 2])
def test_nothing_of_a_former_test_is_left(db: RolledBackDatabase, turn: int) -> None:
    with db.system_session() as session:
        assert session.scalars(select(Tenant)).all() == []
    assert add_tenant(db, f"turn-{turn}").id is not None


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_has_a_database_of_its_own(
    database: Database, scratch_database: ScratchDatabase, turn: int
) -> None:
    assert role_faults(database.engine) == []
    tenant = add_tenant(database, f"turn-{turn}", modules=["rostering"])
    workers = text("SHOW max_parallel_workers_per_gather")
    with database.tenant_session(tenant.id) as page:
        assert page.scalar(workers) == "0", "a request starts no workers"
    with database.unit_of_work(tenant.id) as job:
        assert job.scalar(workers) != "0"
    migrator = make_engine(scratch_database.url(MIGRATOR))
    with migrator.connect() as connection:
        rows = connection.execute(text("SELECT tenant_id, module FROM core.tenant_module")).all()
    migrator.dispose()
    assert [tuple(row) for row in rows] == [(tenant.id, "rostering")]


def test_an_empty_database_has_no_table_of_ours(empty_database: ScratchDatabase) -> None:
    with psycopg.connect(empty_database.url(MIGRATOR).replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'core'").fetchall()
    assert found == []


def test_a_connection_that_keeps_its_tenant_is_noted(
    database: Database, request: pytest.FixtureRequest
) -> None:
    leaks = request.config.stash[LEAKS]
    with database.engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.tenant_id', 'leaked', true)"))
        connection.commit()
    assert leaks == []
    with database.engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.tenant_id', 'leaked', false)"))
        connection.commit()
    assert leaks == ["app.tenant_id=leaked"]
    leaks.clear()
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT current_setting('app.tenant_id')")).scalar_one() == ""


def test_the_check_after_each_test_fails_the_one_that_leaked(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from samplan.testing.fixtures import LEAKS

        def test_leaking(request):
            request.config.stash[LEAKS] = ["app.tenant_id=1"]

        def test_clean(request):
            assert request.config.stash[LEAKS] == []
        """
    )
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*connections went back to the pool with app.tenant_id=1*"])


def test_tests_are_marked_by_the_servers_they_use(
    request: pytest.FixtureRequest, redis_url: str, database_server: DatabaseServer
) -> None:
    assert {mark.name for mark in request.node.iter_markers()} >= {"db", "redis"}
    assert redis_url.startswith(("unix://", "redis"))


def test_servers_of_ones_own_are_used_when_they_are_named(
    database_server: DatabaseServer, tmp_path: Path
) -> None:
    environ = {
        "SAMPLAN_TEST_DATABASE_ADMIN_URL": database_server.admin_url,
        "SAMPLAN_TEST_REDIS_URL": "redis://localhost:6379",
        "PYTEST_XDIST_WORKER": "gw3",
    }
    with run_database_server(tmp_path, environ) as server:
        assert ":samplan-tests@" in server.url("samplan_app", "x")
        engine = make_engine(server.url("samplan_metrics", "postgres"))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT current_user")).scalar_one() == "samplan_metrics"
        engine.dispose()
    with run_redis_server(tmp_path, environ) as url:
        assert url == "redis://localhost:6379?db=3"
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_gone_is_no_fault_of_the_watch(
    database: Database, scratch_database: ScratchDatabase
) -> None:
    with database.engine.connect() as connection:
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        admin = scratch_database.server.admin_url.replace("+psycopg", "")
        with psycopg.connect(admin) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))


def test_a_session_says_nothing_of_what_the_connection_said_before(
    database: Database, request: pytest.FixtureRequest
) -> None:
    tenant = add_tenant(database, modules=["rostering"])
    with database.engine.connect() as connection:
        # As if some code had set it for good: the next one on this connection must not inherit it.
        connection.execute(text("SELECT set_config('app.tenant_id', :id, false)"), {"id": str(tenant.id)})
        connection.commit()
        with SystemSession(connection) as session:
            assert session.scalars(select(TenantModule)).all() == []
        with TenantSession(connection, info={"tenant_id": tenant.id}) as session:
            assert module_names(session) == ["rostering"]
    request.config.stash[LEAKS].clear()
