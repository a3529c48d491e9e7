"""deliveries by the million

Revision: b7d41c5a9e02
Revises: bf6d80adf35b
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "b7d41c5a9e02"
down_revision = "bf6d80adf35b"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("replaced_by IS NULL")
TENANT = sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid")
COUNTS = ("removed", "unchanged", "fault_count")


def upgrade() -> None:
    op.execute(
        "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO samplan_app', current_database()); END $$"
    )
    for name in COUNTS:
        op.add_column(
            "delivery",
            sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False),
            schema="agency",
        )
    op.add_column(
        "delivery",
        sa.Column("whole_months", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="agency",
    )
    kind = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.add_column(
        "delivery",
        sa.Column("summary", kind, server_default=sa.text("'{}'::jsonb"), nullable=False),
        schema="agency",
    )
    _lighten_cost_line()
    _create_hours_month()


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "hours_month")
    op.drop_table("hours_month", schema="agency")
    for name in ("uq_cost_line_in_force", "ix_cost_line_delivery_id", "ix_cost_line_replaced_by"):
        op.drop_index(name, table_name="cost_line", schema="agency")
    op.execute("ALTER TABLE agency.cost_line ALTER COLUMN line_key TYPE varchar USING line_key::text")
    _index(
        "uq_cost_line_in_force", ["tenant_id", "source", "line_key"], unique=True, postgresql_where=IN_FORCE
    )
    _index("ix_cost_line_delivery_id", ["tenant_id", "delivery_id"])
    op.create_foreign_key(
        op.f("fk_cost_line_tenant_id"),
        "cost_line",
        "tenant",
        ["tenant_id"],
        ["id"],
        source_schema="agency",
        referent_schema="core",
    )
    op.create_foreign_key(
        op.f("fk_cost_line_tenant_id_delivery_id"),
        "cost_line",
        "delivery",
        ["tenant_id", "delivery_id"],
        ["tenant_id", "id"],
        source_schema="agency",
        referent_schema="agency",
    )
    for name in (*COUNTS, "whole_months", "summary"):
        op.drop_column("delivery", name, schema="agency")


def _lighten_cost_line() -> None:
    for name in ("fk_cost_line_tenant_id", "fk_cost_line_tenant_id_delivery_id"):
        op.drop_constraint(op.f(name), "cost_line", schema="agency", type_="foreignkey")
    for name in ("uq_cost_line_in_force", "ix_cost_line_delivery_id"):
        op.drop_index(name, table_name="cost_line", schema="agency")
    op.execute(
        "ALTER TABLE agency.cost_line ALTER COLUMN line_key TYPE uuid"
        " USING md5(source || '|' || line_key)::uuid"
    )
    _index("uq_cost_line_in_force", ["tenant_id", "line_key"], unique=True, postgresql_where=IN_FORCE)
    _index("ix_cost_line_delivery_id", ["delivery_id"], postgresql_using="brin")
    _index("ix_cost_line_replaced_by", ["replaced_by"], postgresql_using="brin")


def _index(name: str, columns: list[str], **more: object) -> None:
    op.create_index(name, "cost_line", columns, schema="agency", **more)


def _create_hours_month() -> None:
    op.create_table(
        "hours_month",
        sa.Column("tenant_id", sa.Uuid(), server_default=TENANT, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("line_key", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=12, scale=2), nullable=False),
        *_hours_constraints(),
        schema="agency",
    )
    op.create_index("ix_hours_month_work_month", "hours_month", ["tenant_id", "work_month"], schema="agency")
    op.create_index(
        "uq_hours_month_in_force",
        "hours_month",
        ["tenant_id", "line_key"],
        unique=True,
        schema="agency",
        postgresql_where=IN_FORCE,
    )
    op.protect_tenant_table("agency", "hours_month")


def _hours_constraints() -> list[sa.Constraint]:
    name = "ck_hours_month_"
    return [
        sa.CheckConstraint("category IN ('physician', 'nurse', 'other')", name=op.f(f"{name}category")),
        sa.CheckConstraint("staff IN ('hired', 'own')", name=op.f(f"{name}staff")),
        sa.CheckConstraint("basis IN ('planned', 'worked')", name=op.f(f"{name}basis")),
        sa.CheckConstraint("hours >= 0", name=op.f(f"{name}hours")),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f(f"{name}work_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["agency.delivery.tenant_id", "agency.delivery.id"],
            name=op.f("fk_hours_month_tenant_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_hours_month_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_hours_month")),
    ]
