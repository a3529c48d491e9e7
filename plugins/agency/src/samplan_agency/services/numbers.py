"""Numbers that go up by one within a region, such as those of deliveries."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from samplan.plugin_api import TenantSession, take_turn


def next_number(session: TenantSession, column: InstrumentedAttribute[int]) -> int:
    """Return the number after the greatest of a column, which is this transaction's to take."""
    take_turn(session, f"agency.{column.class_.__tablename__}.{column.key}")
    return (session.scalar(select(func.max(column))) or 0) + 1
