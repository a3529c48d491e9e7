"""what a forecast counts

Revision: f1c6a83d9e27
Revises: e93b5d7a1c48
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "f1c6a83d9e27"
down_revision = "e93b5d7a1c48"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "forecast",
        sa.Column("counted", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        schema="agency",
    )


def downgrade() -> None:
    op.drop_column("forecast", "counted", schema="agency")
