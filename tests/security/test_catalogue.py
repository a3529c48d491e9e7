"""PostgreSQL's catalogue shows no hole, and a planted hole of each kind is found."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from samplan.db.catalogue import catalogue_faults
from samplan.db.engine import assert_safe_role, make_engine
from samplan.errors import UnsafeDatabaseRole
from samplan.testing.server import ScratchDatabase

PLANTED = {
    "table without row-level security": "ALTER TABLE core.site NO FORCE ROW LEVEL SECURITY",
    "policy that is not one of ours": "CREATE POLICY everything ON core.site FOR SELECT USING (true)",
    "foreign key between tenants' tables without tenant_id": (
        "ALTER TABLE core.site ADD UNIQUE (id);"
        "ALTER TABLE core.org_unit ADD FOREIGN KEY (site_id) REFERENCES core.site (id)"
    ),
    "unique index of a tenant's table that does not start with tenant_id": (
        "CREATE UNIQUE INDEX planted ON core.site (name)"
    ),
    "materialised view": "CREATE MATERIALIZED VIEW core.all_sites AS SELECT * FROM core.site",
    "view that is not security_invoker": "CREATE VIEW core.every_site AS SELECT * FROM core.site",
    "function that runs as its owner": (
        "CREATE FUNCTION core.leak() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
        " AS 'SELECT count(*) FROM core.site'"
    ),
    "thing that the application's role owns": "ALTER TABLE core.site OWNER TO samplan_app",
    "table that the application's role may truncate or refer to": (
        "GRANT TRUNCATE ON core.site TO samplan_app"
    ),
}


def run_as_superuser(database: ScratchDatabase, statement: str) -> None:
    engine = make_engine(database.url("samplan_super"), pool_size=1)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def faults_of(database: ScratchDatabase) -> list[str]:
    engine = make_engine(database.url(), pool_size=1)
    with engine.connect() as connection:
        found = catalogue_faults(connection)
    engine.dispose()
    return found


def test_every_table_of_every_part_is_protected(scratch_database: ScratchDatabase) -> None:
    assert faults_of(scratch_database) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_hole_is_found(scratch_database: ScratchDatabase, kind: str) -> None:
    run_as_superuser(scratch_database, PLANTED[kind])
    assert any(fault.startswith(f"{kind}: ") for fault in faults_of(scratch_database))


@pytest.mark.parametrize("role", ["samplan_super", "samplan_migrator"])
def test_the_application_refuses_a_role_that_sees_everything(
    scratch_database: ScratchDatabase, role: str
) -> None:
    unsafe = make_engine(scratch_database.url(role), pool_size=1)
    with pytest.raises(UnsafeDatabaseRole):
        assert_safe_role(unsafe)
    unsafe.dispose()
    safe = make_engine(scratch_database.url(), pool_size=1)
    assert_safe_role(safe)
    safe.dispose()


def test_the_application_refuses_a_role_that_owns_a_table(scratch_database: ScratchDatabase) -> None:
    run_as_superuser(scratch_database, PLANTED["thing that the application's role owns"])
    owner = make_engine(scratch_database.url(), pool_size=1)
    with pytest.raises(UnsafeDatabaseRole, match="owns"):
        assert_safe_role(owner)
    owner.dispose()
