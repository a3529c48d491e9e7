"""lines ready to be read in

Revision: a4c81e7d9f20
Revises: a4c81e6f0b27
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "a4c81e7d9f20"
down_revision = "a4c81e6f0b27"
branch_labels = None
depends_on = None

TENANT = sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid")
SUMS = ("cost_month", "cost_total")
TEXTS = (
    "account", "line_category", "level", "supplier", "supplier_name", "zone", "time_class", "invoice",
    "order_reference", "consultant", "shift", "description",
)  # fmt: skip


def upgrade() -> None:
    for name in SUMS:
        op.drop_constraint(op.f(f"fk_{name}_tenant_id"), name, schema="agency", type_="foreignkey")
    op.create_table(
        "staged_line",
        sa.Column("tenant_id", sa.Uuid(), server_default=TENANT, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_staged_line")),
        schema="agency",
        prefixes=["UNLOGGED"],
    )
    op.create_index(
        "ix_staged_line_delivery_id", "staged_line", ["delivery_id"], schema="agency", postgresql_using="brin"
    )
    op.protect_tenant_table("agency", "staged_line")


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "staged_line")
    op.drop_table("staged_line", schema="agency")
    for name in SUMS:
        op.create_foreign_key(
            op.f(f"fk_{name}_tenant_id"),
            name,
            "tenant",
            ["tenant_id"],
            ["id"],
            source_schema="agency",
            referent_schema="core",
        )


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("line_key", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("booked_month", sa.Date(), nullable=False),
        sa.Column("worked", sa.Date(), nullable=True),
        sa.Column("sector_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("hours", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("unit_price", sa.Numeric(precision=10, scale=2), nullable=True),
        *(sa.Column(name, sa.String(), nullable=True) for name in TEXTS),
    ]
