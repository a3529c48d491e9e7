"""What is wrong with typed rows of a large file, told by row and column (see `samplan.imports.staged`)."""

# ruff: noqa: S608 - names of columns are those of a description in the code; values are parameters
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from samplan.i18n import _l
from samplan.imports.mapping import meanings
from samplan.imports.spec import Column, Kind, Language
from samplan.imports.staged_cells import read_cell
from samplan.imports.staged_sql import bit
from samplan.imports.values import CellFault, expected

if TYPE_CHECKING:
    from samplan.imports.staged import Refusal, StagedFile


def tell_refused(staged: StagedFile, refusal: Refusal, flag: int) -> None:
    """Note every row that has a refusal's bit: the first by row, the others counted."""
    rows = staged.execute_by_hash(
        f"SELECT t.row_number, r.{refusal.key}, count(*) OVER ()"
        f" FROM file_rows t JOIN file_raw r USING (row_number)"
        f" WHERE t.refused & {flag} <> 0 ORDER BY 1 LIMIT :limit",
        limit=max(1, staged.log.room),
    ).all()
    for number, raw, _total in rows:
        told = re.sub(r"\w", "*", raw) if refusal.hidden else raw
        staged.fault(refusal.code, number, refusal.key, refusal.message, raw=told, expected=refusal.expected)
    staged.log.count(rows[0][2] - len(rows))


def read_value(
    raw: str, column: Column, known: Mapping[str, str], language: Language
) -> tuple[str | None, bool]:
    """Return a repeated value as PostgreSQL reads it, and whether it is sound."""
    try:
        value = read_cell(raw, column, known, language)
    except CellFault:
        return None, False
    return value, value is not None or not column.required


def odd_numbers(staged: StagedFile, wrong: int) -> dict[str, list[tuple[str, str, str | None, bool]]]:
    """Read the numbers that SQL could not, such as `1,234.50`, once each; return the sound ones by field."""
    found = {}
    for place, column in enumerate(staged.spec.columns):
        if column.kind is not Kind.DECIMAL or column.key not in staged.places or not wrong & bit(place):
            continue
        key = column.key
        raws = staged.execute_by_hash(
            f"SELECT DISTINCT r.{key} FROM file_rows t JOIN file_raw r USING (row_number)"
            f" WHERE t.wrong & {bit(place)} <> 0 AND r.{key} <> ''"
        ).scalars()
        read = [(key, raw, *read_value(raw, column, {}, staged.language)) for raw in raws]
        if sound := [row for row in read if row[3]]:
            found[key] = sound
    return found


def tell_wrong(staged: StagedFile) -> None:
    """Note what is wrong with cells, by row and column."""
    total = staged.execute("SELECT sum(bit_count(wrong::bit(32))) FROM file_rows").scalar_one()
    keys = list(staged.places)
    columns = [(bit(place), each) for place, each in enumerate(staged.spec.columns) if each.key in keys]
    raws = ", ".join(f"r.{key}" for key in keys)
    rows = staged.execute_by_hash(
        f"SELECT t.row_number, t.wrong, {raws} FROM file_rows t JOIN file_raw r USING (row_number)"
        " WHERE t.wrong <> 0 ORDER BY 1 LIMIT :limit",
        limit=staged.log.room,
    )
    told = 0
    for number, wrong, *cells in rows:
        for flag, column in columns:
            if wrong & flag:
                told += 1
                _tell_cell(staged, number, column, cells[keys.index(column.key)])
    staged.log.count(total - told)


def _tell_cell(staged: StagedFile, number: int, column: Column, raw: str) -> None:
    known = meanings(column, staged.mapping) if column.choices else {}
    wanted = expected(column, staged.language)
    try:
        value = read_cell(raw, column, known, staged.language)
    except CellFault as fault:
        staged.fault(fault.code, number, column.key, fault.message, raw=raw, expected=fault.expected)
        return
    if value is None:
        staged.fault("missing_value", number, column.key, _l("A value is missing."), raw=raw, expected=wanted)
    else:
        message = _l("The value is outside what is allowed.")
        staged.fault("out_of_range", number, column.key, message, raw=raw, expected=wanted)
