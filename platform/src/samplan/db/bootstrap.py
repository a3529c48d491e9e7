"""The four roles and the databases, made by a cluster's administrator before any migration runs.

These are the only statements that need an administrator.
"""

from collections.abc import Mapping

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from samplan.db.rls import APP, METRICS, MIGRATOR, OWNER

LOGIN_ROLES = (MIGRATOR, APP, METRICS)

_UNPRIVILEGED = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
_ATTRIBUTES = {
    OWNER: SQL(f"NOLOGIN NOBYPASSRLS INHERIT {_UNPRIVILEGED}"),
    # Row-level security is forced on the owner too: data migrations and dumps need to see all rows.
    MIGRATOR: SQL(f"LOGIN BYPASSRLS INHERIT {_UNPRIVILEGED}"),
    APP: SQL(f"LOGIN NOBYPASSRLS NOINHERIT {_UNPRIVILEGED}"),
    METRICS: SQL(f"LOGIN NOBYPASSRLS NOINHERIT {_UNPRIVILEGED}"),
}
# The same alphabet and order everywhere, whatever the server's own are.
_EMPTY = SQL("template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")


def bootstrap_roles(admin_url: str, *, passwords: Mapping[str, str] | None = None) -> None:
    """Create the roles, or bring existing ones to the attributes that the isolation of tenants rests on.

    Args:
        admin_url: a superuser's address, of libpq's or SQLAlchemy's form.
        passwords: password per login role, of which only the SCRAM hash is sent; a role that is not named
            keeps what it has.

    Raises:
        ValueError: a password for a role that does not log in.
    """
    passwords = passwords or {}
    if unknown := passwords.keys() - set(LOGIN_ROLES):
        raise ValueError(f"no such login role: {', '.join(sorted(unknown))}")
    with _connect(admin_url) as connection:
        # One at a time: PostgreSQL refuses two changes of a role in the same moment.
        _run(connection, "SELECT pg_advisory_lock(hashtext('samplan-roles'))")
        for role, attributes in _ATTRIBUTES.items():
            _create_role(connection, role)
            _run(connection, "ALTER ROLE {} {}", Identifier(role), attributes)
        _run(
            connection, "GRANT {} TO {} WITH INHERIT TRUE, SET TRUE", Identifier(OWNER), Identifier(MIGRATOR)
        )
        for role, password in passwords.items():
            hashed = connection.pgconn.encrypt_password(
                password.encode(), role.encode(), b"scram-sha-256"
            ).decode()
            _run(connection, "ALTER ROLE {} PASSWORD {}", Identifier(role), Literal(hashed))


def create_database(admin_url: str, name: str, template: str | None = None) -> None:
    """Create a database that the owner role owns and only our login roles may enter.

    An existing one is left as it is, apart from those rights.

    Args:
        admin_url: a superuser's address, of libpq's or SQLAlchemy's form.
        name: the new database.
        template: a database to copy, with no one connected to it; an empty one when None.
    """
    with _connect(admin_url) as connection:
        if not _database_exists(connection, name):
            source = Identifier(template) if template else _EMPTY
            statement = "CREATE DATABASE {} OWNER {} STRATEGY wal_log TEMPLATE {}"
            _run(connection, statement, Identifier(name), Identifier(OWNER), source)
        # A copy does not inherit its template's rights.
        _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", Identifier(name))
        roles = SQL(", ").join(map(Identifier, LOGIN_ROLES))
        _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", Identifier(name), roles)
        # Files of a million rows are looked through in tables that end with the transaction.
        _run(connection, "GRANT TEMPORARY ON DATABASE {} TO {}", Identifier(name), Identifier(APP))
    with _connect(admin_url, database=name) as connection:
        _run(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def drop_database(admin_url: str, name: str) -> None:
    """Remove a database with all its data, disconnecting whoever uses it; a missing one is no error."""
    with _connect(admin_url) as connection:
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", Identifier(name))


def _connect(admin_url: str, database: str | None = None) -> Connection:
    # CREATE DATABASE cannot run inside a transaction.
    url = admin_url.replace("postgresql+psycopg:", "postgresql:", 1)
    return psycopg.connect(url, autocommit=True, dbname=database)


def _run(connection: Connection, statement: str, *parts: Composable) -> None:
    connection.execute(SQL(statement).format(*parts))


def _create_role(connection: Connection, role: str) -> None:
    try:
        _run(connection, "CREATE ROLE {}", Identifier(role))
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        return  # it exists, or another process has made it this moment


def _database_exists(connection: Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None
