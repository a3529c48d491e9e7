"""scenarios

Scenarios of a period with rosters of their own, and how searches have gone.

Revision: 5d1e8f3a27b4
Revises: 5e0f4c7d92ab
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "5d1e8f3a27b4"
down_revision = "5e0f4c7d92ab"
branch_labels = None
depends_on = None

TENANT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def upgrade() -> None:
    scenario()
    solve_trace()
    op.add_column("roster", sa.Column("scenario_id", sa.Uuid(), nullable=True), schema="rostering")
    op.create_foreign_key(
        op.f("fk_roster_tenant_id_scenario_id"),
        "roster",
        "scenario",
        ["tenant_id", "scenario_id"],
        ["tenant_id", "id"],
        source_schema="rostering",
        referent_schema="rostering",
        ondelete="CASCADE",
    )
    op.create_unique_constraint(
        "uq_roster_scenario_id", "roster", ["tenant_id", "scenario_id", "number"], schema="rostering"
    )
    for old in ("ck_roster_period_or_problem", "ck_roster_cells"):
        op.drop_constraint(op.f(old), "roster", schema="rostering")
    for name, condition in (
        ("ck_roster_source", "num_nonnulls(period_id, problem_id, scenario_id) = 1"),
        ("ck_roster_cells", "(period_id IS NULL) = (cells IS NOT NULL)"),
    ):
        op.create_check_constraint(op.f(name), "roster", condition, schema="rostering")


def scenario() -> None:
    op.create_table(
        "scenario",
        *own_key(),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "period_id"],
            ["rostering.roster_period.tenant_id", "rostering.roster_period.id"],
            name=op.f("fk_scenario_tenant_id_period_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_scenario_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_scenario")),
        sa.UniqueConstraint(
            "tenant_id", "period_id", "name", name=op.f("uq_scenario_tenant_id_period_id_name")
        ),
        schema="rostering",
    )
    op.protect_tenant_table("rostering", "scenario")


def solve_trace() -> None:
    op.create_table(
        "solve_trace",
        *own_key(),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("points", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("objective", sa.BigInteger(), nullable=True),
        sa.Column("bound", sa.BigInteger(), nullable=True),
        sa.Column("cells", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_solve_trace_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_solve_trace")),
        sa.UniqueConstraint("tenant_id", "run_id", name=op.f("uq_solve_trace_tenant_id_run_id")),
        schema="rostering",
    )
    op.protect_tenant_table("rostering", "solve_trace")


def own_key() -> tuple[sa.Column, sa.Column]:
    return (
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(TENANT), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    )


def downgrade() -> None:
    # Refused by PostgreSQL while there are rosters of scenarios: they are people's work.
    for name, condition in (
        ("ck_roster_cells", "(problem_id IS NULL) = (cells IS NULL)"),
        ("ck_roster_period_or_problem", "num_nonnulls(period_id, problem_id) = 1"),
    ):
        old = "ck_roster_source" if name == "ck_roster_period_or_problem" else name
        op.drop_constraint(op.f(old), "roster", schema="rostering")
        op.create_check_constraint(op.f(name), "roster", condition, schema="rostering")
    op.drop_constraint("uq_roster_scenario_id", "roster", schema="rostering")
    op.drop_constraint(op.f("fk_roster_tenant_id_scenario_id"), "roster", schema="rostering")
    op.drop_column("roster", "scenario_id", schema="rostering")
    for table in ("solve_trace", "scenario"):
        op.unprotect_tenant_table("rostering", table)
        op.drop_table(table, schema="rostering")
