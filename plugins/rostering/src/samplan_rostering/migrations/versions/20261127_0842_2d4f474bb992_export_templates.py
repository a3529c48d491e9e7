"""export templates

Revision: 2d4f474bb992
Revises: 6f2c1b7d40ea
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "2d4f474bb992"
down_revision = "6f2c1b7d40ea"
branch_labels = None
depends_on = None


_TENANT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def _key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(_TENANT), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    )


def upgrade() -> None:
    _export_template()


def downgrade() -> None:
    op.unprotect_tenant_table("rostering", "export_template")
    op.drop_table("export_template", schema="rostering")


def _export_template() -> None:
    op.create_table(
        "export_template",
        *_key(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "columns",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("separator", sa.String(), nullable=False),
        sa.Column("decimal", sa.String(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("heading", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_export_template_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_export_template")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_export_template_tenant_id_name")),
        schema="rostering",
    )
    op.protect_tenant_table("rostering", "export_template")
