"""Checks that a description asks for across the cells of a row, the rows of a sheet and the sheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise

from samplan.i18n import _l
from samplan.imports.faults import FaultLog, Text, did_you_mean
from samplan.imports.spec import Column, Reference, Value
from samplan.imports.tables import Row, Table


def check_unique(table: Table, log: FaultLog) -> None:
    """Note rows whose values of a unique group stood in an earlier row; an empty cell counts as a value."""
    for keys in table.spec.unique:
        if any(_is_missing(table, key) for key in keys):
            continue
        first: dict[tuple[Value | None, ...], int] = {}
        for row in table.rows:
            if not row.faulty.isdisjoint(keys):
                continue
            values = tuple(row.values.get(key) for key in keys)
            earlier = first.setdefault(values, row.number)
            if earlier != row.number:
                message = _l("The same stands in row %(row)s already.", row=earlier)
                expected = _l("%(columns)s together only once", columns=_headings(table, keys))
                log.add(table.fault("duplicate", row, keys[0], message, expected))


def check_ascending(table: Table, log: FaultLog) -> None:
    """Note values that are lower than the one before them in an ascending group."""
    for keys in table.spec.ascending:
        for row in table.rows:
            _check_row_ascends(table, row, keys, log)


def check_references(tables: Mapping[str, Table], log: FaultLog) -> None:
    """Note values that are not in the column they refer to."""
    for table in tables.values():
        for column in table.spec.columns:
            if column.refers_to is not None:
                _check_column_refers(table, column, column.refers_to, tables, log)


def _check_row_ascends(table: Table, row: Row, keys: tuple[str, ...], log: FaultLog) -> None:
    present = [key for key in keys if key in row.values]
    for earlier, later in pairwise(present):
        if _less(row.values[later], row.values[earlier]):
            name = table.spec.column(earlier).name.to(table.language)
            message = _l("The value is lower than “%(name)s” of the same row.", name=name)
            expected = _l("at least %(value)s", value=table.fault("", row, earlier, "").value)
            log.add(table.fault("not_ascending", row, later, message, expected))


def _check_column_refers(
    table: Table, column: Column, reference: Reference, tables: Mapping[str, Table], log: FaultLog
) -> None:
    target = tables[reference.sheet]
    if not target.readable or (target.columns and _is_missing(target, reference.column)):
        return
    known = frozenset(str(value) for value in target.values(reference.column))

    @cache
    def hint(value: str) -> Text:
        near = None if log.full else did_you_mean(value, known)
        if near:
            return _l("did you mean “%(near)s”?", near=near)
        heading = target.spec.column(reference.column).name.to(target.language)
        return _l("a value of the column “%(column)s”", column=heading)

    message = _l("The value is not in the sheet “%(sheet)s”.", sheet=target.name)
    for row in table.rows:
        value = row.values.get(column.key)
        if value is not None and str(value) not in known:
            log.add(table.fault("unknown_reference", row, column.key, message, hint(str(value))))


def _is_missing(table: Table, key: str) -> bool:
    """Tell whether a column that must be there is not; that is noted already and says nothing of rows."""
    return table.spec.column(key).required and key not in table.columns


def _headings(table: Table, keys: tuple[str, ...]) -> str:
    return ", ".join(table.spec.column(key).name.to(table.language) for key in keys)


def _less(value: Value, other: Value) -> bool:
    if isinstance(value, date) and isinstance(other, date):
        return value < other
    if isinstance(value, int | Decimal) and isinstance(other, int | Decimal):
        return value < other
    return False
