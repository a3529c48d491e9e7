"""Documents that cross tenants: the only tables besides published facts that another tenant can read.

Each has one of the three exchange policies of `samplan.db.rls`; plugins write here through
`samplan.plugin_api.hand_over` and own no such table.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base
from samplan.db.rls import CURRENT_TENANT
from samplan.ids import new_id


class _Document:
    """What every exchanged document carries; `tenant_id` is the writer's."""

    group_id: Mapped[UUID]
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    id: Mapped[UUID] = mapped_column(default=new_id, server_default=text("uuidv7()"))
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[dict[str, Any]]
    written_at: Mapped[datetime] = mapped_column(server_default=func.now())
    written_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]


def _arguments(protection: str, *, member_writes: bool) -> tuple[Any, ...]:
    """Return table arguments: the key, who may write (a member, or the group itself) and the policy."""
    writer = "core.group_member.tenant_id" if member_writes else "core.management_group.tenant_id"
    group = "core.group_member.group_id" if member_writes else "core.management_group.id"
    return (
        PrimaryKeyConstraint("group_id", "tenant_id", "id"),
        ForeignKeyConstraint(["group_id", "tenant_id"], [group, writer]),
        {"schema": "core", "info": {"protection": protection, "grants": "SELECT, INSERT, UPDATE"}},
    )


class HandedOver(_Document, Base):
    """A member's document to the group: a report, an answer that was approved."""

    __tablename__ = "handed_over"
    __table_args__ = _arguments("to_group", member_writes=True)


class SentToMembers(_Document, Base):
    """The group's document to its members: a question round, a mandate, a decision."""

    __tablename__ = "sent_to_members"
    __table_args__ = _arguments("to_members", member_writes=False)


class Shared(_Document, Base):
    """A member's document to the group and all its members: a good practice, offered capacity."""

    __tablename__ = "shared"
    __table_args__ = _arguments("among_members", member_writes=True)
