"""own staff

Revision: c6e2f1a9d480
Revises: d5a1c07e9b34
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "c6e2f1a9d480"
down_revision = "d5a1c07e9b34"
branch_labels = None
depends_on = None

TENANT = sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid")
PEOPLE = ("started", "ended", "residents", "past_65", "introduction")


def upgrade() -> None:
    op.create_table(
        "staff_month",
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
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("fte", sa.Numeric(precision=10, scale=2), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in PEOPLE),
        *_constraints(),
        schema="agency",
    )
    op.create_index("ix_staff_month_work_month", "staff_month", ["tenant_id", "work_month"], schema="agency")
    op.create_index(
        "uq_staff_month_in_force",
        "staff_month",
        ["tenant_id", "line_key"],
        unique=True,
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NULL"),
    )
    op.protect_tenant_table("agency", "staff_month")


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "staff_month")
    op.drop_table("staff_month", schema="agency")


def _constraints() -> list[sa.Constraint]:
    name = "ck_staff_month_"
    return [
        sa.CheckConstraint("category IN ('physician', 'nurse', 'other')", name=op.f(f"{name}category")),
        *(
            sa.CheckConstraint(f"{column} >= 0", name=op.f(f"{name}{column}"))
            for column in ("headcount", "fte", *PEOPLE)
        ),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f(f"{name}work_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["agency.delivery.tenant_id", "agency.delivery.id"],
            name=op.f("fk_staff_month_tenant_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_staff_month_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_staff_month")),
    ]
