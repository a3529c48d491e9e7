"""roster edits

Revision: 5e1f7a9c2d48
Revises: 3b8d0c5a91e7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "5e1f7a9c2d48"
down_revision = "3b8d0c5a91e7"
branch_labels = None
depends_on = None

KINDS = "('place', 'replace', 'remove', 'move', 'swap', 'lock', 'unlock', 'several', 'undo', 'redo')"


def upgrade() -> None:
    op.create_table(
        "roster_edit",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("of_number", sa.Integer(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("after_publication", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *_constraints(),
        schema="rostering",
    )
    op.protect_tenant_table("rostering", "roster_edit")


def _constraints() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_roster_edit_kind")),
        sa.CheckConstraint(
            "(kind IN ('undo', 'redo')) = (of_number IS NOT NULL)", name=op.f("ck_roster_edit_of_number")
        ),
        sa.CheckConstraint("NOT after_publication OR reason <> ''", name=op.f("ck_roster_edit_reason")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "roster_id"],
            ["rostering.roster.tenant_id", "rostering.roster.id"],
            name=op.f("fk_roster_edit_tenant_id_roster_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_roster_edit_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roster_edit")),
        sa.UniqueConstraint(
            "tenant_id", "roster_id", "number", name=op.f("uq_roster_edit_tenant_id_roster_id_number")
        ),
    ]


def downgrade() -> None:
    op.unprotect_tenant_table("rostering", "roster_edit")
    op.drop_table("roster_edit", schema="rostering")
