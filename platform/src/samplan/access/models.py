"""Roles of a tenant, their permissions, and who holds them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from samplan.db.base import Base, TenantMixin, tenant_fk


class Role(TenantMixin, Base):
    """A tenant's role; `key` tells the template that it was copied from."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("tenant_id", "key"), {"schema": "core"})

    key: Mapped[str]
    name: Mapped[str]


class RolePermission(TenantMixin, Base):
    """A permission that a role gives."""

    __tablename__ = "role_permission"
    __table_args__ = (
        UniqueConstraint("tenant_id", "role_id", "permission"),
        tenant_fk("role_id", "core.role", ondelete="CASCADE"),
        {"schema": "core"},
    )

    role_id: Mapped[UUID]
    permission: Mapped[str]


class RoleGrant(TenantMixin, Base):
    """A role that a member holds."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("tenant_id", "membership_id", "role_id"),
        tenant_fk("membership_id", "core.membership", ondelete="CASCADE"),
        tenant_fk("role_id", "core.role", ondelete="CASCADE"),
        {"schema": "core"},
    )

    membership_id: Mapped[UUID]
    role_id: Mapped[UUID]
