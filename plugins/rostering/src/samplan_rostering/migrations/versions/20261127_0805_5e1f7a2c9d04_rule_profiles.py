"""rule profiles

A ward has a standing rule profile, and exceptions from agreements that are registered for it.

Revision: 5e1f7a2c9d04
Revises: 5d1f7c3ab2e4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "5e1f7a2c9d04"
down_revision = "5d1f7c3ab2e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ward_profile()
    _rule_permission()
    op.protect_tenant_table("rostering", "ward_profile")
    op.protect_tenant_table("rostering", "rule_permission")


def _keys() -> list[sa.Column]:
    return [
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    ]


def _ward_profile() -> None:
    jsonb = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "ward_profile",
        *_keys(),
        sa.Column("ward_id", sa.Uuid(), nullable=False),
        sa.Column("rules", jsonb, nullable=False),
        sa.Column("settings", jsonb, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ward_id"],
            ["rostering.ward.tenant_id", "rostering.ward.id"],
            name=op.f("fk_ward_profile_tenant_id_ward_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_ward_profile_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ward_profile")),
        sa.UniqueConstraint("tenant_id", "ward_id", name=op.f("uq_ward_profile_tenant_id_ward_id")),
        schema="rostering",
    )


def _rule_permission() -> None:
    op.create_table(
        "rule_permission",
        *_keys(),
        sa.Column("ward_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("negotiated", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "rule IN ('short_rest_permission', 'long_shift_permission')", name=op.f("ck_rule_permission_rule")
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_rule_permission_dates")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_rule_permission_minutes")),
        *(_key_to(column, target) for column, target in (("employee_id", "employee"), ("ward_id", "ward"))),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_rule_permission_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_rule_permission")),
        schema="rostering",
    )
    op.create_index(
        "ix_rule_permission_ward",
        "rule_permission",
        ["tenant_id", "ward_id", "valid_from"],
        unique=False,
        schema="rostering",
    )


def _key_to(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"rostering.{target}.tenant_id", f"rostering.{target}.id"],
        name=op.f(f"fk_rule_permission_tenant_id_{column}"),
    )


def downgrade() -> None:
    op.unprotect_tenant_table("rostering", "rule_permission")
    op.unprotect_tenant_table("rostering", "ward_profile")
    op.drop_index("ix_rule_permission_ward", table_name="rule_permission", schema="rostering")
    op.drop_table("rule_permission", schema="rostering")
    op.drop_table("ward_profile", schema="rostering")
