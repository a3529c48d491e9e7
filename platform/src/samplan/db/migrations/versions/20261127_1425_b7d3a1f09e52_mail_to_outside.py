"""Let a mail go to an organisation outside, which has no account.

Revision: b7d3a1f09e52
Revises: events found
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7d3a1f09e52"
down_revision = "6f2c90d4b7e3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("mail", "account_id", existing_type=sa.Uuid(), nullable=True, schema="core")


def downgrade() -> None:  # refused by PostgreSQL while there is such mail
    op.alter_column("mail", "account_id", existing_type=sa.Uuid(), nullable=False, schema="core")
