"""files one way

Revision: a4c8e2d61f70
Revises: f3a9d7c2b615
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a4c8e2d61f70"
down_revision = "f3a9d7c2b615"
branch_labels = None
depends_on = None

BEFORE = ("ledger", "invoices", "hours", "budget", "staff", "prices")
KINDS = (*BEFORE, "time_reports")
SHIFT = ["tenant_id", "supplier_id", "order_reference", "consultant", "work_date", "begins"]
KEY = (
    "md5(concat_ws('|', supplier_id::text, order_reference, consultant, work_date::text,"
    " coalesce(begins::text, '')))::uuid"
)


def upgrade() -> None:
    _kinds(KINDS)
    _refer("price")
    _refer("time_report")
    op.add_column("time_report", sa.Column("replaced_by", sa.Uuid()), schema="agency")
    op.add_column("time_report", sa.Column("line_key", sa.String()), schema="agency")
    number = sa.Column("row_number", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("time_report", number, schema="agency")
    op.execute(f"ALTER TABLE agency.time_report ALTER COLUMN line_key TYPE uuid USING {KEY}")
    op.alter_column("time_report", "line_key", nullable=False, schema="agency")
    op.drop_constraint("uq_time_report_shift", "time_report", schema="agency")
    op.create_index(
        "uq_time_report_in_force",
        "time_report",
        ["tenant_id", "line_key"],
        unique=True,
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NULL"),
    )
    for name in ("filename", "read_at"):
        op.drop_column("time_report", name, schema="agency")


def downgrade() -> None:
    op.add_column(
        "time_report",
        sa.Column("filename", sa.String(), server_default="", nullable=False),
        schema="agency",
    )
    op.alter_column("time_report", "filename", server_default=None, schema="agency")
    read = sa.Column("read_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    op.add_column("time_report", read, schema="agency")
    op.execute("TRUNCATE agency.time_report")  # the deliveries that they came with are kept
    op.drop_index("uq_time_report_in_force", "time_report", schema="agency")
    op.create_unique_constraint(
        "uq_time_report_shift", "time_report", SHIFT, schema="agency", postgresql_nulls_not_distinct=True
    )
    for name in ("delivery_id", "replaced_by", "line_key", "row_number"):
        op.drop_column("time_report", name, schema="agency")
    op.drop_column("price", "delivery_id", schema="agency")
    _kinds(BEFORE, " NOT VALID")


def _kinds(kinds: tuple[str, ...], more: str = "") -> None:
    op.drop_constraint(op.f("ck_delivery_kind"), "delivery", schema="agency")
    op.execute(f"ALTER TABLE agency.delivery ADD CONSTRAINT ck_delivery_kind CHECK (kind IN {kinds}){more}")


def _refer(table: str) -> None:
    op.add_column(table, sa.Column("delivery_id", sa.Uuid()), schema="agency")
    op.create_foreign_key(
        op.f(f"fk_{table}_tenant_id_delivery_id"),
        table,
        "delivery",
        ["tenant_id", "delivery_id"],
        ["tenant_id", "id"],
        source_schema="agency",
        referent_schema="agency",
    )
