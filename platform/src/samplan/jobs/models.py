"""A run of background work and its events: PostgreSQL is the truth, Redis carries three ids."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base, TenantMixin, tenant_fk
from samplan.db.rls import APPEND_ONLY

STATUSES = ("queued", "running", "succeeded", "failed", "cancelled")
FINISHED = ("succeeded", "failed", "cancelled")


class JobRun(TenantMixin, Base):
    """One run: what was asked, by whom, how far it is, and where its result is.

    `parent_id` is the run that it is a part of, if it is one.
    """

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("tenant_id", "idempotency_key"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("queue IN ('high', 'default', 'solve')", name="queue"),
        Index("ix_job_run_queue", "tenant_id", "queue", "status", "queued_at"),
        Index("ix_job_run_parent", "tenant_id", "parent_id"),
        tenant_fk("parent_id", "core.job_run", ondelete="CASCADE"),
        {"schema": "core"},
    )

    job_type: Mapped[str]
    module: Mapped[str]
    idempotency_key: Mapped[str | None]
    params: Mapped[dict[str, Any]]
    params_version: Mapped[int] = mapped_column(server_default=text("1"))
    subject: Mapped[str | None]
    requested_by: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(server_default="queued")
    attempt: Mapped[int] = mapped_column(server_default=text("1"))
    max_attempts: Mapped[int] = mapped_column(server_default=text("3"))
    queue: Mapped[str] = mapped_column(server_default="default")
    progress: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    cancel_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    keep_result: Mapped[bool] = mapped_column(server_default=text("false"))
    worker: Mapped[str | None]
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None]
    error_details: Mapped[dict[str, Any] | None]
    error_id: Mapped[str | None]


class JobEvent(TenantMixin, Base):
    """A change of a run's state: when, from, to, by whom and why."""

    __tablename__ = "job_event"
    __table_args__ = (
        Index("ix_job_event_run", "tenant_id", "run_id", "at"),
        tenant_fk("run_id", "core.job_run"),
        {"schema": "core", "info": {"grants": APPEND_ONLY}},
    )

    run_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    attempt: Mapped[int]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    who: Mapped[str]
    why: Mapped[str | None]


class ScheduleMark(TenantMixin, Base):
    """When a schedule last asked for its job, so that each time is asked for once."""

    __tablename__ = "schedule_mark"
    __table_args__ = (UniqueConstraint("tenant_id", "schedule"), {"schema": "core"})

    schedule: Mapped[str]
    last_due: Mapped[datetime]
