"""coverage templates

A ward has templates of what it needs by day; a period's requirement tells whether it came from one.

Revision: 4f8c6a1e92d3
Revises: b7e3a51c9d06
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import samplan.db.migrations.ops

revision = "4f8c6a1e92d3"
down_revision = "b7e3a51c9d06"
branch_labels = None
depends_on = None

OWNER = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"


def upgrade() -> None:
    _coverage_template()
    _coverage_need()
    op.protect_tenant_table("rostering", "coverage_template")
    op.protect_tenant_table("rostering", "coverage_need")
    op.add_column(
        "requirement",
        sa.Column("from_template", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="rostering",
    )


def _keys() -> list[sa.Column]:
    return [
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(OWNER), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    ]


def _key_to(owner: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"rostering.{target}.tenant_id", f"rostering.{target}.id"],
        name=op.f(f"fk_{owner}_tenant_id_{column}"),
        ondelete=ondelete,
    )


def _coverage_template() -> None:
    name = "coverage_template"
    op.create_table(
        name,
        *_keys(),
        sa.Column("ward_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=True),
        sa.Column("last_date", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("num_nonnulls(first_date, last_date) <> 1", name=op.f(f"ck_{name}_season")),
        sa.CheckConstraint("last_date >= first_date", name=op.f(f"ck_{name}_dates")),
        _key_to(name, "ward_id", "ward", "CASCADE"),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f(f"fk_{name}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("tenant_id", "ward_id", "name", name=op.f(f"uq_{name}_tenant_id_ward_id_name")),
        schema="rostering",
    )


def _coverage_need() -> None:
    name = "coverage_need"
    op.create_table(
        name,
        *_keys(),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("shift_type_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.CheckConstraint("day BETWEEN 0 AND 8", name=op.f(f"ck_{name}_day")),
        sa.CheckConstraint(
            "minimum >= 0 AND target >= minimum AND maximum >= target", name=op.f(f"ck_{name}_numbers")
        ),
        _key_to(name, "template_id", "coverage_template", "CASCADE"),
        _key_to(name, "shift_type_id", "shift_type"),
        _key_to(name, "skill_id", "skill"),
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f(f"fk_{name}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(
            "tenant_id",
            "template_id",
            "day",
            "shift_type_id",
            "skill_id",
            name="uq_coverage_need_day",
            postgresql_nulls_not_distinct=True,
        ),
        schema="rostering",
    )


def downgrade() -> None:
    op.drop_column("requirement", "from_template", schema="rostering")
    op.unprotect_tenant_table("rostering", "coverage_need")
    op.unprotect_tenant_table("rostering", "coverage_template")
    op.drop_table("coverage_need", schema="rostering")
    op.drop_table("coverage_template", schema="rostering")
