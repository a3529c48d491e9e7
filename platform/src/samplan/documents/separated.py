"""Write files of rows for spreadsheets (.csv): `;`, decimal comma, UTF-8, and no text as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from samplan.documents.xlsx import FORMULA_STARTS, Cell


def write_separated(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the file as Swedish spreadsheets read it; text that they would compute begins with `'`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(_spelled, headings))
    writer.writerows([_spelled(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _spelled(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal | float):
        return str(cell).replace(".", ",")
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA_STARTS) else text
