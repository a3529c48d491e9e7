"""prices by class

Revision: f3a9d7c2b615
Revises: c6e2f1a9d480
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "f3a9d7c2b615"
down_revision = "c6e2f1a9d480"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "call_off_line",
        sa.Column(
            "prices",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        schema="agency",
    )


def downgrade() -> None:
    op.drop_column("call_off_line", "prices", schema="agency")
