"""Shifts as rows of text for another system: which columns, under which headings, in which spelling."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

COLUMNS = (
    "employment_id",
    "name",
    "profession",
    "date",
    "unit",
    "shift",
    "shift_name",
    "start",
    "end",
    "start_date",
    "start_time",
    "end_date",
    "end_time",
    "hours",
    "minutes",
    "break_minutes",
    "on_call_hours",
    "on_call_minutes",
    "standby_hours",
    "standby_minutes",
    "publication",
)
SEPARATORS = (";", ",", "\t")
DECIMALS = (",", ".")
ENCODINGS = ("utf-8-sig", "utf-8", "iso-8859-1")
_MINUTES = Decimal(60)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | Decimal | datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its key, under the heading that the other system asks for."""

    key: str
    heading: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a file is written: `heading` tells whether its first line names the columns."""

    separator: str = ";"
    decimal: str = ","
    encoding: str = "utf-8-sig"
    heading: bool = True


class Unspellable(ValueError):
    """A text has a sign that the encoding lacks."""


def hours(minutes: int) -> Decimal:
    """Return minutes as hours with two decimals."""
    return (Decimal(minutes) / _MINUTES).quantize(Decimal("0.01"))


def write_rows(rows: Iterable[Mapping[str, Value]], columns: Sequence[Column], spelling: Spelling) -> bytes:
    """Return the rows as a text file with the columns in their order.

    What a spreadsheet would take for a formula is marked as text. Raises `Unspellable` with the text that
    the encoding cannot say.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=spelling.separator, lineterminator="\r\n")
    if spelling.heading:
        writer.writerow([_safe(column.heading) for column in columns])
    for row in rows:
        writer.writerow([_text(row[column.key], spelling) for column in columns])
    text = out.getvalue()
    try:
        return text.encode(spelling.encoding)
    except UnicodeEncodeError as error:
        raise Unspellable(text[error.start : error.end]) from None


def _text(value: Value, spelling: Spelling) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", spelling.decimal)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return _safe(str(value))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
