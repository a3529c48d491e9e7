"""A ward's coverage templates: what is needed on a weekday, a public holiday and its eve, by season."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table


class CoverageTemplate(TenantMixin, Base):
    """A template of a ward, for the whole year or for a season; `version` counts its changes."""

    __tablename__ = "coverage_template"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "ward_id", "name"),
        CheckConstraint("num_nonnulls(first_date, last_date) <> 1", name="season"),
        CheckConstraint("last_date >= first_date", name="dates"),
        own("ward_id", "ward", cascade=True),
    )

    ward_id: Mapped[UUID]
    name: Mapped[str]
    first_date: Mapped[date | None]
    last_date: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CoverageNeed(TenantMixin, Base):
    """People needed on a shift: on a weekday (0 is Monday), a public holiday (7) or its eve (8)."""

    __tablename__ = "coverage_need"
    __table_args__ = table(
        UniqueConstraint(
            "tenant_id",
            "template_id",
            "day",
            "shift_type_id",
            "skill_id",
            name="uq_coverage_need_day",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("day BETWEEN 0 AND 8", name="day"),
        CheckConstraint("minimum >= 0 AND target >= minimum AND maximum >= target", name="numbers"),
        own("template_id", "coverage_template", cascade=True),
        own("shift_type_id", "shift_type"),
        own("skill_id", "skill"),
    )

    template_id: Mapped[UUID]
    day: Mapped[int] = mapped_column(SmallInteger)
    shift_type_id: Mapped[UUID]
    skill_id: Mapped[UUID | None]
    minimum: Mapped[int]
    target: Mapped[int]
    maximum: Mapped[int | None]
