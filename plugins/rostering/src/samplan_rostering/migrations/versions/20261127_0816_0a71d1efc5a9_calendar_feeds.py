"""calendar feeds

Revision: 0a71d1efc5a9
Revises: 5e1f7a2c9d04
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "0a71d1efc5a9"
down_revision = "5e1f7a2c9d04"
branch_labels = None
depends_on = None


_TENANT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def _key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(_TENANT), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    )


def upgrade() -> None:
    _calendar_feed()


def downgrade() -> None:
    op.unprotect_tenant_table("rostering", "calendar_feed")
    op.drop_index(
        "ix_calendar_feed_in_use",
        table_name="calendar_feed",
        schema="rostering",
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_table("calendar_feed", schema="rostering")


def _calendar_feed() -> None:
    op.create_table(
        "calendar_feed",
        *_key(),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employee_id"],
            ["rostering.employee.tenant_id", "rostering.employee.id"],
            name=op.f("fk_calendar_feed_tenant_id_employee_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_calendar_feed_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("tenant_id", "token_hash", name=op.f("uq_calendar_feed_tenant_id_token_hash")),
        schema="rostering",
    )
    op.create_index(
        "ix_calendar_feed_in_use",
        "calendar_feed",
        ["tenant_id", "employee_id"],
        unique=True,
        schema="rostering",
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.protect_tenant_table("rostering", "calendar_feed")
