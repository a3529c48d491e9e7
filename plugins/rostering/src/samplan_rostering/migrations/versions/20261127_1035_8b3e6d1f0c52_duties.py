"""duties

Shift types tell how much of them is on-call duty and standby, and shifts how long that was on their date.

Revision: 8b3e6d1f0c52
Revises: 8b2e5d90c7f1
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8b3e6d1f0c52"
down_revision = "8b2e5d90c7f1"
branch_labels = None
depends_on = None

TABLES = ("shift_type", "assignment", "publication_shift", "worked_shift")
COLUMNS = ("on_call_minutes", "standby_minutes")
CHECK = "ck_shift_type_minutes"
BEFORE = "break_minutes >= 0 AND paid_minutes > 0"
AFTER = (
    "break_minutes >= 0 AND paid_minutes >= 0 AND on_call_minutes >= 0 AND standby_minutes >= 0"
    " AND paid_minutes + on_call_minutes + standby_minutes > 0"
)


def upgrade() -> None:
    for table in TABLES:
        for name in COLUMNS:
            column = sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            op.add_column(table, column, schema="rostering")
    op.drop_constraint(op.f(CHECK), "shift_type", schema="rostering")
    op.create_check_constraint(op.f(CHECK), "shift_type", AFTER, schema="rostering")


def downgrade() -> None:
    op.drop_constraint(op.f(CHECK), "shift_type", schema="rostering")
    # Shifts of nothing but duty stay; new ones are refused.
    op.create_check_constraint(
        op.f(CHECK), "shift_type", BEFORE, schema="rostering", postgresql_not_valid=True
    )
    for table in reversed(TABLES):
        for name in reversed(COLUMNS):
            op.drop_column(table, name, schema="rostering")
