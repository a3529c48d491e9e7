"""The private PostgreSQL of the demo and the tests, and what an administrator makes in a cluster."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded import value
from samplan.db.bootstrap import bootstrap_roles, create_database, drop_database
from samplan.demo.postgres import PostgresServer
from samplan.demo.process import SOCKET_PATH_BYTES, ServerError


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster") / "data"


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[PostgresServer]:
    with PostgresServer.start(data, durable=False) as running:
        bootstrap_roles(running.libpq_url())
        create_database(running.url(), "wards")
        yield running


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
    lasting = ("CREATE SCHEMA made", "CREATE TABLE public.made (id int)", "SET ROLE samplan_owner")
    temporary = "CREATE TEMPORARY TABLE made (id int) ON COMMIT DROP"
    for role, refused in (("samplan_app", lasting), ("samplan_metrics", (*lasting, temporary))):
        for statement in refused:
            with (
                psycopg.connect(server.libpq_url(role, "wards")) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute(statement)
    with psycopg.connect(server.libpq_url("samplan_app", "wards")) as connection:
        connection.execute(temporary)  # large files are read through such tables, gone with the transaction


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
