"""accruals of forecasts

Revision: a4c81e6f0b27
Revises: a4c8e2d61f70
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a4c81e6f0b27"
down_revision = "a4c8e2d61f70"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.add_column("forecast", sa.Column("accrued", _json(), nullable=True), schema="agency")
    zeros = sa.text("'[0,0,0,0,0,0,0,0,0,0,0,0]'::jsonb")
    months = sa.Column("accrued_months", _json(), server_default=zeros, nullable=False)
    op.add_column("forecast_row", months, schema="agency")
    error = sa.Column("accrued_error", sa.Numeric(16, 2), server_default=sa.text("0"), nullable=False)
    op.add_column("forecast_row", error, schema="agency")


def downgrade() -> None:
    op.drop_column("forecast_row", "accrued_error", schema="agency")
    op.drop_column("forecast_row", "accrued_months", schema="agency")
    op.drop_column("forecast", "accrued", schema="agency")
