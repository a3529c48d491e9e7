"""requests

What employees ask for: time off, and swaps of shifts.

Revision: 6f2c1b7d40ea
Revises: 0a71d1efc5a9
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "6f2c1b7d40ea"
down_revision = "0a71d1efc5a9"
branch_labels = None
depends_on = None

OWNER = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "absence_request",
        *_keys("absence_request"),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="requested", nullable=False),
        _at("requested_at"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_date >= first_date", name=op.f("ck_absence_request_dates")),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'declined', 'withdrawn')",
            name=op.f("ck_absence_request_state"),
        ),
        _own("absence_request", "employee_id", "employee"),
        schema="rostering",
    )
    _index("absence_request", "employee", "employee_id")
    _create_swap()
    for table in ("absence_request", "swap"):
        op.protect_tenant_table("rostering", table)


def _create_swap() -> None:
    op.create_table(
        "swap",
        *_keys("swap"),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_shift_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("taken_shift_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), server_default="proposed", nullable=False),
        _at("proposed_at"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'withdrawn', 'approved', 'rejected')",
            name=op.f("ck_swap_state"),
        ),
        sa.CheckConstraint("num_nonnulls(taken_on, taken_shift_id) IN (0, 2)", name=op.f("ck_swap_taken")),
        _own("swap", "period_id", "roster_period"),
        _own("swap", "giver_id", "employee"),
        _own("swap", "taker_id", "employee"),
        _own("swap", "given_shift_id", "shift_type", None),
        _own("swap", "taken_shift_id", "shift_type", None),
        schema="rostering",
    )
    for name in ("period", "giver", "taker"):
        _index("swap", name, f"{name}_id")


def downgrade() -> None:
    for table in ("swap", "absence_request"):
        op.unprotect_tenant_table("rostering", table)
        op.drop_table(table, schema="rostering")


def _at(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _index(table: str, name: str, column: str) -> None:
    op.create_index(f"ix_{table}_{name}", table, ["tenant_id", column], unique=False, schema="rostering")


def _keys(table: str) -> tuple[Any, ...]:
    """Return the columns and constraints that every table of a tenant has."""
    return (
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(OWNER), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _own(table: str, column: str, target: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    """Return the key to a table of the module."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"rostering.{target}.tenant_id", f"rostering.{target}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete=ondelete,
    )
