"""Rosters with their assignments, and the public benchmark problems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table

ORIGINS = ("solved", "edited", "replanned", "scenario")


class BenchmarkProblem(TenantMixin, Base):
    """A public benchmark instance as its text; it brings its own rules and belongs to no ward."""

    __tablename__ = "benchmark_problem"
    __table_args__ = table(UniqueConstraint("tenant_id", "sha256"))

    name: Mapped[str]
    sha256: Mapped[str]
    source: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Roster(TenantMixin, Base):
    """One roster of a period, a scenario or a benchmark problem.

    Those of the last two have their cells here, by codes: a scenario may have people and shifts of its own.

    `number` counts the rosters of its period, `version` the changes of this one; `input_hash` is that of the
    input it was computed from. Of a period at most one is `chosen`: the one to be consulted on and published.
    One that was re-planned is `based_on` another, whose people were told of what differs.
    """

    __tablename__ = "roster"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id", "number"),
        UniqueConstraint("tenant_id", "problem_id", "number", name="uq_roster_problem_id"),
        UniqueConstraint("tenant_id", "scenario_id", "number", name="uq_roster_scenario_id"),
        CheckConstraint("num_nonnulls(period_id, problem_id, scenario_id) = 1", name="source"),
        CheckConstraint("(period_id IS NULL) = (cells IS NOT NULL)", name="cells"),
        CheckConstraint("status IN ('optimal', 'feasible')", name="status"),
        CheckConstraint(f"origin IN {ORIGINS}", name="origin"),
        Index("ix_roster_chosen", "tenant_id", "period_id", unique=True, postgresql_where=text("chosen")),
        own("period_id", "roster_period"),
        own("based_on_id", "roster"),
        own("problem_id", "benchmark_problem"),
        own("scenario_id", "scenario", cascade=True),
    )

    period_id: Mapped[UUID | None]
    problem_id: Mapped[UUID | None]
    scenario_id: Mapped[UUID | None]
    number: Mapped[int]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    origin: Mapped[str] = mapped_column(server_default="solved", default="solved")
    chosen: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    based_on_id: Mapped[UUID | None]
    run_id: Mapped[UUID | None]
    status: Mapped[str]
    objective: Mapped[int] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    breakdown: Mapped[dict[str, Any]]
    seconds: Mapped[float]
    seed: Mapped[int]
    versions: Mapped[dict[str, Any]]
    input_hash: Mapped[str]
    cells: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Assignment(TenantMixin, Base):
    """A shift of an employee in a roster, with its instants and minutes as they were when it was made."""

    __tablename__ = "assignment"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "roster_id", "employee_id", "on_date"),
        CheckConstraint("ends_at > starts_at", name="instants"),
        own("roster_id", "roster", cascade=True),
        own("employee_id", "employee"),
        own("shift_type_id", "shift_type"),
    )

    roster_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    on_date: Mapped[date]
    shift_type_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    break_minutes: Mapped[int]
    paid_minutes: Mapped[int]
    on_call_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    standby_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
