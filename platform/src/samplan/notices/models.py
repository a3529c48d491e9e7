"""What has happened, who is told of it, and how far that has come.

A row is written in the transaction of what it tells of, and worked off after the commit: what is told has
happened, and what has happened is told even when a worker dies. No address of a person stands here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base, TenantMixin, tenant_fk

MAIL_STATUSES = ("queued", "sent", "failed", "declined")
DELIVERY_STATUSES = ("queued", "delivered", "failed")


class Event(TenantMixin, Base):
    """One thing that has happened: its type, when, and what is told of it."""

    __tablename__ = "event"
    __table_args__ = ({"schema": "core"},)

    type: Mapped[str]
    at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]


class Mail(TenantMixin, Base):
    """A mail about an event; the address and the language are looked up when it is sent.

    It is to a member, or without an account to the organisation outside that the event's module names then.

    `about` names what several events in a row are about; `reason` says in a word why it was not sent.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint(f"status IN {MAIL_STATUSES}", name="status"),
        Index("ix_mail_due", "tenant_id", "next_try_at", postgresql_where=text("status = 'queued'")),
        Index("ix_mail_account", "tenant_id", "account_id"),
        Index("ix_mail_event", "tenant_id", "event_id"),
        tenant_fk("event_id", "core.event", ondelete="CASCADE"),
        {"schema": "core"},
    )

    event_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    about: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="queued")
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")


class WebhookEndpoint(TenantMixin, Base):
    """An address of another system that is called about the events that it asks for.

    The signing secret is derived from the deployment's key and `salt`, and stands nowhere; `secret_check`
    tells whether it is still the one that was shown. The former one signs too, until `former_until`.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (UniqueConstraint("tenant_id", "name"), {"schema": "core"})

    name: Mapped[str]
    url: Mapped[str]
    events: Mapped[list[Any]]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    salt: Mapped[bytes]
    secret_check: Mapped[bytes]
    former_salt: Mapped[bytes | None]
    former_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    disabled_reason: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WebhookDelivery(TenantMixin, Base):
    """An event on its way to an endpoint: tries, the last answer's status, and when it is tried next."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("tenant_id", "endpoint_id", "event_id"),
        CheckConstraint(f"status IN {DELIVERY_STATUSES}", name="status"),
        Index(
            "ix_webhook_delivery_due", "tenant_id", "next_try_at", postgresql_where=text("status = 'queued'")
        ),
        Index("ix_webhook_delivery_event", "tenant_id", "event_id"),
        tenant_fk("endpoint_id", "core.webhook_endpoint", ondelete="CASCADE"),
        tenant_fk("event_id", "core.event", ondelete="CASCADE"),
        {"schema": "core"},
    )

    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(server_default="queued")
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    next_try_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    answer: Mapped[int | None]
    reason: Mapped[str] = mapped_column(server_default="")
