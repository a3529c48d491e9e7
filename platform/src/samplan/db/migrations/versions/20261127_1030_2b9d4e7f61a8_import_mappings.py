"""Saved mappings of other systems' files.

Revision: 2b9d4e7f61a8
Revises: parts of runs
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "2b9d4e7f61a8"
down_revision = "8d1f6a0c93e4"
branch_labels = None
depends_on = None

_TENANT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "import_mapping",
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(_TENANT), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "content",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_import_mapping_version")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_import_mapping_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint(
            "tenant_id",
            "purpose",
            "name",
            "version",
            name=op.f("uq_import_mapping_tenant_id_purpose_name_version"),
        ),
        schema="core",
    )
    op.protect_tenant_table("core", "import_mapping")


def downgrade() -> None:
    op.unprotect_tenant_table("core", "import_mapping")
    op.drop_table("import_mapping", schema="core")
