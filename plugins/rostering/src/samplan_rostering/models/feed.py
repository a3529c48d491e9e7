"""Calendars that employees subscribe to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table


class CalendarFeed(TenantMixin, Base):
    """An employee's calendar address, of which only the secret's hash is kept; at most one is in use."""

    __tablename__ = "calendar_feed"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "token_hash"),
        Index(
            "ix_calendar_feed_in_use",
            "tenant_id",
            "employee_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        own("employee_id", "employee", cascade=True),
    )

    employee_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
