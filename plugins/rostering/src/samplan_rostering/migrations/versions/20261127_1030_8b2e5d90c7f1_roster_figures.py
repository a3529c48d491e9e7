"""roster figures

Revision: 8b2e5d90c7f1
Revises: c41d9be07a35
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "8b2e5d90c7f1"
down_revision = "c41d9be07a35"
branch_labels = None
depends_on = None


_TENANT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "roster_figures",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(_TENANT), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column(
            "months",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("counted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "roster_id"],
            ["rostering.roster.tenant_id", "rostering.roster.id"],
            name=op.f("fk_roster_figures_tenant_id_roster_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_roster_figures_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roster_figures")),
        sa.UniqueConstraint("tenant_id", "roster_id", name=op.f("uq_roster_figures_tenant_id_roster_id")),
        schema="rostering",
    )
    op.protect_tenant_table("rostering", "roster_figures")


def downgrade() -> None:
    op.unprotect_tenant_table("rostering", "roster_figures")
    op.drop_table("roster_figures", schema="rostering")
