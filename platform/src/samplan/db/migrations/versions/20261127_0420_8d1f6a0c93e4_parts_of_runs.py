"""Runs that are parts of another run.

Revision: 8d1f6a0c93e4
Revises: readiness and counts
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8d1f6a0c93e4"
down_revision = "3f0c8d5b7a21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job_run", sa.Column("parent_id", sa.UUID(), nullable=True), schema="core")
    op.create_index("ix_job_run_parent", "job_run", ["tenant_id", "parent_id"], schema="core")
    op.create_foreign_key(
        op.f("fk_job_run_tenant_id_parent_id"),
        "job_run",
        "job_run",
        ["tenant_id", "parent_id"],
        ["tenant_id", "id"],
        source_schema="core",
        referent_schema="core",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_job_run_tenant_id_parent_id"), "job_run", schema="core", type_="foreignkey")
    op.drop_index("ix_job_run_parent", "job_run", schema="core")
    op.drop_column("job_run", "parent_id", schema="core")
