"""wish windows

When a period's people may wish and how much, and who has answered.

Revision: 5e1f7a90c2d4
Revises: d4c61f0a1ca1
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "5e1f7a90c2d4"
down_revision = "d4c61f0a1ca1"
branch_labels = None
depends_on = None

OWNER = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "wish_window",
        *_keys("wish_window"),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("vetoes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_wish_window_instants")),
        sa.CheckConstraint("points >= 0 AND vetoes >= 0", name=op.f("ck_wish_window_numbers")),
        _own("wish_window", "period_id", "roster_period"),
        sa.UniqueConstraint("tenant_id", "period_id", name=op.f("uq_wish_window_tenant_id_period_id")),
        schema="rostering",
    )
    op.create_table(
        "wish_answer",
        *_keys("wish_answer"),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        _own("wish_answer", "period_id", "roster_period"),
        _own("wish_answer", "employee_id", "employee"),
        sa.UniqueConstraint(
            "tenant_id",
            "period_id",
            "employee_id",
            name=op.f("uq_wish_answer_tenant_id_period_id_employee_id"),
        ),
        schema="rostering",
    )
    for table in ("wish_window", "wish_answer"):
        op.protect_tenant_table("rostering", table)


def downgrade() -> None:
    for table in ("wish_answer", "wish_window"):
        op.unprotect_tenant_table("rostering", table)
        op.drop_table(table, schema="rostering")


def _keys(table: str) -> tuple[Any, ...]:
    """Return the columns and constraints that every table of a tenant has."""
    return (
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(OWNER), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _own(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Return the key to a table of the module, whose rows take this one's with them."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"rostering.{target}.tenant_id", f"rostering.{target}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )
