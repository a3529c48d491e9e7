"""shares of contracts

Revision: c41d9be07a35
Revises: 2d4f474bb992
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "c41d9be07a35"
down_revision = "2d4f474bb992"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _contract_share()
    op.protect_tenant_table("rostering", "contract_share")


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


def _frame(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _key_to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"rostering.{target}.tenant_id", f"rostering.{target}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete=ondelete,
    )


def _contract_share() -> None:
    table = "contract_share"
    op.create_table(
        table,
        *_keys(),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("ward_id", sa.Uuid(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("percentage", sa.Numeric(), nullable=False),
        sa.CheckConstraint("percentage > 0 AND percentage <= 100", name=op.f("ck_contract_share_percentage")),
        _key_to(table, "contract_id", "contract", "CASCADE"),
        _key_to(table, "ward_id", "ward"),
        *_frame(table),
        sa.UniqueConstraint(
            "tenant_id",
            "contract_id",
            "ward_id",
            "work",
            name=op.f("uq_contract_share_tenant_id_contract_id_ward_id_work"),
        ),
        schema="rostering",
    )


def downgrade() -> None:
    op.unprotect_tenant_table("rostering", "contract_share")
    op.drop_table("contract_share", schema="rostering")
