"""Find the mail and the calls of an event by an index: what is old is forgotten by its event.

Revision: 6f2c90d4b7e3
Revises: notices
"""

from __future__ import annotations

from alembic import op

revision = "6f2c90d4b7e3"
down_revision = "c41e7a9d05b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("mail", "webhook_delivery"):
        op.create_index(f"ix_{table}_event", table, ["tenant_id", "event_id"], schema="core")


def downgrade() -> None:
    for table in ("webhook_delivery", "mail"):
        op.drop_index(f"ix_{table}_event", table_name=table, schema="core")
