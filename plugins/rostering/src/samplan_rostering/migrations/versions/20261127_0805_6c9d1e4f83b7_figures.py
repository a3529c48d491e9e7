"""figures

Hours carried between periods, figures that a ward enters, and lines of people called off.

Revision: 6c9d1e4f83b7
Revises: 5e1f7a90c2d4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "6c9d1e4f83b7"
down_revision = "5e1f7a90c2d4"
branch_labels = None
depends_on = None

TABLES = ("carried_hours", "entered_figure", "call_off_line")


def _create(table: str, *items: sa.schema.SchemaItem) -> None:
    tenant = sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid")
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), server_default=tenant, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        *items,
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        schema="rostering",
    )


def _key(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"rostering.{target}.tenant_id", f"rostering.{target}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete=ondelete,
    )


def _unique(table: str, *columns: str, **options: bool) -> sa.UniqueConstraint:
    name = f"uq_{table}_{'_'.join(('tenant_id', *columns))}"
    return sa.UniqueConstraint("tenant_id", *columns, name=op.f(name), **options)


def _changes() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )


def _carried_hours() -> None:
    _create(
        "carried_hours",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        _key("carried_hours", "period_id", "roster_period", "CASCADE"),
        _key("carried_hours", "employee_id", "employee"),
        _unique("carried_hours", "period_id", "employee_id"),
    )


def _entered_figure() -> None:
    kinds = (
        "'scheduling_clinical', 'scheduling_administrative', 'payroll_corrections', 'units_stood_down',"
        " 'employees', 'managers', 'external_hours'"
    )
    _create(
        "entered_figure",
        sa.Column("ward_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        *_changes(),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_entered_figure_kind")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_entered_figure_amount")),
        sa.CheckConstraint("EXTRACT(day FROM month) = 1", name=op.f("ck_entered_figure_month")),
        _key("entered_figure", "ward_id", "ward"),
        _unique("entered_figure", "ward_id", "month", "kind"),
    )


def _call_off_line() -> None:
    states = "'open', 'own_staff', 'internal_unit', 'agency', 'filled', 'withdrawn'"
    _create(
        "call_off_line",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("shift_type_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        *_changes(),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_call_off_line_state")),
        sa.CheckConstraint("people >= 0", name=op.f("ck_call_off_line_people")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_call_off_line_instants")),
        _key("call_off_line", "period_id", "roster_period", "CASCADE"),
        _key("call_off_line", "shift_type_id", "shift_type"),
        _key("call_off_line", "skill_id", "skill"),
        _unique(
            "call_off_line",
            "period_id",
            "on_date",
            "shift_type_id",
            "skill_id",
            postgresql_nulls_not_distinct=True,
        ),
    )


def upgrade() -> None:
    _carried_hours()
    _entered_figure()
    _call_off_line()
    for table in TABLES:
        op.protect_tenant_table("rostering", table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.unprotect_tenant_table("rostering", table)
        op.drop_table(table, schema="rostering")
