"""The demo's servers: its own ones, and given ones of which nothing is taken that is another's."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from samplan.db.bootstrap import LOGIN_ROLES, bootstrap_roles, drop_database
from samplan.db.engine import make_engine, role_faults
from samplan.demo import servers
from samplan.demo.folder import DemoFault
from samplan.demo.postgres import PostgresServer
from samplan.demo.redis import RedisServer
from samplan.demo.servers import DATABASE, drop_given_database, run_postgres, run_redis

PASSWORDS = {role: f"{role}-4f1b" for role in LOGIN_ROLES}
CHECKED = "local all samplan_super trust\nlocal all all scram-sha-256\n"


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server that asks all but its superuser for a password, and give the superuser's address."""
    data = tmp_path_factory.mktemp("given") / "data"
    with PostgresServer.start(data, durable=False) as server:
        (data / "pg_hba.conf").write_text(CHECKED)
        with psycopg.connect(server.libpq_url()) as connection:
            connection.execute("SELECT pg_reload_conf()")
        yield server.libpq_url()


def databases(admin: str) -> set[str]:
    with psycopg.connect(admin) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()}


def role_of(url: str) -> tuple[str, str]:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_user, current_database()").fetchone()
    assert row is not None
    return row


def test_own_server_has_the_database_and_its_safe_roles(tmp_path: Path) -> None:
    with run_postgres(tmp_path, {}, PASSWORDS) as address:
        assert {name: role_of(url) for name, url in address.urls.items()} == {
            "app": ("samplan_app", DATABASE),
            "migrator": ("samplan_migrator", DATABASE),
            "metrics": ("samplan_metrics", DATABASE),
        }
        assert address.pid is not None
        engine = make_engine(address.urls["app"], pool_size=1)
        assert role_faults(engine) == []
        engine.dispose()
    with pytest.raises(ProcessLookupError):
        os.kill(address.pid, 0)
    assert (tmp_path / "postgres" / "PG_VERSION").exists()


def test_given_server_gets_roles_with_this_demos_passwords_and_keeps_the_database(
    given: str, tmp_path: Path
) -> None:
    environ = {"DATABASE_URL": given}
    for _ in range(2):
        with run_postgres(tmp_path, environ, PASSWORDS) as address:
            assert role_of(address.urls["app"]) == ("samplan_app", DATABASE)
            assert address.pid is None
    assert DATABASE in databases(given)
    assert list(tmp_path.iterdir()) == []
    with run_postgres(tmp_path, environ, PASSWORDS, throwaway=True) as address:
        scratch = role_of(address.urls["migrator"])[1]
        assert {DATABASE, scratch} <= databases(given)
    assert databases(given).isdisjoint({scratch})
    drop_given_database(environ)
    drop_given_database({})
    assert DATABASE not in databases(given)


def test_server_of_another_samplan_is_refused_and_left_as_it_was(given: str, tmp_path: Path) -> None:
    bootstrap_roles(given, passwords=PASSWORDS)
    others = dict.fromkeys(LOGIN_ROLES, "another")
    with (
        pytest.raises(DemoFault, match="another Samplan uses the server"),
        run_postgres(tmp_path, {"DATABASE_URL": given}, others),
    ):
        pass
    assert DATABASE not in databases(given)
    with run_postgres(tmp_path, {"DATABASE_URL": given}, PASSWORDS) as address:
        assert role_of(address.urls["app"]) == ("samplan_app", DATABASE)
    drop_database(given, DATABASE)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "not an address"),
        ("mysql://root@/x", "must be a postgresql:// address"),
        ("postgresql://x@/y?host=/nowhere", "cannot be reached"),
    ],
)
def test_address_that_is_no_server_is_refused(tmp_path: Path, url: str, reason: str) -> None:
    with pytest.raises(DemoFault, match=reason), run_postgres(tmp_path, {"DATABASE_URL": url}, PASSWORDS):
        pass


def test_server_without_rights_or_too_old_is_refused(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute("CREATE ROLE somebody LOGIN PASSWORD 'x'")
    weak = given.replace("samplan_super@", "somebody:x@")
    with (
        pytest.raises(DemoFault, match="must be the address of a superuser"),
        run_postgres(tmp_path, {"DATABASE_URL": weak}, PASSWORDS),
    ):
        pass
    monkeypatch.setattr(servers, "MINIMUM_SERVER_VERSION", 990000)
    with (
        pytest.raises(DemoFault, match="18 or later is needed, and this is 18"),
        run_postgres(tmp_path, {"DATABASE_URL": given}, PASSWORDS),
    ):
        pass


def test_redis_is_our_own_or_the_given_one(tmp_path: Path) -> None:
    with RedisServer.start(tmp_path) as server:
        with run_redis(tmp_path, {"REDIS_URL": server.url}) as address:
            assert (address.urls[""], address.pid) == (server.url, None)
        url = server.url
    with run_redis(tmp_path, {}) as address:
        assert address.urls[""] != url
        assert address.pid is not None
    for wrong, reason in ((url, "does not answer"), ("http://x/", "must be a redis://")):
        with pytest.raises(DemoFault, match=reason), run_redis(tmp_path, {"REDIS_URL": wrong}):
            pass
