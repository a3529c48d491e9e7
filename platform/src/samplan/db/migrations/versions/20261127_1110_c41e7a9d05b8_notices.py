"""Events, mail about them, and webhooks.

Revision: c41e7a9d05b8
Revises: import mappings
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c41e7a9d05b8"
down_revision = "2b9d4e7f61a8"
branch_labels = None
depends_on = None

_TENANT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"
_WAITING = sa.text("status = 'queued'")


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("mail", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        schema="core",
    )
    _create_event()
    _create_mail()
    _create_endpoint()
    _create_delivery()
    for table in ("event", "mail", "webhook_endpoint", "webhook_delivery"):
        op.protect_tenant_table("core", table)


def downgrade() -> None:
    for table in ("webhook_delivery", "webhook_endpoint", "mail", "event"):
        op.unprotect_tenant_table("core", table)
        op.drop_table(table, schema="core")
    op.drop_column("account", "mail", schema="core")


def _key() -> list[sa.Column[object]]:
    return [
        sa.Column("tenant_id", sa.Uuid(), server_default=sa.text(_TENANT), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    ]


def _rules(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["core.tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _within(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"core.{target}.tenant_id", f"core.{target}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )


def _json() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _time(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        nullable=nullable,
        server_default=None if default is None else sa.text(default),
    )


def _word(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _number(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(default), nullable=False)


def _create_event() -> None:
    op.create_table(
        "event",
        *_key(),
        _word("type"),
        _time("at"),
        sa.Column("payload", _json(), nullable=False),
        *_rules("event"),
        schema="core",
    )


def _create_mail() -> None:
    op.create_table(
        "mail",
        *_key(),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _word("about", ""),
        _word("status", "queued"),
        _number("tries", "0"),
        _time("next_try_at"),
        _time("sent_at", nullable=True),
        _word("reason", ""),
        sa.CheckConstraint("status IN ('queued', 'sent', 'failed', 'declined')", name=op.f("ck_mail_status")),
        _within("mail", "event_id", "event"),
        *_rules("mail"),
        schema="core",
    )
    op.create_index(
        "ix_mail_due", "mail", ["tenant_id", "next_try_at"], schema="core", postgresql_where=_WAITING
    )
    op.create_index("ix_mail_account", "mail", ["tenant_id", "account_id"], schema="core")


def _create_endpoint() -> None:
    op.create_table(
        "webhook_endpoint",
        *_key(),
        _word("name"),
        _word("url"),
        sa.Column("events", _json(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _number("version", "1"),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("secret_check", sa.LargeBinary(), nullable=False),
        sa.Column("former_salt", sa.LargeBinary(), nullable=True),
        _time("former_until", nullable=True),
        _time("failing_since", nullable=True),
        _word("disabled_reason", ""),
        _time("created_at", default="now()"),
        *_rules("webhook_endpoint"),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_webhook_endpoint_tenant_id_name")),
        schema="core",
    )


def _create_delivery() -> None:
    op.create_table(
        "webhook_delivery",
        *_key(),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        _word("status", "queued"),
        _number("tries", "0"),
        _time("next_try_at"),
        _time("delivered_at", nullable=True),
        sa.Column("answer", sa.Integer(), nullable=True),
        _word("reason", ""),
        sa.CheckConstraint(
            "status IN ('queued', 'delivered', 'failed')", name=op.f("ck_webhook_delivery_status")
        ),
        _within("webhook_delivery", "endpoint_id", "webhook_endpoint"),
        _within("webhook_delivery", "event_id", "event"),
        *_rules("webhook_delivery"),
        sa.UniqueConstraint(
            "tenant_id",
            "endpoint_id",
            "event_id",
            name=op.f("uq_webhook_delivery_tenant_id_endpoint_id_event_id"),
        ),
        schema="core",
    )
    op.create_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        ["tenant_id", "next_try_at"],
        schema="core",
        postgresql_where=_WAITING,
    )
