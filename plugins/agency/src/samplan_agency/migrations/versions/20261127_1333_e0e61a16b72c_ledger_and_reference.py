"""ledger and reference

Revision: e0e61a16b72c
Revises: e18b93c70004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "e0e61a16b72c"
down_revision = "e18b93c70004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_agreement()
    _create_cost_month()
    _create_delivery()
    _create_parameter()
    _create_supplier()
    _create_account()
    _create_cost_line()
    _create_municipality_zone()
    _create_price()


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "price")
    op.unprotect_tenant_table("agency", "municipality_zone")
    op.unprotect_tenant_table("agency", "cost_line")
    op.unprotect_tenant_table("agency", "account")
    op.unprotect_tenant_table("agency", "supplier")
    op.unprotect_tenant_table("agency", "parameter")
    op.unprotect_tenant_table("agency", "delivery")
    op.unprotect_tenant_table("agency", "cost_month")
    op.unprotect_tenant_table("agency", "agreement")
    op.drop_table("price", schema="agency")
    op.drop_table("municipality_zone", schema="agency")
    op.drop_index(
        "uq_cost_line_in_force",
        table_name="cost_line",
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NULL"),
    )
    op.drop_index(
        "ix_cost_line_drill",
        table_name="cost_line",
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NULL"),
    )
    op.drop_index("ix_cost_line_delivery_id", table_name="cost_line", schema="agency")
    op.drop_table("cost_line", schema="agency")
    op.drop_table("account", schema="agency")
    op.drop_table("supplier", schema="agency")
    op.drop_table("parameter", schema="agency")
    op.drop_index("ix_delivery_kind", table_name="delivery", schema="agency")
    op.drop_table("delivery", schema="agency")
    op.drop_index("ix_cost_month_work_month", table_name="cost_month", schema="agency")
    op.drop_table("cost_month", schema="agency")
    op.drop_table("agreement", schema="agency")


def _create_agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_agreement_dates")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_agreement_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("tenant_id", "reference", name=op.f("uq_agreement_tenant_id_reference")),
        schema="agency",
    )
    op.protect_tenant_table("agency", "agreement")


def _create_cost_month() -> None:
    op.create_table(
        "cost_month",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("booked_month", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("sector_id", sa.Uuid(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("zone", sa.Integer(), nullable=True),
        sa.Column("time_class", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("hours", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hired', 'own', 'other_cost', 'revenue')", name=op.f("ck_cost_month_kind")
        ),
        sa.CheckConstraint("EXTRACT(day FROM booked_month) = 1", name=op.f("ck_cost_month_booked_month")),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f("ck_cost_month_work_month")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_cost_month_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cost_month")),
        schema="agency",
    )
    op.create_index(
        "ix_cost_month_work_month",
        "cost_month",
        ["tenant_id", "work_month", "kind"],
        unique=False,
        schema="agency",
    )
    op.protect_tenant_table("agency", "cost_month")


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column(
            "mapping",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("mapping_name", sa.String(), server_default="", nullable=False),
        sa.Column("mapping_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("first_month", sa.Date(), nullable=True),
        sa.Column("last_month", sa.Date(), nullable=True),
        sa.Column("rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("added", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("replaced", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "faults",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column(
            "delivered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('ledger', 'invoices', 'hours', 'budget', 'staff', 'prices')",
            name=op.f("ck_delivery_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'checked', 'read', 'refused', 'cancelled')", name=op.f("ck_delivery_state")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_delivery_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_delivery_tenant_id_number")),
        schema="agency",
    )
    op.create_index(
        "ix_delivery_kind", "delivery", ["tenant_id", "kind", "number"], unique=False, schema="agency"
    )
    op.protect_tenant_table("agency", "delivery")


def _create_parameter() -> None:
    op.create_table(
        "parameter",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_parameter_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_parameter")),
        sa.UniqueConstraint(
            "tenant_id", "name", "valid_from", name=op.f("uq_parameter_tenant_id_name_valid_from")
        ),
        schema="agency",
    )
    op.protect_tenant_table("agency", "parameter")


def _create_supplier() -> None:
    op.create_table(
        "supplier",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation_number", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_supplier_rank")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_supplier_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_supplier_tenant_id_code")),
        schema="agency",
    )
    op.protect_tenant_table("agency", "supplier")


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cost_type", sa.String(), server_default="", nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("sector_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("category IN ('physician', 'nurse', 'other')", name=op.f("ck_account_category")),
        sa.CheckConstraint("kind IN ('hired', 'own', 'other_cost', 'revenue')", name=op.f("ck_account_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sector_id"],
            ["core.sector.tenant_id", "core.sector.id"],
            name=op.f("fk_account_tenant_id_sector_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_account_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_account_tenant_id_code")),
        schema="agency",
    )
    op.protect_tenant_table("agency", "account")


def _create_cost_line() -> None:
    op.create_table(
        "cost_line",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("line_key", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("booked_month", sa.Date(), nullable=False),
        sa.Column("work_date", sa.Date(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("sector_id", sa.Uuid(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("zone", sa.Integer(), nullable=True),
        sa.Column("time_class", sa.String(), server_default="ordinary", nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("hours", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("unit_price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("invoice", sa.String(), nullable=True),
        sa.Column("order_reference", sa.String(), nullable=True),
        sa.Column("consultant", sa.String(), nullable=True),
        sa.Column("shift", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.CheckConstraint("category IN ('physician', 'nurse', 'other')", name=op.f("ck_cost_line_category")),
        sa.CheckConstraint(
            "kind IN ('hired', 'own', 'other_cost', 'revenue')", name=op.f("ck_cost_line_kind")
        ),
        sa.CheckConstraint(
            "time_class IN ('ordinary', 'evening', 'night', 'weekend', 'holiday', 'on_call', 'overtime', 'travel')",
            name=op.f("ck_cost_line_time_class"),
        ),
        sa.CheckConstraint("EXTRACT(day FROM booked_month) = 1", name=op.f("ck_cost_line_booked_month")),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f("ck_cost_line_work_month")),
        sa.CheckConstraint("zone BETWEEN 1 AND 3", name=op.f("ck_cost_line_zone")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["agency.delivery.tenant_id", "agency.delivery.id"],
            name=op.f("fk_cost_line_tenant_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_cost_line_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cost_line")),
        schema="agency",
    )
    op.create_index(
        "ix_cost_line_delivery_id", "cost_line", ["tenant_id", "delivery_id"], unique=False, schema="agency"
    )
    op.create_index(
        "ix_cost_line_drill",
        "cost_line",
        ["tenant_id", "work_month", "unit_id"],
        unique=False,
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NULL"),
    )
    op.create_index(
        "uq_cost_line_in_force",
        "cost_line",
        ["tenant_id", "source", "line_key"],
        unique=True,
        schema="agency",
        postgresql_where=sa.text("replaced_by IS NULL"),
    )
    op.protect_tenant_table("agency", "cost_line")


def _create_municipality_zone() -> None:
    op.create_table(
        "municipality_zone",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("zone", sa.Integer(), nullable=False),
        sa.CheckConstraint("zone BETWEEN 1 AND 3", name=op.f("ck_municipality_zone_zone")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agency.agreement.tenant_id", "agency.agreement.id"],
            name=op.f("fk_municipality_zone_tenant_id_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["core.tenant.id"], name=op.f("fk_municipality_zone_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_municipality_zone")),
        sa.UniqueConstraint(
            "tenant_id",
            "agreement_id",
            "municipality_code",
            name=op.f("uq_municipality_zone_tenant_id_agreement_id_municipality_code"),
        ),
        schema="agency",
    )
    op.protect_tenant_table("agency", "municipality_zone")


def _create_price() -> None:
    op.create_table(
        "price",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("zone", sa.Integer(), nullable=False),
        sa.Column("time_class", sa.String(), server_default="ordinary", nullable=False),
        sa.Column("per_hour", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("category IN ('physician', 'nurse', 'other')", name=op.f("ck_price_category")),
        sa.CheckConstraint(
            "time_class IN ('ordinary', 'evening', 'night', 'weekend', 'holiday', 'on_call', 'overtime', 'travel')",
            name=op.f("ck_price_time_class"),
        ),
        sa.CheckConstraint("per_hour > 0", name=op.f("ck_price_per_hour")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_price_dates")),
        sa.CheckConstraint("zone BETWEEN 1 AND 3", name=op.f("ck_price_zone")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agency.agreement.tenant_id", "agency.agreement.id"],
            name=op.f("fk_price_tenant_id_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "supplier_id"],
            ["agency.supplier.tenant_id", "agency.supplier.id"],
            name=op.f("fk_price_tenant_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_price_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_price")),
        sa.UniqueConstraint(
            "tenant_id",
            "agreement_id",
            "supplier_id",
            "level",
            "zone",
            "time_class",
            "valid_from",
            name="uq_price_agreement_id",
            postgresql_nulls_not_distinct=True,
        ),
        schema="agency",
    )
    op.protect_tenant_table("agency", "price")
