"""hired people

An employee may be somebody's from a supplier, hired for a period between dates and up to a number of minutes.

Revision: b7e3a51c9d06
Revises: 8b3e6d1f0c52
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7e3a51c9d06"
down_revision = "8b3e6d1f0c52"
branch_labels = None
depends_on = None

CHECKS = (
    ("employee", "supplier", "supplier <> ''"),
    ("employee", "hired", "supplier IS NULL OR account_id IS NULL"),
    ("period_employee", "dates", "hired_to >= hired_from"),
    ("period_employee", "most_minutes", "most_minutes > 0"),
)


def upgrade() -> None:
    op.add_column("employee", sa.Column("supplier", sa.String(), nullable=True), schema="rostering")
    for column in (
        sa.Column("hired_from", sa.Date(), nullable=True),
        sa.Column("hired_to", sa.Date(), nullable=True),
        sa.Column("most_minutes", sa.Integer(), nullable=True),
    ):
        op.add_column("period_employee", column, schema="rostering")
    for table, name, condition in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition, schema="rostering")


def downgrade() -> None:
    for table, name, _condition in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, schema="rostering")
    for column in ("most_minutes", "hired_to", "hired_from"):
        op.drop_column("period_employee", column, schema="rostering")
    op.drop_column("employee", "supplier", schema="rostering")
