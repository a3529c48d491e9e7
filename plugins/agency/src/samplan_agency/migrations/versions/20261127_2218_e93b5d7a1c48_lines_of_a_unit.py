"""lines of a unit are found again without looking at all of their months

Revision: e93b5d7a1c48
Revises: a4c8307d2b15
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e93b5d7a1c48"
down_revision = "a4c8307d2b15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_cost_line_work_month", table_name="cost_line", schema="agency")
    op.create_index(
        "ix_cost_line_drill",
        "cost_line",
        ["tenant_id", "work_month", "unit_id"],
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_cost_line_drill", table_name="cost_line", schema="agency")
    op.create_index(
        "ix_cost_line_work_month",
        "cost_line",
        ["tenant_id", "work_month"],
        schema="agency",
        postgresql_using="brin",
    )
