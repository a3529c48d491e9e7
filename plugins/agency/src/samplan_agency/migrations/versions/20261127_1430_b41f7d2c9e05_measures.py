"""measures

Revision: b41f7d2c9e05
Revises: e0e61a16b72c
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "b41f7d2c9e05"
down_revision = "e0e61a16b72c"
branch_labels = None
depends_on = None

TABLES = ("measure", "measure_target", "measure_effect", "measure_report")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    _create_measure()
    _create_measure_target()
    _create_measure_effect()
    _create_measure_report()
    for name in TABLES:
        op.protect_tenant_table("agency", name)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.unprotect_tenant_table("agency", name)
    op.drop_table("measure_report", schema="agency")
    op.drop_table("measure_effect", schema="agency")
    op.drop_table("measure_target", schema="agency")
    op.drop_index("ix_measure_division_id", table_name="measure", schema="agency")
    op.drop_table("measure", schema="agency")


def _key() -> list[sa.Column]:
    return [
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    ]


def _to(
    column: str, schema: str, target: str, name: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{schema}.{target}.tenant_id", f"{schema}.{target}.id"],
        name=op.f(name),
        ondelete=ondelete,
    )


def _tenant(name: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f(f"fk_{name}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    ]


def _create_measure() -> None:
    op.create_table(
        "measure",
        *_key(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("ended_month", sa.Date(), nullable=True),
        sa.Column("baseline_month", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("diary_number", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("EXTRACT(day FROM first_month) = 1", name=op.f("ck_measure_first_month")),
        sa.CheckConstraint("EXTRACT(day FROM ended_month) = 1", name=op.f("ck_measure_ended_month")),
        sa.CheckConstraint("EXTRACT(day FROM baseline_month) = 1", name=op.f("ck_measure_baseline_month")),
        sa.CheckConstraint("ended_month >= first_month", name=op.f("ck_measure_months")),
        sa.CheckConstraint(
            "baseline_month <= first_month - INTERVAL '1 year'", name=op.f("ck_measure_baseline")
        ),
        sa.CheckConstraint("(decided_on IS NULL) = (decided_by IS NULL)", name=op.f("ck_measure_decision")),
        _to("division_id", "core", "org_unit", "fk_measure_tenant_id_division_id"),
        *_tenant("measure"),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_measure_tenant_id_code")),
        schema="agency",
    )
    op.create_index(
        "ix_measure_division_id", "measure", ["tenant_id", "division_id"], unique=False, schema="agency"
    )


def _create_measure_target() -> None:
    op.create_table(
        "measure_target",
        *_key(),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(unit_id, category, supplier_id, kind) = 1", name=op.f("ck_measure_target_one")
        ),
        sa.CheckConstraint(
            "category IN ('physician', 'nurse', 'other')", name=op.f("ck_measure_target_category")
        ),
        sa.CheckConstraint("kind IN ('hired', 'own', 'other_cost')", name=op.f("ck_measure_target_kind")),
        _to("measure_id", "agency", "measure", "fk_measure_target_tenant_id_measure_id", "CASCADE"),
        _to("unit_id", "core", "org_unit", "fk_measure_target_tenant_id_unit_id"),
        _to("supplier_id", "agency", "supplier", "fk_measure_target_tenant_id_supplier_id"),
        *_tenant("measure_target"),
        sa.UniqueConstraint(
            "tenant_id",
            "measure_id",
            "unit_id",
            "category",
            "supplier_id",
            "kind",
            name="uq_measure_target_measure_id",
            postgresql_nulls_not_distinct=True,
        ),
        schema="agency",
    )


def _create_measure_effect() -> None:
    op.create_table(
        "measure_effect",
        *_key(),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("weights", _JSON, server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_measure_effect_amount")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_measure_effect_year")),
        sa.CheckConstraint("jsonb_array_length(weights) IN (0, 12)", name=op.f("ck_measure_effect_weights")),
        _to("measure_id", "agency", "measure", "fk_measure_effect_tenant_id_measure_id", "CASCADE"),
        *_tenant("measure_effect"),
        sa.UniqueConstraint(
            "tenant_id", "measure_id", "year", name=op.f("uq_measure_effect_tenant_id_measure_id_year")
        ),
        schema="agency",
    )


def _create_measure_report() -> None:
    op.create_table(
        "measure_report",
        *_key(),
        sa.Column("due_month", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("figures", _JSON, nullable=False),
        sa.Column("docx", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_measure_report_number")),
        sa.CheckConstraint("EXTRACT(day FROM due_month) = 1", name=op.f("ck_measure_report_due_month")),
        *_tenant("measure_report"),
        sa.UniqueConstraint(
            "tenant_id", "due_month", "number", name=op.f("uq_measure_report_tenant_id_due_month_number")
        ),
        schema="agency",
    )
