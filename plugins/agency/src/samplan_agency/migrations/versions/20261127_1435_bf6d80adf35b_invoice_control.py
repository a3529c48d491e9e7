"""invoice control

Revision: bf6d80adf35b
Revises: c387093d73c6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "bf6d80adf35b"
down_revision = "c387093d73c6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_control_month()
    _create_deviation()
    _create_time_report()


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "time_report")
    op.unprotect_tenant_table("agency", "deviation")
    op.unprotect_tenant_table("agency", "control_month")
    op.drop_index("ix_time_report_work_date", table_name="time_report", schema="agency")
    op.drop_table("time_report", schema="agency")
    op.drop_index("ix_deviation_state", table_name="deviation", schema="agency")
    op.drop_index("ix_deviation_line_id", table_name="deviation", schema="agency")
    op.drop_table("deviation", schema="agency")
    op.drop_table("control_month", schema="agency")


def _create_control_month() -> None:
    op.create_table(
        "control_month",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("matched_lines", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("matched_amount", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column(
            "controlled_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f("ck_control_month_work_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "supplier_id"],
            ["agency.supplier.tenant_id", "agency.supplier.id"],
            name=op.f("fk_control_month_tenant_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_control_month_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_control_month")),
        sa.UniqueConstraint(
            "tenant_id",
            "work_month",
            "supplier_id",
            name=op.f("uq_control_month_tenant_id_work_month_supplier_id"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="agency",
    )
    op.protect_tenant_table("agency", "control_month")


def _create_deviation() -> None:
    op.create_table(
        "deviation",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("line_key", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("expected", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("billed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("difference", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("state", sa.String(), server_default="new", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "reason IN ('duplicate', 'missing_reference', 'wrong_zone', 'price_above', 'break_paid', 'hours_not_worked', 'no_time_report', 'no_price')",
            name=op.f("ck_deviation_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('new', 'asked', 'accepted', 'credited')", name=op.f("ck_deviation_state")
        ),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f("ck_deviation_work_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "line_id"],
            ["agency.cost_line.tenant_id", "agency.cost_line.id"],
            name=op.f("fk_deviation_tenant_id_line_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "supplier_id"],
            ["agency.supplier.tenant_id", "agency.supplier.id"],
            name=op.f("fk_deviation_tenant_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_deviation_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deviation")),
        sa.UniqueConstraint(
            "tenant_id", "line_key", "reason", name=op.f("uq_deviation_tenant_id_line_key_reason")
        ),
        schema="agency",
    )
    op.create_index(
        "ix_deviation_line_id", "deviation", ["tenant_id", "line_id"], unique=False, schema="agency"
    )
    op.create_index(
        "ix_deviation_state", "deviation", ["tenant_id", "state", "work_month"], unique=False, schema="agency"
    )
    op.protect_tenant_table("agency", "deviation")


def _create_time_report() -> None:
    op.create_table(
        "time_report",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("order_reference", sa.String(), server_default="", nullable=False),
        sa.Column("consultant", sa.String(), server_default="", nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("work_date", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("break_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("break_minutes >= 0", name=op.f("ck_time_report_break_minutes")),
        sa.CheckConstraint("hours > 0 AND hours <= 24", name=op.f("ck_time_report_hours")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "supplier_id"],
            ["agency.supplier.tenant_id", "agency.supplier.id"],
            name=op.f("fk_time_report_tenant_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["core.org_unit.tenant_id", "core.org_unit.id"],
            name=op.f("fk_time_report_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_time_report_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_time_report")),
        sa.UniqueConstraint(
            "tenant_id",
            "supplier_id",
            "order_reference",
            "consultant",
            "work_date",
            "begins",
            name="uq_time_report_shift",
            postgresql_nulls_not_distinct=True,
        ),
        schema="agency",
    )
    op.create_index(
        "ix_time_report_work_date", "time_report", ["tenant_id", "work_date"], unique=False, schema="agency"
    )
    op.protect_tenant_table("agency", "time_report")
