"""publications

Revision: d4c61f0a1ca1
Revises: 5d1e8f3a27b4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "d4c61f0a1ca1"
down_revision = "5d1e8f3a27b4"
branch_labels = None
depends_on = None


_TENANT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def _key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(_TENANT), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    )


def upgrade() -> None:
    _period_comment()
    _period_step()
    _publication()
    _publication_shift()
    _guard_publication_shift()


def downgrade() -> None:
    op.unprotect_tenant_table("rostering", "publication_shift", grants="SELECT, INSERT")
    op.unprotect_tenant_table("rostering", "publication", grants="SELECT, INSERT")
    op.unprotect_tenant_table("rostering", "period_step")
    op.unprotect_tenant_table("rostering", "period_comment")
    op.drop_index("ix_publication_shift_employee", table_name="publication_shift", schema="rostering")
    op.drop_table("publication_shift", schema="rostering")
    op.drop_table("publication", schema="rostering")
    op.drop_index("ix_period_step_period", table_name="period_step", schema="rostering")
    op.drop_table("period_step", schema="rostering")
    op.drop_index("ix_period_comment_period", table_name="period_comment", schema="rostering")
    op.drop_table("period_comment", schema="rostering")


def _period_comment() -> None:
    op.create_table(
        "period_comment",
        *_key(),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("roster_version", sa.Integer(), nullable=False),
        sa.Column("speaks_for", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "speaks_for IN ('self', 'union', 'employer')", name=op.f("ck_period_comment_speaks_for")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "period_id"],
            ["rostering.roster_period.tenant_id", "rostering.roster_period.id"],
            name=op.f("fk_period_comment_tenant_id_period_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "roster_id"],
            ["rostering.roster.tenant_id", "rostering.roster.id"],
            name=op.f("fk_period_comment_tenant_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_period_comment_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_period_comment")),
        schema="rostering",
    )
    op.create_index(
        "ix_period_comment_period",
        "period_comment",
        ["tenant_id", "period_id"],
        unique=False,
        schema="rostering",
    )
    op.protect_tenant_table("rostering", "period_comment")


def _period_step() -> None:
    op.create_table(
        "period_step",
        *_key(),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("roster_version", sa.Integer(), nullable=False),
        sa.Column("breaches", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "period_id"],
            ["rostering.roster_period.tenant_id", "rostering.roster_period.id"],
            name=op.f("fk_period_step_tenant_id_period_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "roster_id"],
            ["rostering.roster.tenant_id", "rostering.roster.id"],
            name=op.f("fk_period_step_tenant_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_period_step_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_period_step")),
        schema="rostering",
    )
    op.create_index(
        "ix_period_step_period", "period_step", ["tenant_id", "period_id"], unique=False, schema="rostering"
    )
    op.protect_tenant_table("rostering", "period_step")


def _publication() -> None:
    op.create_table(
        "publication",
        *_key(),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("roster_version", sa.Integer(), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changed_cells", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_publication_number")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "period_id"],
            ["rostering.roster_period.tenant_id", "rostering.roster_period.id"],
            name=op.f("fk_publication_tenant_id_period_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "roster_id"],
            ["rostering.roster.tenant_id", "rostering.roster.id"],
            name=op.f("fk_publication_tenant_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_publication_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_publication")),
        sa.UniqueConstraint(
            "tenant_id", "period_id", "number", name=op.f("uq_publication_tenant_id_period_id_number")
        ),
        schema="rostering",
    )
    op.protect_tenant_table("rostering", "publication", grants="SELECT, INSERT")


def _publication_shift() -> None:
    op.create_table(
        "publication_shift",
        *_key(),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("unit_code", sa.String(), nullable=False),
        sa.Column("shift_code", sa.String(), nullable=False),
        sa.Column("shift_name", sa.String(), nullable=False),
        sa.Column("shift_kind", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("paid_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_publication_shift_instants")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employee_id"],
            ["rostering.employee.tenant_id", "rostering.employee.id"],
            name=op.f("fk_publication_shift_tenant_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "publication_id"],
            ["rostering.publication.tenant_id", "rostering.publication.id"],
            name=op.f("fk_publication_shift_tenant_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["core.tenant.id"], name=op.f("fk_publication_shift_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_publication_shift")),
        sa.UniqueConstraint(
            "tenant_id", "publication_id", "employee_id", "on_date", name="uq_publication_shift_cell"
        ),
        schema="rostering",
    )


def _guard_publication_shift() -> None:
    op.create_index(
        "ix_publication_shift_employee",
        "publication_shift",
        ["tenant_id", "employee_id", "on_date"],
        unique=False,
        schema="rostering",
    )
    op.protect_tenant_table("rostering", "publication_shift", grants="SELECT, INSERT")
