"""roster in force

A roster has an origin and a version, may come without a run, and one of a period is chosen.

Revision: 3b8d0c5a91e7
Revises: 7c2a94e1b6d0
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3b8d0c5a91e7"
down_revision = "7c2a94e1b6d0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("origin", sa.String(), server_default="solved", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("chosen", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ):
        op.add_column("roster", column, schema="rostering")
    op.alter_column("roster", "run_id", nullable=True, schema="rostering")
    op.create_check_constraint(
        op.f("ck_roster_origin"),
        "roster",
        "origin IN ('solved', 'edited', 'replanned', 'scenario')",
        schema="rostering",
    )
    op.create_index(
        "ix_roster_chosen",
        "roster",
        ["tenant_id", "period_id"],
        unique=True,
        schema="rostering",
        postgresql_where=sa.text("chosen"),
    )


def downgrade() -> None:
    op.drop_index("ix_roster_chosen", table_name="roster", schema="rostering")
    op.drop_constraint(op.f("ck_roster_origin"), "roster", schema="rostering")
    # Refused by PostgreSQL while there are rosters without a run: they are people's work.
    op.alter_column("roster", "run_id", nullable=False, schema="rostering")
    for column in ("chosen", "version", "origin"):
        op.drop_column("roster", column, schema="rostering")
