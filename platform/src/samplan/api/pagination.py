"""Cursor pagination: rows by key, so that a page stays right while rows are added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and where the next page begins (None on the last)."""

    items: Sequence[T]
    next_cursor: UUID | None


def paginate(
    session: Session,
    statement: Select[T],
    key: Any,
    *,
    cursor: UUID | None,
    limit: int,
    newest_first: bool = False,
    show: Callable[[T], Any] = lambda row: row,
) -> Page[Any]:
    """Return one page of `statement`, ordered by `key`, the column of a version 7 UUID.

    Args:
        session: of the tenant.
        statement: selects one entity, without order or limit.
        key: the entity's id column.
        cursor: the `next_cursor` of the page before, None for the first page.
        limit: rows a page.
        newest_first: descending order.
        show: makes what the page holds of each row.
    """
    if cursor is not None:
        statement = statement.where(key < cursor if newest_first else key > cursor)
    ordered = statement.order_by(key.desc() if newest_first else key.asc()).limit(limit + 1)
    rows = list(session.scalars(ordered))
    more = len(rows) > limit
    rows = rows[:limit]
    last: Any = rows[-1] if rows else None
    return Page([show(row) for row in rows], getattr(last, key.key) if more else None)
