"""lines ready to be read in have no key of their own, and lines of a month are found where they stand

What waited to be read in is made again from its file.

Revision: a4c8307d2b15
Revises: c7d5e1f80a36
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "a4c8307d2b15"
down_revision = "c7d5e1f80a36"
branch_labels = None
depends_on = None

MANY_ROWS = ("staged_line", "staged_sum", "cost_line")
MAY_LACK = ("line_key", "kind", "unit", "work_month", "booked_month", "amount")


def upgrade() -> None:
    for table in ("staged_line", "staged_sum"):
        op.execute(f"TRUNCATE agency.{table}")
        op.drop_constraint(f"pk_{table}", table, schema="agency")
        op.drop_column(table, "id", schema="agency")
        op.alter_column(table, "tenant_id", server_default=None, schema="agency")
    _lines()
    _sums()
    op.drop_index("ix_cost_line_drill", table_name="cost_line", schema="agency")
    op.create_index(
        "ix_cost_line_work_month",
        "cost_line",
        ["tenant_id", "work_month"],
        schema="agency",
        postgresql_using="brin",
    )
    for table in MANY_ROWS:
        op.protect_tenant_table("agency", table, kind="many_rows")


def _lines() -> None:
    for name in MAY_LACK:
        op.alter_column("staged_line", name, nullable=True, schema="agency")
    for name in ("account", "time_class"):
        op.alter_column("staged_line", name, nullable=False, schema="agency")
    for name in ("wrong", "refused"):
        op.add_column("staged_line", sa.Column(name, sa.Integer(), nullable=False), schema="agency")
    op.alter_column(
        "staged_line", "zone", type_=sa.Integer(), postgresql_using="zone::integer", schema="agency"
    )


def _sums() -> None:
    for name in ("work_month", "booked_month", "kind", "amount", "hours"):
        op.alter_column("staged_sum", name, nullable=True, schema="agency")
    op.add_column("staged_sum", sa.Column("unit", sa.String(), nullable=True), schema="agency")
    op.add_column("staged_sum", sa.Column("first_row", sa.Integer(), nullable=False), schema="agency")


def downgrade() -> None:
    for table in MANY_ROWS:
        op.protect_tenant_table("agency", table)
    op.drop_index("ix_cost_line_work_month", table_name="cost_line", schema="agency")
    op.create_index(
        "ix_cost_line_drill",
        "cost_line",
        ["tenant_id", "work_month", "unit_id"],
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NULL"),
    )
    for table in ("staged_line", "staged_sum"):
        op.execute(f"TRUNCATE agency.{table}")
        op.add_column(
            table,
            sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
            schema="agency",
        )
        op.create_primary_key(f"pk_{table}", table, ["tenant_id", "id"], schema="agency")
        op.alter_column(
            table,
            "tenant_id",
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            schema="agency",
        )
    _as_before()


def _as_before() -> None:
    for name in ("first_row", "unit"):
        op.drop_column("staged_sum", name, schema="agency")
    for name in ("work_month", "booked_month", "kind", "amount", "hours"):
        op.alter_column("staged_sum", name, nullable=False, schema="agency")
    for name in ("wrong", "refused"):
        op.drop_column("staged_line", name, schema="agency")
    for name in ("account", "time_class"):
        op.alter_column("staged_line", name, nullable=True, schema="agency")
    for name in MAY_LACK:
        op.alter_column("staged_line", name, nullable=False, schema="agency")
    op.alter_column("staged_line", "zone", type_=sa.String(), schema="agency")
