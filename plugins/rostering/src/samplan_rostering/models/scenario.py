"""Scenarios of a period, and how searches have gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table


class Scenario(TenantMixin, Base):
    """What if: changes of a period's input, by name; the period itself is not changed by them.

    `changes` is a JSON list as of `domain.scenario`; `version` counts the changes of the scenario, and
    `accepted_at` is when it became the period's input.
    """

    __tablename__ = "scenario"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id", "name"),
        own("period_id", "roster_period", cascade=True),
    )

    period_id: Mapped[UUID]
    name: Mapped[str]
    changes: Mapped[list[Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    accepted_at: Mapped[datetime | None]


class SolveTrace(TenantMixin, Base):
    """How a search goes: its objective and bound over time, and the best roster while it runs.

    `points` holds lists of seconds, objective and bound. `cells` are employee, day and shift by codes;
    they go when the roster is stored.
    """

    __tablename__ = "solve_trace"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "run_id"),
    )

    run_id: Mapped[UUID]
    points: Mapped[list[Any]] = mapped_column(JSONB)
    objective: Mapped[int | None] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    cells: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
