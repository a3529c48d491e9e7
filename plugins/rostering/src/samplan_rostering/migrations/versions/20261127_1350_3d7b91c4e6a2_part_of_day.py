"""part of a day

An absence, and a request for one, may be for a part of each of its dates.

Revision: 3d7b91c4e6a2
Revises: 4f8c6a1e92d3
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3d7b91c4e6a2"
down_revision = "4f8c6a1e92d3"
branch_labels = None
depends_on = None

TABLES = ("absence", "absence_request")
CHECKS = (
    ("times", "num_nonnulls(start_time, end_time) IN (0, 2)"),
    ("part", "end_time > start_time OR end_time = '00:00'"),
)


def upgrade() -> None:
    for table in TABLES:
        for column in ("start_time", "end_time"):
            op.add_column(table, sa.Column(column, sa.Time(), nullable=True), schema="rostering")
        for name, condition in CHECKS:
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition, schema="rostering")


def downgrade() -> None:
    for table in TABLES:
        # Without its times a part of a day would become the whole of it.
        rows = sa.table(table, sa.column("start_time"), schema="rostering")
        op.execute(rows.delete().where(rows.c.start_time.is_not(None)))
        for name, _condition in CHECKS:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table, schema="rostering")
        for column in ("end_time", "start_time"):
            op.drop_column(table, column, schema="rostering")
