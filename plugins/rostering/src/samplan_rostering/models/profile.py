"""A ward's standing rule profile, and the exceptions from agreements that are registered for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table

PERMITS = ("short_rest_permission", "long_shift_permission")
"""The rules that stand in a table of their own: who registers them may be another than who sets rules."""


class WardProfile(TenantMixin, Base):
    """The rules that new periods of a ward begin with; `version` counts its changes.

    `rules` are the figures of the sheet of limits, `settings` the lines of the profile as `{"lines": […]}`;
    rules for single people are a period's, never a ward's.
    """

    __tablename__ = "ward_profile"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "ward_id"),
        own("ward_id", "ward", cascade=True),
    )

    ward_id: Mapped[UUID]
    rules: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RulePermission(TenantMixin, Base):
    """A registered exception: shorter rest or longer shifts than the main rule, between two dates.

    For everybody in the ward, or for one employee; `reason` is the activity's, never a person's.
    """

    __tablename__ = "rule_permission"
    __table_args__ = table(
        Index("ix_rule_permission_ward", "tenant_id", "ward_id", "valid_from"),
        CheckConstraint(f"rule IN {PERMITS}", name="rule"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
        CheckConstraint("minutes > 0", name="minutes"),
        own("ward_id", "ward"),
        own("employee_id", "employee"),
    )

    ward_id: Mapped[UUID]
    rule: Mapped[str]
    minutes: Mapped[int]
    employee_id: Mapped[UUID | None]
    reason: Mapped[str]
    negotiated: Mapped[date]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
