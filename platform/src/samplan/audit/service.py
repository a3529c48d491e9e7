"""Writing to a tenant's audit trail, and verifying that nothing in it was changed afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.event import listens_for
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from samplan.audit.chain import GENESIS, ChainCheck, ChainFault, entry_hash
from samplan.audit.context import current_actor, current_request_id
from samplan.audit.masking import masked
from samplan.audit.models import AuditEntry, AuditHead
from samplan.db.session import TenantSession
from samplan.ids import new_id

_PENDING = "audit_pending"
_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class _Pending:
    """An act that waits for its place in the chain, and the savepoint that it would vanish with."""

    columns: dict[str, Any]
    savepoint: SessionTransaction | None


def record(
    session: TenantSession,
    action: str,
    object_type: str,
    object_id: object | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Collection[str] = (),
) -> None:
    """Add an act to the tenant's audit trail; it is kept if, and only if, the transaction is committed.

    The entry gets its number, time and hash when the transaction commits (or when this session reads the
    trail). So the lock on the chain's head is the last that a transaction takes and the shortest it holds:
    two people who change many things at once wait for each other a moment, and cannot deadlock.

    Args:
        session: the tenant's session; who acts, and under which request, is taken from the context.
        action: what was done, in the past tense, `thing.done`.
        object_type: the kind of thing that it was done to.
        object_id: which one; None where the tenant itself is meant.
        before: the fields that matter as they were; None for a new thing.
        after: the same fields as they are now; None for a thing that is gone.
        personal: names of fields with personal data: shown as "set" or "changed", never by value.
    """
    actor = current_actor()
    old, new = masked(before, after, personal)
    columns = {
        "tenant_id": session.tenant_id,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "action": action,
        "object_type": object_type,
        "object_id": None if object_id is None else str(object_id),
        "before": old,
        "after": new,
        "request_id": current_request_id(),
    }
    session.info.setdefault(_PENDING, []).append(_Pending(columns, session.get_nested_transaction()))


def verify(session: TenantSession) -> list[ChainFault]:
    """Return every fault of the tenant's chain, by number; empty when it is whole.

    Entries and head are read by one statement, so that what is written meanwhile is no fault.
    """
    check, head = ChainCheck(), None
    found = session.execute(
        select(AuditEntry, AuditHead.sequence, AuditHead.hash)
        .outerjoin(AuditHead, AuditHead.tenant_id == AuditEntry.tenant_id, full=True)
        .order_by(AuditEntry.sequence),
        execution_options={"yield_per": _AT_A_TIME, "populate_existing": True},
    )
    # The outer join leaves either side out, which the statement's own types do not say.
    for entry, number, hash_ in cast("Iterable[tuple[AuditEntry | None, int | None, bytes]]", found):
        head = None if number is None else (number, hash_)
        if entry is not None:
            check.see(entry)
    return check.finish(head)


def head_of(session: TenantSession) -> tuple[int, str]:
    """Return the newest entry's number and hash (hex): noted elsewhere, they vouch for all before them."""
    row = session.execute(select(AuditHead.sequence, AuditHead.hash)).one_or_none()
    return (row.sequence, row.hash.hex()) if row else (0, GENESIS.hex())


def _write_pending(session: Session) -> None:
    """Give the waiting acts their places at the end of the chain."""
    pending: list[_Pending] = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()  # all other locks come before the one on the head
    tenant_id = pending[0].columns["tenant_id"]
    last, hash_, now = session.execute(
        upsert(AuditHead)
        .values(tenant_id=tenant_id, sequence=len(pending), hash=GENESIS)
        .on_conflict_do_update(
            index_elements=[AuditHead.tenant_id], set_={"sequence": AuditHead.sequence + len(pending)}
        )
        .returning(AuditHead.sequence, AuditHead.hash, func.clock_timestamp())
    ).one()
    rows: list[dict[str, Any]] = []
    for sequence, act in enumerate(pending, start=last - len(pending) + 1):
        own = {"id": new_id(), "sequence": sequence, "at": now, "previous_hash": hash_}
        hash_ = entry_hash(AuditEntry(**act.columns, **own))
        rows.append({**act.columns, **own, "hash": hash_})
    session.execute(insert(AuditEntry), rows)
    session.execute(update(AuditHead).where(AuditHead.tenant_id == tenant_id).values(hash=hash_))


@listens_for(TenantSession, "before_commit")
def _write_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():  # a savepoint's release is not the end
        _write_pending(session)


@listens_for(TenantSession, "do_orm_execute")
def _write_before_reading(state: ORMExecuteState) -> None:
    """Let a session see its own acts in the trail, as autoflush does for other rows."""
    if (
        state.is_select
        and state.session.info.get(_PENDING)
        and any(mapper.class_ is AuditEntry for mapper in state.all_mappers)
    ):
        _write_pending(state.session)


@listens_for(TenantSession, "after_soft_rollback")
def _forget_rolled_back(session: Session, rolled_back: SessionTransaction) -> None:
    """Drop the acts of a savepoint, or of the whole transaction, that was rolled back."""
    pending: list[_Pending] = session.info.get(_PENDING, [])
    if not rolled_back.nested:
        pending.clear()
    pending[:] = [act for act in pending if not _is_within(act.savepoint, rolled_back)]


def _is_within(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while inner is not None:
        if inner is outer:
            return True
        inner = inner.parent
    return False
