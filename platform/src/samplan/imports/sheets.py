"""The sheet of a workbook that another system wrote: which it is, and its cells as texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from samplan.i18n import _l
from samplan.imports.archive import Limits, open_package
from samplan.imports.faults import Fault, FaultLog, ImportFaults
from samplan.imports.spec import OUR_SHEETS, SheetSpec, folded, names_of
from samplan.imports.values import Raw
from samplan.imports.workbook import RawSheet, raw_sheets

HEADINGS_WITHIN = 20
"""In so many rows headings are looked for; others may stand above them."""
_A_TABLE = 3  # known headings in a row that make a sheet one to be read


def best_sheet(data: bytes, spec: SheetSpec, log: FaultLog, limits: Limits) -> tuple[list[list[str]], str]:
    """Return the rows of the sheet with the most known headings, each a text, and its name.

    The first filled one where none has any. Several with rows below known headings are refused: what one of
    them holds would be lost.
    """
    open_package(data, log, limits)
    known = known_headings(spec)
    best, most, names = None, -1, []
    for sheet in raw_sheets(data, log, limits):
        if folded(sheet.name) in OUR_SHEETS or not sheet.scan.rows:
            continue
        rows = [[str(cell) for cell in row] for row in sheet.cells[:HEADINGS_WITHIN]]
        count = max((known_in(row, known) for row in rows), default=0)
        if count >= _A_TABLE and len(sheet.cells) > 1:
            names.append(sheet.name)
        if count > most:
            best, most = sheet, count
    if best is None:
        message, expected = _l("The workbook has no rows."), _l("at least one row")
        raise ImportFaults([Fault("no_rows", message, expected=expected)])
    if len(names) > 1:
        message = _l("Several sheets have rows: %(names)s. Only one can be read.", names=", ".join(names))
        log.stop(Fault("several_sheets", message, names[1], expected=_l("one sheet with rows in each file")))
    return _texts_of(best, log), best.name


def _texts_of(sheet: RawSheet, log: FaultLog) -> list[list[str]]:
    for row, place in sorted(sheet.scan.uncomputed):
        message = _l("The cell holds a formula that was never computed.")
        expected = _l("a value; open the file in a spreadsheet program and save it")
        log.stop(Fault("formula_not_computed", message, sheet.name, row, place, expected=expected))
    cells = [[_written(cell) for cell in row] for row in sheet.cells]
    for (row, place), error in sheet.scan.errors.items():
        if row <= len(cells) and place <= len(cells[row - 1]):
            cells[row - 1][place - 1] = error
    return cells


def _written(cell: Raw) -> str:
    """Return a workbook's cell as a text file would have it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        minutes = round(cell / timedelta(minutes=1))
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(cell, bool):
        return "1" if cell else "0"
    return f"{cell:.15g}".replace(".", ",") if isinstance(cell, int | float) else cell


def known_headings(spec: SheetSpec) -> frozenset[str]:
    """Return what the columns of a sheet may be called, as headings are compared."""
    return frozenset(squeezed(name) for column in spec.columns for name in names_of(column))


def known_in(row: Sequence[str], known: frozenset[str]) -> int:
    """Return how many cells of a row are known headings."""
    return sum(squeezed(text) in known for text in row if text.strip())


def squeezed(name: str) -> str:
    """Return a heading without what systems write differently: case, spaces, signs."""
    return re.sub(r"[\W_]+", "", folded(name))
