"""Keep call-offs with their lines, requests and answers.

Revision: c387093d73c6
Revises: b41f7d2c9e05
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import samplan.db.migrations.ops

revision = "c387093d73c6"
down_revision = "b41f7d2c9e05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_call_off()
    _create_call_off_request()
    _create_call_off_line()
    _create_call_off_answer()


def downgrade() -> None:
    op.unprotect_tenant_table("agency", "call_off_answer")
    op.unprotect_tenant_table("agency", "call_off_line")
    op.unprotect_tenant_table("agency", "call_off_request")
    op.unprotect_tenant_table("agency", "call_off")
    op.drop_table("call_off_answer", schema="agency")
    op.drop_index("ix_call_off_line_starts_at", table_name="call_off_line", schema="agency")
    op.drop_index(
        "ix_call_off_line_gap_id",
        table_name="call_off_line",
        schema="agency",
        postgresql_where=sa.text("gap_id IS NOT NULL"),
    )
    op.drop_index("ix_call_off_line_call_off_id", table_name="call_off_line", schema="agency")
    op.drop_table("call_off_line", schema="agency")
    op.drop_table("call_off_request", schema="agency")
    op.drop_table("call_off", schema="agency")


def _create_call_off() -> None:
    op.create_table(
        "call_off",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), server_default="draft", nullable=False),
        sa.Column(
            "policy",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("answer_hours", sa.Integer(), server_default=sa.text("24"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'closed', 'withdrawn')", name=op.f("ck_call_off_state")
        ),
        sa.CheckConstraint("answer_hours > 0", name=op.f("ck_call_off_answer_hours")),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_call_off_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_call_off")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_call_off_tenant_id_number")),
        schema="agency",
    )
    op.protect_tenant_table("agency", "call_off")


def _create_call_off_request() -> None:
    op.create_table(
        "call_off_request",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("call_off_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), server_default="sent", nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'answered', 'withdrawn')", name=op.f("ck_call_off_request_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_off_id"],
            ["agency.call_off.tenant_id", "agency.call_off.id"],
            name=op.f("fk_call_off_request_tenant_id_call_off_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "supplier_id"],
            ["agency.supplier.tenant_id", "agency.supplier.id"],
            name=op.f("fk_call_off_request_tenant_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["core.tenant.id"], name=op.f("fk_call_off_request_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_call_off_request")),
        sa.UniqueConstraint(
            "tenant_id",
            "call_off_id",
            "supplier_id",
            name=op.f("uq_call_off_request_tenant_id_call_off_id_supplier_id"),
        ),
        schema="agency",
    )
    op.protect_tenant_table("agency", "call_off_request")


def _create_call_off_line() -> None:
    op.create_table(
        "call_off_line",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("call_off_id", sa.Uuid(), nullable=False),
        sa.Column("gap_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("zone", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("max_price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("expected_price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("break_minutes >= 0", name=op.f("ck_call_off_line_break_minutes")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_call_off_line_instants")),
        sa.CheckConstraint("people > 0", name=op.f("ck_call_off_line_people")),
        sa.CheckConstraint("zone BETWEEN 1 AND 3", name=op.f("ck_call_off_line_zone")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_off_id"],
            ["agency.call_off.tenant_id", "agency.call_off.id"],
            name=op.f("fk_call_off_line_tenant_id_call_off_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["core.org_unit.tenant_id", "core.org_unit.id"],
            name=op.f("fk_call_off_line_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_call_off_line_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_call_off_line")),
        schema="agency",
    )
    op.create_index(
        "ix_call_off_line_call_off_id",
        "call_off_line",
        ["tenant_id", "call_off_id", "starts_at"],
        unique=False,
        schema="agency",
    )
    op.create_index(
        "ix_call_off_line_gap_id",
        "call_off_line",
        ["tenant_id", "gap_id"],
        unique=False,
        schema="agency",
        postgresql_where=sa.text("gap_id IS NOT NULL"),
    )
    op.create_index(
        "ix_call_off_line_starts_at",
        "call_off_line",
        ["tenant_id", "starts_at"],
        unique=False,
        schema="agency",
    )
    op.protect_tenant_table("agency", "call_off_line")


def _create_call_off_answer() -> None:
    op.create_table(
        "call_off_answer",
        sa.Column(
            "tenant_id",
            sa.Uuid(),
            server_default=sa.text("(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("consultant", sa.String(), server_default="", nullable=False),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("outside", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'refused') = (consultant = '')", name=op.f("ck_call_off_answer_consultant")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (price IS NULL)", name=op.f("ck_call_off_answer_price_or_nobody")
        ),
        sa.CheckConstraint("outside IN ('', 'no_price', 'above')", name=op.f("ck_call_off_answer_outside")),
        sa.CheckConstraint(
            "state IN ('offered', 'confirmed', 'refused')", name=op.f("ck_call_off_answer_state")
        ),
        sa.CheckConstraint("price > 0", name=op.f("ck_call_off_answer_price")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "line_id"],
            ["agency.call_off_line.tenant_id", "agency.call_off_line.id"],
            name=op.f("fk_call_off_answer_tenant_id_line_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "supplier_id"],
            ["agency.supplier.tenant_id", "agency.supplier.id"],
            name=op.f("fk_call_off_answer_tenant_id_supplier_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f("fk_call_off_answer_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_call_off_answer")),
        sa.UniqueConstraint(
            "tenant_id",
            "line_id",
            "supplier_id",
            "consultant",
            name=op.f("uq_call_off_answer_tenant_id_line_id_supplier_id_consultant"),
        ),
        schema="agency",
    )
    op.protect_tenant_table("agency", "call_off_answer")
