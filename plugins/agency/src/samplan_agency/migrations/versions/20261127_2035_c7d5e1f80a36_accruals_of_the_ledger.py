"""accruals of the ledger

Revision: c7d5e1f80a36
Revises: a4c82f6d1e93
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c7d5e1f80a36"
down_revision = "a4c82f6d1e93"
branch_labels = None
depends_on = None

KINDS = ("hired", "own", "other_cost", "revenue")
TABLES = ("account", "cost_line", "cost_month", "cost_total")


def upgrade() -> None:
    _allow((*KINDS, "accrued"))
    op.create_index(
        "ix_cost_line_accrued",
        "cost_line",
        ["tenant_id", "booked_month"],
        schema="agency",
        postgresql_where=sa.text("kind = 'accrued' AND replaced_by IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_cost_line_accrued", table_name="cost_line", schema="agency")
    _allow(KINDS)


def _allow(kinds: tuple[str, ...]) -> None:
    for table in TABLES:
        name = op.f(f"ck_{table}_kind")
        op.drop_constraint(name, table, schema="agency", type_="check")
        op.create_check_constraint(name, table, f"kind IN {kinds}", schema="agency")
