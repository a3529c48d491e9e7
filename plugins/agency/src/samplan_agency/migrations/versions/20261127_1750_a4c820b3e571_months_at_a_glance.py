"""months at a glance

Revision: a4c820b3e571
Revises: b7e2d95c1a48
"""

from __future__ import annotations

from alembic import op

revision = "a4c820b3e571"
down_revision = "b7e2d95c1a48"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_cost_total_booked_to": ("cost_total", "booked_to"),
    "ix_cost_total_source": ("cost_total", "work_month"),
    "ix_cost_month_booked_month": ("cost_month", "booked_month"),
}


def upgrade() -> None:
    for name, (table, last) in INDEXES.items():
        op.create_index(name, table, ["tenant_id", "source", "kind", last], schema="agency")


def downgrade() -> None:
    for name, (table, _last) in INDEXES.items():
        op.drop_index(name, table_name=table, schema="agency")
