"""What one roster period asks for: participants, requirements, wishes, history, locks and rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table

PERIOD_STATES = ("draft", "consultation", "decided", "published")


class RosterPeriod(TenantMixin, Base):
    """The dates to roster in a ward and the rules that apply; `version` counts changes of its input."""

    __tablename__ = "roster_period"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "ward_id", "start_date", "end_date"),
        CheckConstraint("end_date >= start_date", name="dates"),
        CheckConstraint(f"state IN {PERIOD_STATES}", name="state"),
        own("ward_id", "ward"),
    )

    ward_id: Mapped[UUID]
    start_date: Mapped[date]
    end_date: Mapped[date]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="draft", default="draft")
    rules: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PeriodEmployee(TenantMixin, Base):
    """An employee who takes part in a period's roster; of who is hired, between which dates and how much."""

    __tablename__ = "period_employee"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id", "employee_id"),
        CheckConstraint("hired_to >= hired_from", name="dates"),
        CheckConstraint("most_minutes > 0", name="most_minutes"),
        own("period_id", "roster_period", cascade=True),
        own("employee_id", "employee"),
    )

    period_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    position: Mapped[int]
    hired_from: Mapped[date | None]
    hired_to: Mapped[date | None]
    most_minutes: Mapped[int | None]


class Requirement(TenantMixin, Base):
    """People needed on a shift: every `weekday` (0 is Monday), or as an exception on one `date`.

    Without a skill everybody counts; without a maximum there is none. One of a date that is not
    `from_template` was set for this date, and a template leaves the date as it is.
    """

    __tablename__ = "requirement"
    __table_args__ = table(
        Index("ix_requirement_period", "tenant_id", "period_id"),
        CheckConstraint("num_nonnulls(weekday, on_date) = 1", name="weekday_or_date"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("minimum >= 0 AND target >= minimum AND maximum >= target", name="numbers"),
        own("period_id", "roster_period", cascade=True),
        own("shift_type_id", "shift_type"),
        own("skill_id", "skill"),
    )

    period_id: Mapped[UUID]
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    on_date: Mapped[date | None]
    shift_type_id: Mapped[UUID]
    skill_id: Mapped[UUID | None]
    minimum: Mapped[int]
    target: Mapped[int]
    maximum: Mapped[int | None]
    from_template: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    position: Mapped[int]


class Wish(TenantMixin, Base):
    """A wish for a date of the period; `points` is what breaking it costs."""

    __tablename__ = "wish"
    __table_args__ = table(
        Index("ix_wish_period", "tenant_id", "period_id"),
        CheckConstraint("kind IN ('want', 'avoid', 'off')", name="kind"),
        own("period_id", "roster_period", cascade=True),
        own("employee_id", "employee"),
        own("shift_type_id", "shift_type"),
    )

    period_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    on_date: Mapped[date]
    kind: Mapped[str]
    shift_type_id: Mapped[UUID | None]
    points: Mapped[int]
    position: Mapped[int]


class RuleSetting(TenantMixin, Base):
    """A rule that is not as usual, for all or for one employee; the reason behind it is never kept."""

    __tablename__ = "rule_setting"
    __table_args__ = table(
        Index("ix_rule_setting_period", "tenant_id", "period_id"),
        CheckConstraint("level IN ('off', 'soft', 'hard')", name="level"),
        CheckConstraint("weight >= 0", name="weight"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
        own("period_id", "roster_period", cascade=True),
        own("employee_id", "employee"),
        own("other_employee_id", "employee"),
    )

    period_id: Mapped[UUID]
    rule: Mapped[str]
    level: Mapped[str]
    weight: Mapped[int | None]
    employee_id: Mapped[UUID | None]
    other_employee_id: Mapped[UUID | None]
    parameters: Mapped[dict[str, Any]]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    position: Mapped[int]


class HistoryShift(TenantMixin, Base):
    """A shift worked before the period, which its rules look back on."""

    __tablename__ = "history_shift"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id", "employee_id", "on_date"),
        own("period_id", "roster_period", cascade=True),
        own("employee_id", "employee"),
        own("shift_type_id", "shift_type"),
    )

    period_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    on_date: Mapped[date]
    shift_type_id: Mapped[UUID]
    position: Mapped[int]


class Lock(TenantMixin, Base):
    """A locked cell of the period: the shift to be worked, or None for a free date."""

    __tablename__ = "lock"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "period_id", "employee_id", "on_date"),
        own("period_id", "roster_period", cascade=True),
        own("employee_id", "employee"),
        own("shift_type_id", "shift_type"),
    )

    period_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    on_date: Mapped[date]
    shift_type_id: Mapped[UUID | None]
    position: Mapped[int]
