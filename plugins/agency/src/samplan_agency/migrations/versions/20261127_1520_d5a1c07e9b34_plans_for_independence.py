"""plans for independence

Revision: d5a1c07e9b34
Revises: be3814246226
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "d5a1c07e9b34"
down_revision = "be3814246226"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "independence_plan",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("actions", _JSON, server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "EXTRACT(day FROM first_month) = 1", name=op.f("ck_independence_plan_first_month")
        ),
        sa.CheckConstraint("months BETWEEN 6 AND 120", name=op.f("ck_independence_plan_months")),
        sa.CheckConstraint("jsonb_typeof(actions) = 'array'", name=op.f("ck_independence_plan_actions")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["core.tenant.id"], name=op.f("fk_independence_plan_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_independence_plan")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_independence_plan_tenant_id_name")),
        schema="agency",
    )
    op.protect_tenant_table("agency", "independence_plan")


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "independence_plan")
    op.drop_table("independence_plan", schema="agency")
