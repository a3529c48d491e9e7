"""hours by time of day

Revision: b7e2d95c1a48
Revises: a4c81e7d9f20
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7e2d95c1a48"
down_revision = "a4c81e7d9f20"
branch_labels = None
depends_on = None
CLASSES = "('ordinary', 'evening', 'night', 'weekend', 'holiday', 'on_call', 'overtime', 'travel')"


def upgrade() -> None:
    op.add_column("hours_month", sa.Column("time_class", sa.String(), nullable=True), schema="agency")
    op.create_check_constraint(
        op.f("ck_hours_month_time_class"), "hours_month", f"time_class IN {CLASSES}", schema="agency"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_hours_month_time_class"), "hours_month", schema="agency", type_="check")
    op.drop_column("hours_month", "time_class", schema="agency")
