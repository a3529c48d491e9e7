"""The one Alembic environment: a branch and a schema per part, run as `samplan_migrator`."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

import samplan.db.migrations.ops  # noqa: F401 - registers op.protect_tenant_table
from samplan.db.base import Base
from samplan.db.engine import make_engine

config = context.config
only: str | None = context.get_x_argument(as_dictionary=True).get("plugin")
schemas: frozenset[str] = frozenset(config.attributes["schemas"])


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Look at our own schemas only; with `-x plugin=…` at that one."""
    if kind == "schema":
        return name == only if only else name in schemas
    return True


def include_object(item: Any, _name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Compare the tables of our own schemas; with `-x plugin=…` of that one."""
    if kind == "table":
        return bool(item.schema == only if only else item.schema in schemas)
    return True


def compare_server_default(
    _context: Any,
    _inspected: Any,
    _column: Any,
    inspected_default: str | None,
    _metadata: Any,
    ours: str | None,
) -> bool:
    """Compare defaults as text, since `uuidv7()` never equals itself when it is run."""
    return _plain(inspected_default) != _plain(ours)


def _plain(default: str | None) -> str | None:
    if default is None:
        return None
    text_only = default.replace("::character varying", "").replace("::text", "").replace("::jsonb", "")
    return text_only.replace("(", "").replace(")", "").replace(" ", "").strip("'").lower()


def run() -> None:
    """Upgrade, downgrade or compare under a lock, with time limits, one transaction per revision."""
    engine = make_engine(config.attributes["url"], pool_size=1)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT set_config('lock_timeout', '4s', false)"))
            connection.execute(text("SELECT set_config('statement_timeout', '10min', false)"))
            connection.execute(text("SELECT pg_advisory_lock(hashtext('samplan-migrations'))"))
            connection.commit()
            _migrate(connection)
    finally:
        engine.dispose()


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_schemas=True,
        include_name=include_name,
        include_object=include_object,
        version_table_schema="public",
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=compare_server_default,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
