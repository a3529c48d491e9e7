"""Write workbooks (.xlsx): the one place where XlsxWriter is used.

Text is always written as text, never as a formula or a link, whatever it begins with.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import xlsxwriter

Cell = str | int | float | Decimal | bool | date | time | datetime | timedelta | None
"""A value of one cell; None is an empty cell."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LAST_ROW = 1_048_575
_OLDEST = date(1900, 3, 1)  # before it the calendars of spreadsheets disagree
_FORBIDDEN_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class NumberFormat(StrEnum):
    """How a column shows its values; a spreadsheet shows separators as its own user's language has them."""

    GENERAL = "General"
    TEXT = "@"
    INTEGER = "0"
    DECIMAL = "#,##0.00"
    DATE = "yyyy-mm-dd"
    TIME = "hh:mm"
    DATETIME = "yyyy-mm-dd hh:mm"
    DURATION = "[h]:mm"


_BY_TYPE: tuple[tuple[type, NumberFormat], ...] = (
    (datetime, NumberFormat.DATETIME),
    (date, NumberFormat.DATE),
    (time, NumberFormat.TIME),
    (timedelta, NumberFormat.DURATION),
)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: heading, how values are shown, and width in characters (None: from heading)."""

    heading: str
    number_format: NumberFormat = NumberFormat.GENERAL
    width: int | None = None


class Book:
    """A workbook being written; `finish` returns its bytes, the same for the same content and `created`."""

    def __init__(self, *, title: str, created: datetime) -> None:
        self._buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._workbook: Any = xlsxwriter.Workbook(self._buffer, options)
        self._workbook.set_properties({"title": title, "created": created.replace(tzinfo=None)})
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._names: set[str] = set()

    def style(self, **properties: object) -> Any:
        """Return the XlsxWriter format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(dict(key))
        return self._formats[key]

    def sheet(self, name: str) -> Any:
        """Add a worksheet; a name that a spreadsheet refuses or that is taken is changed until it is not."""
        base = name.translate(_FORBIDDEN_IN_NAME).strip().strip("'")[:31] or "Blad"
        safe, number = base, 2
        while safe.casefold() in self._names:
            ending = f" {number}"
            safe, number = base[: 31 - len(ending)] + ending, number + 1
        self._names.add(safe.casefold())
        return self._workbook.add_worksheet(safe)

    def put(
        self,
        sheet: Any,
        row: int,
        column: int,
        value: Cell,
        style: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Write `value` by its type at a place counted from 0; text stays text, odd numbers become text."""
        properties = {**_default_style(value), **style}
        value = _writable(value)
        if value is None:
            sheet.write_blank(row, column, None, self.style(**properties))
        elif isinstance(value, str):
            if value.startswith(FORMULA_STARTS):
                properties["quote_prefix"] = True
            sheet.write_string(row, column, value, self.style(**properties))
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.style(**properties))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.style(**properties))
        else:
            sheet.write_datetime(row, column, value, self.style(**properties))

    def finish(self) -> bytes:
        """Close the workbook and return its bytes."""
        self._workbook.close()
        return self._buffer.getvalue()


HEADING: Mapping[str, object] = MappingProxyType(
    {"bold": True, "bg_color": "#DCEBEF", "bottom": 1, "text_wrap": True, "valign": "top"}
)
"""Style of a heading row in every workbook of ours."""


def write_table(
    name: str, columns: Sequence[TableColumn], rows: Iterable[Sequence[Cell]], *, created: datetime
) -> bytes:
    """Return a workbook with one table: headings that stay in view, a filter, dates and numbers as such."""
    book = Book(title=name, created=created)
    sheet = book.sheet(name)
    write_headings(book, sheet, columns)
    last = 0
    for last, row in enumerate(rows, start=1):
        for index, (column, value) in enumerate(zip(columns, row, strict=True)):
            style = (
                {}
                if column.number_format is NumberFormat.GENERAL
                else {"num_format": column.number_format.value}
            )
            book.put(sheet, last, index, value, style)
    if columns:
        sheet.autofilter(0, 0, last, len(columns) - 1)
    return book.finish()


def write_headings(book: Book, sheet: Any, columns: Sequence[TableColumn]) -> None:
    """Write the heading row, the widths and number formats of the columns, and keep the row in view."""
    for index, column in enumerate(columns):
        width = column.width or min(max(len(column.heading) + 3, 10), 40)
        sheet.set_column(index, index, width, book.style(num_format=column.number_format.value))
        book.put(sheet, 0, index, column.heading, HEADING)
    sheet.freeze_panes(1, 0)


def _default_style(value: Cell) -> dict[str, object]:
    for kind, number_format in _BY_TYPE:
        if isinstance(value, kind):
            return {"num_format": number_format.value}
    return {}


def _writable(value: Cell) -> str | int | float | bool | date | time | datetime | timedelta | None:
    """Turn into text what a spreadsheet cannot show: NaN, huge integers, old dates, negative times."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) >= 10**15:
        return str(value)
    if isinstance(value, date) and date(value.year, value.month, value.day) < _OLDEST:
        return str(value)
    if isinstance(value, timedelta) and value < timedelta():
        minutes = -value // timedelta(minutes=1)
        return f"-{minutes // 60}:{minutes % 60:02d}"
    return value
