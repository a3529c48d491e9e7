"""A table that another system wrote: its rows as texts, what its columns are called, what may not be read.

The file is kept nowhere while somebody maps it: it travels in the form, packed, without the columns that hold
personal identity numbers.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from samplan.errors import Invalid
from samplan.i18n import _, _l
from samplan.imports.archive import DEFAULT_LIMITS, Limits, foreign_kind, load_bytes
from samplan.imports.delimited import no_text, read_delimited
from samplan.imports.faults import Fault, FaultLog, column_letter
from samplan.imports.identity_numbers import holds_identity_number
from samplan.imports.sheets import HEADINGS_WITHIN, best_sheet, known_headings, known_in, squeezed
from samplan.imports.spec import SheetSpec, folded
from samplan.imports.values import shown, tidy

LARGEST_PACKED = 900_000
"""Characters of a packed table; a form may carry a little more."""
_LARGEST_UNPACKED = 30_000_000
ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06")
_NOT_PACKED = (
    binascii.Error, zlib.error, ValueError, LookupError, TypeError, ArithmeticError, AttributeError,
    RecursionError,
)  # fmt: skip
_SURROGATE = re.compile("[\ud800-\udfff]")
_SUMS = ("summa", "totalt", "total", "delsumma", "sum")
_IDENTITY_HEADINGS = frozenset(
    {"personnummer", "personnr", "persnr", "pnr", "samordningsnummer", "personalidentitynumber"}
)  # fmt: skip
_SHARE = 5  # a column of which more than a fifth are identity numbers is one of identity numbers


@dataclass(frozen=True, slots=True)
class Origin:
    """How a table was written: `encoding` and `delimiter` of a text file, `sheet` of a workbook."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The table: `cells` from the first row on, `head` the row of the headings, both counted from 1.

    `headings` names each column, every name once. `filled` are the numbers of the filled rows below them;
    sums at the end are left out. `refused` are the places of columns with personal identity numbers; what
    stood in them is gone already.
    """

    cells: tuple[tuple[str, ...], ...]
    head: int
    headings: tuple[str, ...]
    filled: tuple[int, ...]
    refused: frozenset[int]
    origin: Origin

    def cell(self, row: int, place: int) -> str:
        """Return a cell; an empty text beyond what is filled."""
        cells = self.cells[row - 1]
        return cells[place - 1] if place <= len(cells) else ""

    def place(self, heading: str) -> int | None:
        """Return the place of a column that may be read, None for one that is not there."""
        places = (place for place, name in enumerate(self.headings, 1) if folded(name) == folded(heading))
        return next((place for place in places if place not in self.refused), None)

    def column(self, place: int) -> list[str]:
        """Return the filled cells of a column, tidied, from the top."""
        return [text for row in self.filled if (text := tidy(self.cell(row, place)))]


def read_source_table(
    data: bytes, spec: SheetSpec, log: FaultLog, limits: Limits = DEFAULT_LIMITS
) -> SourceTable:
    """Return the table of a text file or of a workbook's first filled sheet.

    Raises `ImportFaults` for anything that cannot be read or holds no rows. `spec` helps to find the
    headings.
    """
    load_bytes(data, log, limits)
    if not data.strip():
        log.stop(
            Fault("empty_file", _l("The file is empty."), expected=_l("a heading row and at least one row"))
        )
    if kind := foreign_kind(data):
        log.stop(no_text(kind))
    if data.startswith(ARCHIVE):
        cells, sheet = best_sheet(data, spec, log, limits)
        origin = Origin(sheet=sheet)
    else:
        text = read_delimited(data, log, limits)
        cells, origin = text.cells, Origin(encoding=text.encoding, delimiter=text.delimiter)
    table = _table(cells, spec, origin, ())
    if not table.filled:
        log.stop(
            Fault("no_rows", _l("The file has no rows."), expected=_l("a heading row and at least one row"))
        )
    _refuse_identities(table, log)
    return table


def _refuse_identities(table: SourceTable, log: FaultLog) -> None:
    """Refuse personal identity numbers in headings and above them: these are shown and kept as they stand."""
    message = _l("The cell holds a personal identity number; it may not be stored here.")
    for number, row in enumerate(table.cells[: table.head], 1):
        for place, text in enumerate(row, 1):
            if holds_identity_number(text):
                wanted = _l("headings, and rows above them, without personal identity numbers")
                log.add(Fault("identity_number", message, "", number, place, "", shown(text), wanted))
    log.raise_if_any()


def pack_source(table: SourceTable, log: FaultLog) -> str:
    """Return a table as a text for a hidden field; raises `ImportFaults` when it is too large for one."""
    said = {"cells": table.cells, "origin": asdict(table.origin), "refused": sorted(table.refused)}
    content = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    text = base64.b64encode(zlib.compress(content, 6)).decode("ascii")
    if len(content) > _LARGEST_UNPACKED or len(text) > LARGEST_PACKED:
        log.stop(
            Fault(
                "file_too_large",
                _l("The file holds too much to be read in at once."),
                expected=_l("fewer rows, or only the columns that are needed"),
            )
        )
    return text


def unpack_source(text: str, spec: SheetSpec, limits: Limits = DEFAULT_LIMITS) -> SourceTable:
    """Return the table of a hidden field; raises `Invalid` for what `pack_source` did not write."""
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.b64decode(text, validate=True), _LARGEST_UNPACKED)
        said = json.loads(content)
        cells, origin = said["cells"], Origin(**said["origin"])
        if len(cells) > limits.rows or not all(_is_row(row, limits) for row in cells):
            raise ValueError
        return _table(cells, spec, origin, [int(place) for place in said["refused"]])
    except _NOT_PACKED as error:
        raise Invalid(_("The file did not arrive whole. Choose it again.")) from error


def _table(
    cells: Iterable[Sequence[str]], spec: SheetSpec, origin: Origin, refused: Iterable[int]
) -> SourceTable:
    rows = tuple(tuple(row) for row in cells)
    head = _head(rows, spec)
    width = max((len(row) for row in rows[head - 1 :]), default=0)
    headings = _unique(rows[head - 1] if rows else (), width)
    table = SourceTable(rows, head, headings, _filled(rows, head), frozenset(), origin)
    hidden = {*refused, *(place for place in range(1, width + 1) if _holds_identities(table, place))}
    if hidden:
        rows = tuple(
            row if number <= head else tuple("" if p in hidden else text for p, text in enumerate(row, 1))
            for number, row in enumerate(rows, 1)
        )
        table = SourceTable(rows, head, headings, _filled(rows, head), frozenset(hidden), origin)
    return table


def _filled(rows: Sequence[Sequence[str]], head: int) -> tuple[int, ...]:
    """Return the numbers of the rows below the headings that hold anything, without sums at the end."""
    found = [number for number, row in enumerate(rows, 1) if number > head and any(map(str.strip, row))]
    while found and is_sum(rows[found[-1] - 1]):
        found.pop()
    return tuple(found)


def _head(rows: Sequence[Sequence[str]], spec: SheetSpec) -> int:
    """Return the row in which most headings are known; else the first with several cells."""
    known = known_headings(spec)
    best, found, first = 1, 0, 0
    for number, row in enumerate(rows[:HEADINGS_WITHIN], 1):
        filled = [text for text in row if text.strip()]
        count = known_in(filled, known)
        if count > found:
            best, found = number, count
        if not first and len(filled) > 1:
            first = number
    return best if found else first or 1


def _unique(row: Sequence[str], width: int) -> tuple[str, ...]:
    """Name every column: an empty heading by its letter, a second of a name by its number."""
    names: list[str] = []
    taken: set[str] = set()
    for place in range(1, width + 1):
        name = tidy(row[place - 1]) if place <= len(row) else ""
        name = name[:80] or column_letter(place)
        base, number = name, 2
        while folded(name) in taken:
            name, number = f"{base} ({number})", number + 1
        taken.add(folded(name))
        names.append(name)
    return tuple(names)


def _holds_identities(table: SourceTable, place: int) -> bool:
    if squeezed(table.headings[place - 1]) in _IDENTITY_HEADINGS:
        return True
    texts = table.column(place)
    return sum(map(holds_identity_number, texts)) * _SHARE > len(texts)


def is_sum(row: Sequence[str]) -> bool:
    """Tell whether a row is a sum of those above it: it says so first or last, and most of it is empty."""
    filled = [text for text in map(tidy, row) if text]
    said = any(squeezed(text).startswith(_SUMS) for text in filled[:1] + filled[-1:])
    return said and len(filled) <= len(row) / 2


def _is_row(row: object, limits: Limits) -> bool:
    if not isinstance(row, list) or len(row) > limits.columns:
        return False
    return all(isinstance(text, str) and _is_writable(text, limits.text_length) for text in row)


def _is_writable(text: str, longest: int) -> bool:
    """Tell whether a text is of a length and of signs that a file can have; half of a sign is none."""
    return len(text) <= longest and not _SURROGATE.search(text)
