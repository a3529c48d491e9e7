"""How a period's roster was consulted on, decided and published, and what was published."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import SCHEMA, own, table

FROZEN = {"grants": "SELECT, INSERT"}
"""What was published is never changed: PostgreSQL refuses it to the application's role."""


def frozen(*items: CheckConstraint | ForeignKeyConstraint | Index | UniqueConstraint) -> tuple[object, ...]:
    """Return the arguments of a table whose rows nobody changes or deletes."""
    return (*items, {"schema": SCHEMA, "info": FROZEN})


class PeriodStep(TenantMixin, Base):
    """A step of a period from one state to another, with who took it and the words that go with it."""

    __tablename__ = "period_step"
    __table_args__ = table(
        Index("ix_period_step_period", "tenant_id", "period_id"),
        own("period_id", "roster_period", cascade=True),
        own("roster_id", "roster"),
    )

    period_id: Mapped[UUID]
    step: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    roster_id: Mapped[UUID]
    roster_version: Mapped[int]
    breaches: Mapped[int]
    comment: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None]


class PeriodComment(TenantMixin, Base):
    """What somebody says of a roster in consultation, and on whose behalf."""

    __tablename__ = "period_comment"
    __table_args__ = table(
        Index("ix_period_comment_period", "tenant_id", "period_id"),
        CheckConstraint("speaks_for IN ('self', 'union', 'employer')", name="speaks_for"),
        own("period_id", "roster_period", cascade=True),
        own("roster_id", "roster"),
    )

    period_id: Mapped[UUID]
    roster_id: Mapped[UUID]
    roster_version: Mapped[int]
    speaks_for: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None]


class Publication(TenantMixin, Base):
    """A roster as it was published; `sha256` seals its shifts, `lead_days` is the notice that people got."""

    __tablename__ = "publication"
    __table_args__ = frozen(
        UniqueConstraint("tenant_id", "period_id", "number"),
        CheckConstraint("number > 0", name="number"),
        own("period_id", "roster_period"),
        own("roster_id", "roster"),
    )

    period_id: Mapped[UUID]
    number: Mapped[int]
    roster_id: Mapped[UUID]
    roster_version: Mapped[int]
    first_date: Mapped[date]
    lead_days: Mapped[int]
    notice_days: Mapped[int]
    reason: Mapped[str]
    changed_cells: Mapped[int]
    sha256: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_by: Mapped[UUID]


class PublicationShift(TenantMixin, Base):
    """A shift of a publication, as it was then; the person is named by the employee's row alone."""

    __tablename__ = "publication_shift"
    __table_args__ = frozen(
        UniqueConstraint(
            "tenant_id", "publication_id", "employee_id", "on_date", name="uq_publication_shift_cell"
        ),
        Index("ix_publication_shift_employee", "tenant_id", "employee_id", "on_date"),
        CheckConstraint("ends_at > starts_at", name="instants"),
        own("publication_id", "publication"),
        own("employee_id", "employee"),
    )

    publication_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    on_date: Mapped[date]
    unit_code: Mapped[str]
    shift_code: Mapped[str]
    shift_name: Mapped[str]
    shift_kind: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    break_minutes: Mapped[int]
    paid_minutes: Mapped[int]
    on_call_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    standby_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
