"""The audit trail: append-only entries in a hash chain per tenant, and the chain's head."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base, TenantMixin
from samplan.db.rls import APPEND_ONLY, CURRENT_TENANT

_JSON_OR_NULL = JSONB(none_as_null=True)


class AuditEntry(TenantMixin, Base):
    """One act: who did what to which thing; personal fields appear as "changed", never by value."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sequence"),
        Index("ix_audit_entry_object", "tenant_id", "object_type", "object_id"),
        {"schema": "core", "info": {"grants": APPEND_ONLY}},
    )

    sequence: Mapped[int]
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(_JSON_OR_NULL)
    after: Mapped[dict[str, Any] | None] = mapped_column(_JSON_OR_NULL)
    request_id: Mapped[str | None]
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]


class AuditHead(Base):
    """The newest entry's number and hash: what a chain that lost its end is found by."""

    __tablename__ = "audit_head"
    __table_args__ = ({"schema": "core", "info": {"grants": "SELECT, INSERT, UPDATE"}},)

    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("core.tenant.id"), primary_key=True, server_default=text(CURRENT_TENANT)
    )
    sequence: Mapped[int]
    hash: Mapped[bytes]
