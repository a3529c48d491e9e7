"""Read a text file of rows as payroll and finance systems write it; encoding and delimiter are guessed.

Swedish files are mostly Windows-1252 or UTF-8 with semicolons; tabs, commas and UTF-16 (a spreadsheet's
"Unicode text") occur. Cells stay texts: what they mean is for the mapping.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from samplan.i18n import _l
from samplan.imports.archive import DEFAULT_LIMITS, Limits
from samplan.imports.faults import Fault, FaultLog
from samplan.modules.contributions import Text

DELIMITERS = (";", "\t", ",", "|")
_SAMPLE = 64_000  # characters that the delimiter is guessed from
_SAMPLE_ROWS = 60
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")  # none stands in a text; 1A ended files in DOS
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """The rows of a text file from the first on, and how they were written."""

    cells: list[list[str]]
    encoding: str
    delimiter: str


def read_delimited(data: bytes, log: FaultLog, limits: Limits) -> DelimitedText:
    """Return the rows of a text file; raises `ImportFaults` for what is no text or goes beyond the limits."""
    text, encoding = _decoded(data, log)
    delimiter, begin = _stated_delimiter(text)
    if not delimiter:
        delimiter = guessed_delimiter(text)
    cells: list[list[str]] = [[]] if begin else []
    try:
        for row in _rows(text[begin:], delimiter):
            if len(cells) == limits.rows:
                _too_many(log, "rows", limits.rows, len(cells) + 1)
            if len(row) > limits.columns:
                _too_many(log, "columns", limits.columns, len(cells) + 1)
            cells.append(row)
    except csv.Error:
        log.stop(broken_row(len(cells) + 1, limits.text_length))
    return DelimitedText(cells, encoding, delimiter)


def guessed_delimiter(text: str) -> str:
    """Return the sign that parts the first rows most evenly; a semicolon where none does."""
    sample = text if len(text) <= _SAMPLE else text[:_SAMPLE].rpartition("\n")[0] or text[:_SAMPLE]
    best, found = (0.0, 1), ";"
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in islice(_rows(sample, delimiter), _SAMPLE_ROWS) if row)
        except csv.Error:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = (count / max(widths.total(), 1), width)
        if width > 1 and score > best:
            best, found = score, delimiter
    return found


def _decoded(data: bytes, log: FaultLog) -> tuple[str, str]:
    if data.startswith(_UTF16):
        encoding, name = "utf-16", "UTF-16"
    else:
        encoding, name = "utf-8-sig", "UTF-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text, name = _as_windows(data, log), "Windows-1252"
    if _CONTROLS.search(text):
        log.stop(no_text())
    return text, name


def _as_windows(data: bytes, log: FaultLog) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        log.stop(no_text())


def broken_row(row: int | None = None, longest: int = DEFAULT_LIMITS.text_length) -> Fault:
    """Return the fault of a row that cannot be taken apart."""
    message = _l("The row cannot be read: a quotation mark or a very long text is in the way.")
    expected = _l("at most %(limit)s characters in a cell", limit=longest)
    return Fault("broken_row", message, row=row, expected=expected)


def no_text(kind: Text | None = None, row: int = 0) -> Fault:
    """Return the fault of a file that is no table.

    `kind` says what it is, where that is known; `row` is that of the first sign that is no text. In the first
    row it is no text at all.
    """
    message = kind or _l("The file is neither a workbook nor a text that can be read.")
    expected = _l("a text file (CSV) in UTF-8 or Windows-1252, or a workbook (.xlsx)")
    return Fault("not_a_text", message, row=row if row > 1 else None, expected=expected)


def _stated_delimiter(text: str) -> tuple[str, int]:
    """Return the delimiter that a first line such as `sep=;` states, and where the rows begin."""
    line, _newline, _rest = text.partition("\n")
    stated = line.strip()
    if stated.lower().startswith("sep=") and stated[4:] in DELIMITERS:
        return stated[4:], len(line) + 1
    return "", 0


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _too_many(log: FaultLog, kind: str, limit: int, row: int) -> None:
    if kind == "rows":
        message, expected = (
            _l("The file has more than %(limit)s rows.", limit=limit),
            _l("at most %(limit)s rows", limit=limit),
        )
    else:
        message, expected = (
            _l("The row has more than %(limit)s columns.", limit=limit),
            _l("at most %(limit)s columns", limit=limit),
        )
    log.stop(Fault(f"too_many_{kind}", message, row=row, expected=expected))
