"""What the tables of this module have in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.sql.schema import SchemaItem

from samplan.plugin_api import tenant_fk

SCHEMA = "agency"
APPEND_ONLY = "SELECT, INSERT"


def table(
    *items: SchemaItem, grants: str | None = None, unlogged: bool = False, many_rows: bool = False
) -> tuple[Any, ...]:
    """Return the arguments of a table in this module's schema; `grants` where the application may not all.

    A table that is `unlogged` is cheap to fill, and empty after the server broke down. One of `many_rows` is
    protected as such.
    """
    info = ({"grants": grants} if grants else {}) | ({"protection": "many_rows"} if many_rows else {})
    more = ({"info": info} if info else {}) | ({"prefixes": ["UNLOGGED"]} if unlogged else {})
    return (*items, {"schema": SCHEMA, **more})


def own(column: str, target: str, *, cascade: bool = False) -> ForeignKeyConstraint:
    """Return the composite key to a table of this module; `cascade` where the row is a part of that one."""
    return tenant_fk(column, f"{SCHEMA}.{target}", ondelete="CASCADE" if cascade else None)


def in_force(name: str) -> Index:
    """Return the index by which one row of a key at most is in force, in the table of a name."""
    there = text("replaced_by IS NULL")
    return Index(f"uq_{name}_in_force", "tenant_id", "line_key", unique=True, postgresql_where=there)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return the check that a column, where it is filled, holds one of the words."""
    return CheckConstraint(f"{column} IN {values}", name=column)


def first_of_month(column: str) -> CheckConstraint:
    """Return the check that a date stands for its month."""
    return CheckConstraint(f"EXTRACT(day FROM {column}) = 1", name=column)
