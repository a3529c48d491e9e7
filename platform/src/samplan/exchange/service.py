"""Hand over, send and share documents across tenants; the writer's act is audited in its own trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from samplan.audit.context import current_actor
from samplan.audit.service import record
from samplan.db.session import GroupSession, TenantSession
from samplan.errors import NotFound
from samplan.exchange.models import HandedOver, SentToMembers, Shared
from samplan.i18n import _

Exchanged = HandedOver | SentToMembers | Shared
D = TypeVar("D", HandedOver, SentToMembers, Shared)


@dataclass(frozen=True, slots=True)
class Document:
    """A document to exchange: its kind (`<module>.<what>`), a title for people and a JSON body."""

    kind: str
    title: str
    body: dict[str, Any]


def hand_over(session: TenantSession, document: Document, to_group: UUID) -> HandedOver:
    """Hand a member's document over to its group; PostgreSQL refuses who is no member."""
    return _write(session, HandedOver, document, to_group, "exchange.handed_over")


def send_to_members(session: TenantSession, document: Document, group_id: UUID) -> SentToMembers:
    """Send the group's document to its members; PostgreSQL refuses who is not the group's own tenant."""
    return _write(session, SentToMembers, document, group_id, "exchange.sent_to_members")


def share(session: TenantSession, document: Document, group_id: UUID) -> Shared:
    """Share a member's document with the group and all its members."""
    return _write(session, Shared, document, group_id, "exchange.shared")


def withdraw(session: TenantSession, model: type[D], document_id: UUID, now: datetime) -> D:
    """Withdraw one's own document: it stays, marked, and readers leave it out; raises `NotFound`."""
    own = select(model).where(
        model.id == document_id, model.tenant_id == session.tenant_id, model.withdrawn_at.is_(None)
    )
    row = session.scalar(own)
    if row is None:
        raise NotFound(_("There is no such document."))
    row.withdrawn_at = now
    record(session, "exchange.withdrawn", model.__tablename__, row.id)
    return row


def readable(session: TenantSession | GroupSession, model: type[D], kind: str | None = None) -> Sequence[D]:
    """Return the documents that the session may read and that are not withdrawn, newest first."""
    statement = select(model).where(model.withdrawn_at.is_(None)).order_by(model.id.desc())
    if kind is not None:
        statement = statement.where(model.kind == kind)
    return session.scalars(statement).all()


def _write(session: TenantSession, model: type[D], document: Document, group_id: UUID, action: str) -> D:
    row = model(
        group_id=group_id,
        tenant_id=session.tenant_id,
        kind=document.kind,
        title=document.title,
        body=document.body,
        written_by=current_actor().id,
    )
    session.add(row)
    session.flush()
    record(
        session, action, model.__tablename__, row.id, after={"kind": document.kind, "title": document.title}
    )
    return row
