"""cost totals

Revision: d2f5a7c81b34
Revises: b7d41c5a9e02
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "d2f5a7c81b34"
down_revision = "b7d41c5a9e02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_cost_total()
    # Tables force their policies on everybody, and the migrator passes by them: all tenants' rows are summed.
    op.execute(
        """
        INSERT INTO agency.cost_total (tenant_id, work_month, booked_to, source, kind, unit_id, category,
                                       sector_id, supplier_id, zone, amount, hours, lines)
        SELECT tenant_id, work_month, max(booked_month), source, kind, unit_id, category, sector_id,
               supplier_id, zone, sum(amount), sum(hours), sum(lines)
        FROM agency.cost_month
        GROUP BY tenant_id, work_month, source, kind, unit_id, category, sector_id, supplier_id, zone
        """
    )


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "cost_total")
    op.drop_index("ix_cost_total_work_month", table_name="cost_total", schema="agency")
    op.drop_table("cost_total", schema="agency")


def _create_cost_total() -> None:
    op.create_table(
        "cost_total",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("booked_to", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("sector_id", sa.Uuid(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("zone", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("hours", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hired', 'own', 'other_cost', 'revenue')", name=op.f("ck_cost_total_kind")
        ),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f("ck_cost_total_work_month")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_cost_total_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cost_total")),
        schema="agency",
    )
    op.create_index(
        "ix_cost_total_work_month", "cost_total", ["tenant_id", "work_month", "kind"], schema="agency"
    )
    op.protect_tenant_table("agency", "cost_total")
