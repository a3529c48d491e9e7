"""Using a test's database again: its rows go, and what cannot be put back is noticed and not used again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier, Literal

# Whoever adds, changes or drops something of the schema leaves another count or a newer transaction here.
_CATALOGUES = (
    "pg_namespace",
    "pg_class",
    "pg_attribute",
    "pg_attrdef",
    "pg_constraint",
    "pg_index",
    "pg_trigger",
    "pg_policy",
    "pg_proc",
    "pg_type",
    "pg_rewrite",
    "pg_extension",
    "pg_default_acl",
)
# The cluster's own tables hold other databases too: only this one's rows count.
_OWN = """
    SELECT 'pg_database', count(*), max(xmin::text::bigint)
    FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT 'pg_db_role_setting', count(*), max(setting.xmin::text::bigint)
    FROM pg_db_role_setting AS setting JOIN pg_database AS own ON own.oid = setting.setdatabase
    WHERE own.datname = current_database()"""
_SCHEMA = SQL(" UNION ALL ").join(
    [
        *(
            SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}").format(
                Literal(name), Identifier(name)
            )
            for name in _CATALOGUES
        ),
        SQL(_OWN),
    ]
)
_TABLES = """
    SELECT relnamespace::regnamespace::text, relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)' ORDER BY 1, 2"""
_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


@dataclass(frozen=True, slots=True)
class Untouched:
    """A database as it was before its first test: what its schema is, and the rows that migrations made."""

    schema: list[tuple[Any, ...]]
    tables: tuple[tuple[str, str], ...]
    rows: dict[tuple[str, str], list[tuple[Any, ...]]]

    @classmethod
    def of(cls, connection: Connection[tuple[Any, ...]]) -> Untouched:
        """Look at a database through a superuser's connection that commits by itself."""
        tables = tuple((str(schema), str(name)) for schema, name in connection.execute(_TABLES))
        rows = {table: _rows(connection, table) for table in _filled(connection, tables)}
        return cls(connection.execute(_SCHEMA).fetchall(), tables, rows)

    def restore(self, connection: Connection[tuple[Any, ...]]) -> bool:
        """Empty the database and tell whether it is as before: not where a test has changed its schema.

        The connection is like that of `of`, and may be used again.
        """
        try:
            return self._restore(connection)
        except psycopg.Error:
            return False  # it is gone, or cannot be emptied

    def _restore(self, connection: Connection[tuple[Any, ...]]) -> bool:
        if not all(ended for (ended,) in connection.execute(_OTHERS)):
            return False
        if connection.execute(_SCHEMA).fetchall() != self.schema:
            return False
        # References and triggers that guard rows do not hold for this connection.
        statements: list[Composable] = [SQL("SET session_replication_role = replica")]
        statements += [
            SQL("DELETE FROM {}").format(Identifier(*table))
            for table in _filled(connection, self.tables)
            if table not in self.rows
        ]
        connection.execute(SQL("; ").join(statements), prepare=False)  # several at once cannot be prepared
        return all(_rows(connection, table) == rows for table, rows in self.rows.items())


def _filled(
    connection: Connection[tuple[Any, ...]], tables: tuple[tuple[str, str], ...]
) -> list[tuple[str, str]]:
    """Return the tables that hold a row."""
    asked = [
        SQL("SELECT {}, {} WHERE EXISTS (SELECT FROM {})").format(
            Literal(schema), Literal(name), Identifier(schema, name)
        )
        for schema, name in tables
    ]
    return [(schema, name) for schema, name in connection.execute(SQL(" UNION ALL ").join(asked))]


def _rows(connection: Connection[tuple[Any, ...]], table: tuple[str, str]) -> list[tuple[Any, ...]]:
    query = SQL("SELECT row::text FROM {} AS row ORDER BY 1").format(Identifier(*table))
    return connection.execute(query).fetchall()
