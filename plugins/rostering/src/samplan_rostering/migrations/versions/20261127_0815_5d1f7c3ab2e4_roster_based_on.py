"""roster based on

A roster that was re-planned tells which one it is based on.

Revision: 5d1f7c3ab2e4
Revises: 6c9d1e4f83b7
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5d1f7c3ab2e4"
down_revision = "6c9d1e4f83b7"
branch_labels = None
depends_on = None

KEY = "fk_roster_tenant_id_based_on_id"


def upgrade() -> None:
    op.add_column("roster", sa.Column("based_on_id", sa.Uuid(), nullable=True), schema="rostering")
    op.create_foreign_key(
        KEY,
        "roster",
        "roster",
        ["tenant_id", "based_on_id"],
        ["tenant_id", "id"],
        source_schema="rostering",
        referent_schema="rostering",
    )


def downgrade() -> None:
    op.drop_constraint(KEY, "roster", schema="rostering")
    op.drop_column("roster", "based_on_id", schema="rostering")
