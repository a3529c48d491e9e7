"""When a period's people may wish, and who of them has answered; the wishes are rows of `wish`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table


class WishWindow(TenantMixin, Base):
    """From when to when a period's people may wish, and how many points and vetoes each of them has."""

    __tablename__ = "wish_window"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id"),
        CheckConstraint("closes_at > opens_at", name="instants"),
        CheckConstraint("points >= 0 AND vetoes >= 0", name="numbers"),
        own("period_id", "roster_period", cascade=True),
    )

    period_id: Mapped[UUID]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    points: Mapped[int]
    vetoes: Mapped[int]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)


class WishAnswer(TenantMixin, Base):
    """That an employee has wished in person, or has said to have no wishes; when it was last changed."""

    __tablename__ = "wish_answer"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id", "employee_id"),
        own("period_id", "roster_period", cascade=True),
        own("employee_id", "employee", cascade=True),
    )

    period_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    answered_at: Mapped[datetime] = mapped_column(server_default=func.now())
