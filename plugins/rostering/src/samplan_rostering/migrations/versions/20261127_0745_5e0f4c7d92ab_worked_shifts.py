"""worked shifts

What was worked, and what unsocial hours give in the region.

Revision: 5e0f4c7d92ab
Revises: 5e1f7a9c2d48
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "5e0f4c7d92ab"
down_revision = "5e1f7a9c2d48"
branch_labels = None
depends_on = None


def _tenant() -> tuple[sa.Column[object], ...]:
    tenant = sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid")
    return (
        sa.Column("tenant_id", sa.Uuid(), server_default=tenant, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"rostering.{target}.tenant_id", f"rostering.{target}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
    )


def _worked_shift_checks() -> tuple[sa.CheckConstraint, ...]:
    rules = {
        "kind": "kind IN ('planned', 'changed', 'extra', 'overtime', 'absence')",
        "source": "source IN ('entered', 'confirmed', 'imported')",
        "instants": "ends_at > starts_at",
        "absence": "(kind = 'absence') = (starts_at IS NULL)",
        "both": "(starts_at IS NULL) = (ends_at IS NULL)",
        "absence_kind": "(kind = 'absence') = (absence_kind IS NOT NULL)",
        "minutes": "paid_minutes >= 0 AND extra_minutes BETWEEN 0 AND paid_minutes",
    }
    return tuple(
        sa.CheckConstraint(rule, name=op.f(f"ck_worked_shift_{name}")) for name, rule in rules.items()
    )


def _worked_shift() -> None:
    op.create_table(
        "worked_shift",
        *_tenant(),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("shift_type_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_minutes", sa.Integer(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("absence_kind", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        *_worked_shift_checks(),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_worked_shift_tenant_id")),
        _key("worked_shift", "period_id", "roster_period"),
        _key("worked_shift", "employee_id", "employee"),
        _key("worked_shift", "shift_type_id", "shift_type"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_worked_shift")),
        sa.UniqueConstraint(
            "tenant_id",
            "period_id",
            "employee_id",
            "on_date",
            "number",
            name=op.f("uq_worked_shift_tenant_id_period_id_employee_id_on_date_number"),
        ),
        schema="rostering",
    )
    columns = ["tenant_id", "employee_id", "on_date"]
    op.create_index("ix_worked_shift_employee", "worked_shift", columns, unique=False, schema="rostering")


def _unsocial_rate() -> None:
    op.create_table(
        "unsocial_rate",
        *_tenant(),
        sa.Column("class", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_unsocial_rate_amount")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_unsocial_rate_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_unsocial_rate")),
        sa.UniqueConstraint(
            "tenant_id", "class", "valid_from", name=op.f("uq_unsocial_rate_tenant_id_class_valid_from")
        ),
        schema="rostering",
    )


def upgrade() -> None:
    _worked_shift()
    _unsocial_rate()
    for table in ("worked_shift", "unsocial_rate"):
        op.protect_tenant_table("rostering", table)


def downgrade() -> None:
    for table in ("unsocial_rate", "worked_shift"):
        op.unprotect_tenant_table("rostering", table)
    op.drop_table("unsocial_rate", schema="rostering")
    op.drop_index("ix_worked_shift_employee", table_name="worked_shift", schema="rostering")
    op.drop_table("worked_shift", schema="rostering")
