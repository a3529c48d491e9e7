"""budget and forecasts

Revision: af73b2b067e4
Revises: d2f5a7c81b34
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "af73b2b067e4"
down_revision = "d2f5a7c81b34"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
TENANT = sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid")
AMOUNT = sa.Numeric(precision=16, scale=2)
AMOUNTS = (
    "outcome", "drawn", "plan", "measures", "p10", "p50", "p90", "budget", "last_year", "deviation"
)  # fmt: skip
LISTS = ("months", "budget_months", "last_year_months", "misses")


def upgrade() -> None:
    _create_forecast()
    _create_forecast_row()
    _create_budget_line()


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "budget_line")
    op.unprotect_tenant_table("agency", "forecast_row", grants="SELECT, INSERT")
    op.unprotect_tenant_table("agency", "forecast", grants="SELECT, INSERT")
    op.drop_index(
        "uq_budget_line_in_force",
        table_name="budget_line",
        schema="agency",
        postgresql_where=sa.text("kind = 'budget' AND replaced_by IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_table("budget_line", schema="agency")
    op.drop_table("forecast_row", schema="agency")
    op.drop_table("forecast", schema="agency")


def _create_forecast() -> None:
    op.create_table(
        "forecast",
        sa.Column("tenant_id", sa.Uuid(), server_default=TENANT, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("history_from", sa.Date(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("left_out", JSON, nullable=False),
        sa.Column("deliveries", JSON, nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("EXTRACT(day FROM as_of) = 1", name=op.f("ck_forecast_as_of")),
        sa.CheckConstraint("EXTRACT(day FROM history_from) = 1", name=op.f("ck_forecast_history_from")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_forecast_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_forecast")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_forecast_tenant_id_number")),
        schema="agency",
        info={"grants": "SELECT, INSERT"},
    )
    op.protect_tenant_table("agency", "forecast", grants="SELECT, INSERT")


def _create_forecast_row() -> None:
    op.create_table(
        "forecast_row",
        sa.Column("tenant_id", sa.Uuid(), server_default=TENANT, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("forecast_id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("cost_kind", sa.String(), server_default="hired", nullable=False),
        sa.Column("cost_type", sa.String(), nullable=False),
        *(sa.Column(name, AMOUNT, nullable=name in {"p10", "p90"}) for name in AMOUNTS),
        *(sa.Column(name, JSON, nullable=False) for name in LISTS),
        sa.CheckConstraint(
            "cost_kind IN ('hired', 'own', 'other_cost', 'revenue')", name=op.f("ck_forecast_row_cost_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "division_id"],
            ["core.org_unit.tenant_id", "core.org_unit.id"],
            name=op.f("fk_forecast_row_tenant_id_division_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "forecast_id"],
            ["agency.forecast.tenant_id", "agency.forecast.id"],
            name=op.f("fk_forecast_row_tenant_id_forecast_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_forecast_row_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_forecast_row")),
        sa.UniqueConstraint(
            "tenant_id",
            "forecast_id",
            "division_id",
            "cost_kind",
            "cost_type",
            name="uq_forecast_row_forecast_id",
            postgresql_nulls_not_distinct=True,
        ),
        schema="agency",
        info={"grants": "SELECT, INSERT"},
    )
    op.protect_tenant_table("agency", "forecast_row", grants="SELECT, INSERT")


def _create_budget_line() -> None:
    op.create_table(
        "budget_line",
        sa.Column("tenant_id", sa.Uuid(), server_default=TENANT, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), server_default="plan", nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("cost_kind", sa.String(), server_default="hired", nullable=False),
        sa.Column("cost_type", sa.String(), server_default="", nullable=False),
        sa.Column(
            "months", JSON, server_default=sa.text("'[0,0,0,0,0,0,0,0,0,0,0,0]'::jsonb"), nullable=False
        ),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("owner", sa.String(), server_default="", nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=True),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *_budget_line_constraints(),
        schema="agency",
    )
    op.create_index(
        "uq_budget_line_in_force",
        "budget_line",
        ["tenant_id", "year", "division_id", "cost_kind", "cost_type"],
        unique=True,
        schema="agency",
        postgresql_where=sa.text("kind = 'budget' AND replaced_by IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.protect_tenant_table("agency", "budget_line")


def _budget_line_constraints() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "(kind = 'budget') = (delivery_id IS NOT NULL)", name=op.f("ck_budget_line_delivery")
        ),
        sa.CheckConstraint(
            "cost_kind IN ('hired', 'own', 'other_cost', 'revenue')", name=op.f("ck_budget_line_cost_kind")
        ),
        sa.CheckConstraint("kind IN ('budget', 'plan')", name=op.f("ck_budget_line_kind")),
        sa.CheckConstraint("jsonb_array_length(months) = 12", name=op.f("ck_budget_line_months")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["agency.delivery.tenant_id", "agency.delivery.id"],
            name=op.f("fk_budget_line_tenant_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "division_id"],
            ["core.org_unit.tenant_id", "core.org_unit.id"],
            name=op.f("fk_budget_line_tenant_id_division_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "measure_id"],
            ["agency.measure.tenant_id", "agency.measure.id"],
            name=op.f("fk_budget_line_tenant_id_measure_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_budget_line_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_budget_line")),
    ]
