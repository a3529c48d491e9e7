"""sums ready to be read in

Revision: a4c82f6d1e93
Revises: a4c820b3e571
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "a4c82f6d1e93"
down_revision = "a4c820b3e571"
branch_labels = None
depends_on = None

TENANT = sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid")
REPLACED = "ix_cost_line_replaced_by"


def upgrade() -> None:
    op.create_table(
        "staged_sum",
        sa.Column("tenant_id", sa.Uuid(), server_default=TENANT, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("booked_month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("sector_id", sa.Uuid(), nullable=True),
        sa.Column("supplier", sa.String(), nullable=True),
        sa.Column("supplier_name", sa.String(), nullable=True),
        sa.Column("zone", sa.Integer(), nullable=True),
        sa.Column("time_class", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("hours", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_staged_sum")),
        schema="agency",
        prefixes=["UNLOGGED"],
    )
    op.protect_tenant_table("agency", "staged_sum")
    op.drop_index(REPLACED, table_name="cost_line", schema="agency")
    op.create_index(
        REPLACED,
        "cost_line",
        ["tenant_id", "replaced_by"],
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(REPLACED, table_name="cost_line", schema="agency")
    op.create_index(REPLACED, "cost_line", ["replaced_by"], schema="agency", postgresql_using="brin")
    op.unprotect_tenant_table("agency", "staged_sum")
    op.drop_table("staged_sum", schema="agency")
