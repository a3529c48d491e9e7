"""The connection to PostgreSQL, and the refusal to serve with a role that could see everything."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from samplan.errors import UnsafeDatabaseRole

MINIMUM_SERVER_VERSION = 180000


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Return an engine for `url`; a plain `postgresql://` address gets the psycopg driver.

    Prepared statements stay off, so that a transaction pooler between us and the server does no harm.
    """
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(
        address,
        pool_size=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # error messages must not carry rows' contents into the log
        connect_args={"prepare_threshold": None, "application_name": "samplan"},
    )


def role_faults(engine: Engine) -> list[str]:
    """Return why the engine's role must not serve requests; empty when it is safe."""
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT rolname, rolsuper, rolbypassrls,"
                " (SELECT count(*) FROM pg_class c"
                "  WHERE c.relowner = r.oid AND c.relkind IN ('r','p')) AS owned,"
                " pg_has_role(rolname, 'pg_database_owner', 'member') AS database_owner,"
                " (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                "  WHERE c.relkind IN ('r','p') AND n.nspname !~ '^(pg_|information_schema)'"
                "  AND pg_has_role(r.rolname, c.relowner, 'member') AND c.relowner <> r.oid) AS through_owner"
                " FROM pg_roles r WHERE rolname = current_user"
            )
        ).one()
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    faults = []
    if row.rolsuper:
        faults.append(f"the role {row.rolname} is a superuser")
    if row.rolbypassrls:
        faults.append(f"the role {row.rolname} has BYPASSRLS")
    if row.owned or row.through_owner or row.database_owner:
        faults.append(f"the role {row.rolname} owns tables or the database, itself or through membership")
    if version < MINIMUM_SERVER_VERSION:
        faults.append(f"PostgreSQL 18 or later is required, this is {version // 10000}")
    return faults


def assert_safe_role(engine: Engine) -> None:
    """Refuse to go on when the role could pass by row-level security; raises `UnsafeDatabaseRole`."""
    faults = role_faults(engine)
    if faults:
        raise UnsafeDatabaseRole("refusing to serve: " + "; ".join(faults))
