"""Two tenants with a row in every table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from samplan.db.engine import make_engine
from samplan.db.session import Database
from samplan.modules.manager import Modules
from samplan.testing.factories import add_tenant
from samplan.testing.isolation import DROP_CHECKS, Rows, TwoTenants, protected_tables
from samplan.testing.server import ScratchDatabase


@pytest.fixture
def two_tenants(
    scratch_database: ScratchDatabase, database: Database, modules: Modules
) -> Iterator[TwoTenants]:
    """Fill tenants A and B as the superuser, and give the database as the application sees it."""
    first, second = add_tenant(database, "region-a"), add_tenant(database, "region-b")
    steering = add_tenant(database, "ledning", kind="group")
    tables = protected_tables(modules)
    engine = make_engine(scratch_database.url("samplan_super"), pool_size=1)
    with engine.begin() as connection:
        group = connection.execute(
            text(
                "INSERT INTO core.management_group (slug, name, tenant_id) VALUES ('g', 'G', :t) RETURNING id"
            ),
            {"t": steering.id},
        ).scalar_one()
        rows = []
        for tenant, canary in ((first, "⟦A⟧"), (second, "⟦B⟧")):
            connection.execute(
                text("INSERT INTO core.group_member (group_id, tenant_id) VALUES (:g, :t)"),
                {"g": group, "t": tenant.id},
            )
            account = connection.execute(
                text("INSERT INTO core.account (email) VALUES (:e) RETURNING id"),
                {"e": f"{tenant.slug}@example.test"},
            ).scalar_one()
            made = Rows(tenant.id, group, account, canary, tables)
            rows.append(made)
        # The group's own documents are written by the group's tenant, so the references hold for it alone.
        connection.execute(text(DROP_CHECKS))
        connection.execute(text("SET session_replication_role = replica"))
        for made in rows:
            made.fill(connection)
        connection.execute(text("SET session_replication_role = DEFAULT"))
    engine.dispose()
    return TwoTenants(database, rows[0], rows[1], group, steering.id)
