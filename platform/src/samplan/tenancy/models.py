"""Tenants, their modules and their management groups."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base
from samplan.db.rls import CURRENT_TENANT
from samplan.ids import new_id

READ_AND_ADD = "SELECT, INSERT, UPDATE"


class Tenant(Base):
    """A region, or a management group with rows of its own; in the register that everybody may read."""

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("kind IN ('region', 'group')", name="kind"),
        CheckConstraint("slug ~ '^[a-z][a-z0-9-]{1,62}$'", name="slug"),
        {"schema": "core", "info": {"grants": READ_AND_ADD}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=text("uuidv7()"))
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="region")
    county_code: Mapped[str | None]
    organisation_number: Mapped[str | None]
    locale: Mapped[str] = mapped_column(server_default="sv_SE")
    timezone: Mapped[str] = mapped_column(server_default="Europe/Stockholm")
    demo: Mapped[bool] = mapped_column(server_default=text("false"))
    notes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    settings_version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TenantModule(Base):
    """A module that a tenant has enabled, with the tenant's settings of it."""

    __tablename__ = "tenant_module"
    __table_args__ = ({"schema": "core"},)

    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("core.tenant.id"), primary_key=True, server_default=text(CURRENT_TENANT)
    )
    module: Mapped[str] = mapped_column(primary_key=True)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    enabled_at: Mapped[datetime] = mapped_column(server_default=func.now())
    enabled_by: Mapped[UUID | None]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))


class ManagementGroup(Base):
    """A group of regions that compare themselves; `tenant_id` is the tenant with the group's own rows."""

    __tablename__ = "management_group"
    __table_args__ = (
        UniqueConstraint("id", "tenant_id"),  # what the group's own documents refer to
        {"schema": "core", "info": {"protection": "register", "grants": READ_AND_ADD}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=text("uuidv7()"))
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("core.tenant.id"), unique=True)


class GroupMember(Base):
    """A region's membership of a management group."""

    __tablename__ = "group_member"
    __table_args__ = (
        {"schema": "core", "info": {"protection": "register", "grants": "SELECT, INSERT, DELETE"}},
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey("core.management_group.id"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("core.tenant.id"), primary_key=True)
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())
