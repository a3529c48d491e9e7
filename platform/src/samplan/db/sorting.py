"""Swedish alphabetical order, the same in Python and in PostgreSQL, whatever the server's own collation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, collate, func

# Å, Ä and Ö follow Z in this order; in ASCII these three signs do. É sorts as E.
_FROM, _TO = "åäöé", "{|}e"
_TABLE = str.maketrans(_FROM, _TO)


def swedish_sort(column: Any) -> ColumnElement[str]:
    """Return the expression to order by so that Å, Ä and Ö come last, in this order."""
    return collate(func.translate(func.lower(column), _FROM, _TO), "C")


def swedish_key(text: str) -> str:
    """Return the key that sorts `text` as `swedish_sort` does."""
    return text.lower().translate(_TABLE)
