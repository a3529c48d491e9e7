"""accruals

Revision: be3814246226
Revises: af73b2b067e4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "be3814246226"
down_revision = "af73b2b067e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_journal_template()
    _create_valuation()
    _create_valuation_part()
    _create_valuation_row()
    _create_exposure()


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "exposure")
    op.unprotect_tenant_table("agency", "valuation_row", grants="SELECT, INSERT")
    op.unprotect_tenant_table("agency", "valuation_part", grants="SELECT, INSERT")
    op.unprotect_tenant_table("agency", "valuation", grants="SELECT, INSERT")
    op.unprotect_tenant_table("agency", "journal_template")
    op.drop_table("exposure", schema="agency")
    op.drop_table("valuation_row", schema="agency")
    op.drop_table("valuation_part", schema="agency")
    op.drop_index("ix_valuation_booked_to", table_name="valuation", schema="agency")
    op.drop_table("valuation", schema="agency")
    op.drop_table("journal_template", schema="agency")


def _create_journal_template() -> None:
    op.create_table(
        "journal_template",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "accounts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("counter_account", sa.String(), nullable=False),
        sa.Column("cost_centre", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["core.tenant.id"], name=op.f("fk_journal_template_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_template")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_journal_template_tenant_id")),
        schema="agency",
    )
    op.protect_tenant_table("agency", "journal_template")


def _create_valuation() -> None:
    op.create_table(
        "valuation",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("booked_to", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column(
            "params",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "notes",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "deliveries",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("reported", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("reserve", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("error", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("p10", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("p50", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("p90", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("kept_by", sa.Uuid(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('mack', 'bf', 'capecod')", name=op.f("ck_valuation_method")),
        sa.CheckConstraint("source IN ('ledger', 'invoices')", name=op.f("ck_valuation_source")),
        sa.CheckConstraint("EXTRACT(day FROM booked_to) = 1", name=op.f("ck_valuation_booked_to")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_valuation_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_valuation")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_valuation_tenant_id_number")),
        schema="agency",
        info={"grants": "SELECT, INSERT"},
    )
    op.create_index(
        "ix_valuation_booked_to", "valuation", ["tenant_id", "booked_to"], unique=False, schema="agency"
    )
    op.protect_tenant_table("agency", "valuation", grants="SELECT, INSERT")


def _create_valuation_part() -> None:
    op.create_table(
        "valuation_part",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("valuation_id", sa.Uuid(), nullable=False),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("sector_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.CheckConstraint(
            "category IN ('physician', 'nurse', 'other')", name=op.f("ck_valuation_part_category")
        ),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f("ck_valuation_part_work_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "valuation_id"],
            ["agency.valuation.tenant_id", "agency.valuation.id"],
            name=op.f("fk_valuation_part_tenant_id_valuation_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_valuation_part_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_valuation_part")),
        sa.UniqueConstraint(
            "tenant_id",
            "valuation_id",
            "work_month",
            "unit_id",
            "category",
            "sector_id",
            name="uq_valuation_part_valuation_id",
            postgresql_nulls_not_distinct=True,
        ),
        schema="agency",
        info={"grants": "SELECT, INSERT"},
    )
    op.protect_tenant_table("agency", "valuation_part", grants="SELECT, INSERT")


def _create_valuation_row() -> None:
    op.create_table(
        "valuation_row",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("valuation_id", sa.Uuid(), nullable=False),
        sa.Column("work_month", sa.Date(), nullable=False),
        sa.Column("reported", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("expected", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("reserve", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("error", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("p10", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("p50", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("p90", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("reported_share", sa.Double(), nullable=False),
        sa.CheckConstraint("EXTRACT(day FROM work_month) = 1", name=op.f("ck_valuation_row_work_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "valuation_id"],
            ["agency.valuation.tenant_id", "agency.valuation.id"],
            name=op.f("fk_valuation_row_tenant_id_valuation_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_valuation_row_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_valuation_row")),
        sa.UniqueConstraint(
            "tenant_id",
            "valuation_id",
            "work_month",
            name=op.f("uq_valuation_row_tenant_id_valuation_id_work_month"),
        ),
        schema="agency",
        info={"grants": "SELECT, INSERT"},
    )
    op.protect_tenant_table("agency", "valuation_row", grants="SELECT, INSERT")


def _create_exposure() -> None:
    op.create_table(
        "exposure",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("per_hour", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("price_source", sa.String(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("category IN ('physician', 'nurse', 'other')", name=op.f("ck_exposure_category")),
        sa.CheckConstraint("EXTRACT(day FROM month) = 1", name=op.f("ck_exposure_month")),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_exposure_hours")),
        sa.CheckConstraint("per_hour > 0", name=op.f("ck_exposure_per_hour")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["core.org_unit.tenant_id", "core.org_unit.id"],
            name=op.f("fk_exposure_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_exposure_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exposure")),
        sa.UniqueConstraint(
            "tenant_id",
            "month",
            "unit_id",
            "category",
            name=op.f("uq_exposure_tenant_id_month_unit_id_category"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="agency",
    )
    op.protect_tenant_table("agency", "exposure")
