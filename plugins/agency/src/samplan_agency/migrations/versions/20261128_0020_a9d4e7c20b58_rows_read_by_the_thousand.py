"""tables whose rows are read by the thousand read their tenant once for a statement

Revision: a9d4e7c20b58
Revises: f1c6a83d9e27
"""

from __future__ import annotations

from alembic import op

import samplan.db.migrations.ops

revision = "a9d4e7c20b58"
down_revision = "f1c6a83d9e27"
branch_labels = None
depends_on = None

TABLES = ("cost_month", "call_off_line", "call_off_answer", "time_report")


def upgrade() -> None:
    for table in TABLES:
        op.protect_tenant_table("agency", table, kind="many_rows")


def downgrade() -> None:
    for table in TABLES:
        op.protect_tenant_table("agency", table)
