"""One at a time: what two at once would number alike, or write over each other."""

from __future__ import annotations

from sqlalchemy import func, select

from samplan.db.session import TenantSession


def take_turn(session: TenantSession, what: str) -> None:
    """Wait until nobody else of the tenant does `what`; it is this transaction's until it ends."""
    key = f"{what}:{session.tenant_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
