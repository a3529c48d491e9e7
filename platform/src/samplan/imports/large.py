"""Files of many rows: kept as compressed UTF-8, and read row by row, never as a whole.

A file is kept as it was delivered but for columns of personal identity numbers, which are emptied before
anything is kept; a workbook becomes the text that its first filled sheet would be.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import BinaryIO

from samplan.i18n import _l
from samplan.imports.archive import Limits, foreign_kind
from samplan.imports.delimited import broken_row, no_text
from samplan.imports.faults import Fault, FaultLog, ImportFaults
from samplan.imports.sheets import best_sheet
from samplan.imports.sources import ARCHIVE, SourceTable, is_sum, read_source_table
from samplan.imports.spec import SheetSpec

_CHUNK = 1 << 20
_BEGIN = 8192  # bytes by which another kind of file is recognised
_SAMPLE = 600_000  # characters that headings, delimiter and the mapping's values are looked for in
_MEGABYTE = 1024 * 1024
LARGE = Limits(
    file_bytes=400 * _MEGABYTE,
    unpacked_bytes=600 * _MEGABYTE,
    rows=200_000,
    area=8_000_000,
    elements=40_000_000,
    text_total=400_000_000,
)
"""What a delivered file may be; `rows` holds for workbooks, text files may have more."""
MOST_ROWS = 3_000_000
DAMAGED = ("Ã¥", "Ã¤", "Ã¶", "Ã…", "Ã„", "Ã–", "Ã©", "\ufffd")
"""What å, ä, ö and é become where a file was written in one encoding and read in another."""
_OLD = re.compile("[a-z][†„”Ž™][a-z]", re.IGNORECASE)
"""å, ä and ö of DOS (code page 850) amid a word, in a file that is read as Windows-1252."""
Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file to be kept: `content` compressed, `sha256` of the bytes as they came, and its first rows."""

    content: bytes
    sha256: str
    sample: SourceTable


def pack_file(source: BinaryIO, spec: SheetSpec, log: FaultLog, limits: Limits = LARGE) -> PackedFile:
    """Return a file as it can be kept; raises `ImportFaults` for one that cannot be read.

    `source` must be able to seek; no more of it than a piece is in memory, but for a workbook.
    """
    digest = _digest(source, log, limits)
    source.seek(0)
    begin = source.read(_BEGIN)
    if kind := foreign_kind(begin):
        log.stop(no_text(kind))
    if begin.startswith(ARCHIVE):
        source.seek(0)
        rows, _name = best_sheet(source.read(), spec, log, limits)
        content = _compressed(_written(rows, ";"))
    else:
        content = _compressed(_decoded(source, _encoding(source, log), log))
    sample = _sample(content, spec, log)
    if sample.refused:
        try:
            content = _compressed(_written(_without(content, sample), sample.origin.delimiter or ";"))
        except csv.Error:
            log.stop(broken_row())
    return PackedFile(content, digest, sample)


class LargeFile:
    """A kept file, to be read row by row; `source` has its headings and first rows."""

    def __init__(self, fetch: Callable[[], bytes], spec: SheetSpec) -> None:
        """Read what `pack_file` has kept; it is fetched when it is needed first."""
        self._fetch, self._spec = fetch, spec
        self.sums = 0
        """Rows of sums that were passed over so far."""

    @cached_property
    def _content(self) -> bytes:
        return self._fetch()

    @cached_property
    def source(self) -> SourceTable:
        """The headings and the first rows."""
        return _sample(self._content, self._spec, FaultLog())

    def pieces(self) -> Iterator[bytes]:
        """Yield the kept text as it is, in pieces."""
        with gzip.GzipFile(fileobj=io.BytesIO(self._content), mode="rb") as packed:
            while piece := packed.read(_CHUNK):
                yield piece

    def rows(self) -> Iterator[Row]:
        """Yield the filled rows below the headings with their numbers, each cell a text."""
        reader = csv.reader(_opened(self._content), delimiter=self.source.origin.delimiter or ";")
        number = _stated(self._content)
        try:
            for row in reader:
                number += 1
                if number > self.source.head and not self.leaves_out(row):
                    yield number, row
        except csv.Error:
            raise ImportFaults([broken_row(number + 1)]) from None

    def leaves_out(self, row: Sequence[str]) -> bool:
        """Tell whether a row below the headings is passed over: an empty one, or a sum, which is counted."""
        if row and row[0][:3].lower() in _SUM_BEGINNINGS and is_sum(row):
            self.sums += 1
            return True
        return not "".join(row).strip()


_SUM_BEGINNINGS = frozenset({"sum", "tot", "del", ""})


def _digest(source: BinaryIO, log: FaultLog, limits: Limits) -> str:
    found, size = hashlib.sha256(), 0
    source.seek(0)
    while chunk := source.read(_CHUNK):
        found.update(chunk)
        size += len(chunk)
        if size > limits.file_bytes:
            message = _l("The file is larger than %(limit)s MB.", limit=limits.file_bytes // _MEGABYTE)
            log.stop(Fault("file_too_large", message, expected=_l("fewer rows, in several files")))
    if not size:
        log.stop(
            Fault("empty_file", _l("The file is empty."), expected=_l("a heading row and at least one row"))
        )
    return found.hexdigest()


def _encoding(source: BinaryIO, log: FaultLog) -> str:
    """Return the first encoding in which all of a file is a text."""
    source.seek(0)
    begin = source.read(_BEGIN)
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in begin.partition(b"\n")[0]:
        log.stop(no_text())
    odd: list[int] = []
    for name in ("utf-8-sig", "cp1252"):
        odd.append(_first_odd(source, name))
        if not odd[-1]:
            break
    else:
        log.stop(no_text(row=max(odd)))
    return name


def _first_odd(source: BinaryIO, encoding: str) -> int:
    """Return the row of the first bytes that are no text in an encoding; 0 where all is text."""
    source.seek(0)
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 0
    while chunk := source.read(_CHUNK):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return lines + error.object.count(b"\n", 0, error.start) + 1
        if "\0" in text:
            return lines + text.count("\n", 0, text.index("\0")) + 1
        lines += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines + 1
    return 0


def _decoded(source: BinaryIO, encoding: str, log: FaultLog) -> Iterator[str]:
    """Yield a file's text in pieces; one whose letters are damaged is refused at the first of them."""
    source.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    while chunk := source.read(_CHUNK):
        text = decoder.decode(chunk)
        if sign := _damaged(text, encoding):
            row = lines + text.count("\n", 0, text.index(sign)) + 1
            message = _l("The file has letters that are damaged, such as “%(sign)s”.", sign=sign)
            expected = _l("the file as the system writes it, in UTF-8 or Windows-1252")
            log.stop(Fault("wrong_encoding", message, row=row, value=sign, expected=expected))
        lines += text.count("\n")
        yield text
    yield decoder.decode(b"", final=True)


def _damaged(text: str, encoding: str) -> str:
    """Return letters that a wrong encoding has made of others; an empty text where there are none."""
    if ("\u00c3" in text or "\ufffd" in text) and (sign := next(filter(text.__contains__, DAMAGED), "")):
        return sign
    found = _OLD.search(text) if encoding == "cp1252" and any(sign in text for sign in "†„”Ž™") else None
    return found[0] if found else ""


def _compressed(pieces: Iterable[str]) -> bytes:
    buffer = io.BytesIO()
    packed = gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0)
    with packed, ThreadPoolExecutor(1) as beside:
        written = beside.submit(packed.write, b"")
        for piece in pieces:  # the next one is read while this one is compressed
            data = piece.encode()
            written.result()
            written = beside.submit(packed.write, data)
        written.result()
    return buffer.getvalue()


def _written(rows: Iterable[list[str]], delimiter: str) -> Iterator[str]:
    """Yield rows as text, some thousand at a time."""
    waiting = iter(rows)
    while some := list(islice(waiting, 5000)):
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter).writerows(some)
        yield buffer.getvalue()


def _without(content: bytes, sample: SourceTable) -> Iterator[list[str]]:
    """Yield all rows of a text, those below the headings without the columns that may not be kept."""
    rows = csv.reader(_opened(content), delimiter=sample.origin.delimiter or ";")
    hidden = [place - 1 for place in sample.refused]
    if _stated(content):
        yield []  # so that rows keep their numbers
    for number, row in enumerate(rows, 1 + _stated(content)):
        if number > sample.head:
            for place in hidden:
                if place < len(row):
                    row[place] = ""
        yield row


def _opened(content: bytes) -> io.TextIOWrapper:
    """Open a kept text at its first row."""
    packed = gzip.GzipFile(fileobj=io.BytesIO(content), mode="rb")
    text = io.TextIOWrapper(io.BufferedReader(packed, _CHUNK), encoding="utf-8", newline="")
    if _stated(content):
        text.readline()
    return text


def _stated(content: bytes) -> int:
    """Return 1 for a text whose first line states the delimiter, as `sep=;`, else 0."""
    with gzip.GzipFile(fileobj=io.BytesIO(content), mode="rb") as packed:
        return int(packed.read(4) == b"sep=")


def _sample(content: bytes, spec: SheetSpec, log: FaultLog) -> SourceTable:
    """Return the table of a kept text's first rows, with the delimiter of all."""
    with gzip.GzipFile(fileobj=io.BytesIO(content), mode="rb") as packed:
        text = packed.read(_SAMPLE * 2).decode(errors="ignore")
    if len(text) > _SAMPLE:
        whole = text[:_SAMPLE].rpartition("\n")[0]
        cut = text[len(whole) :].lstrip("\n").partition("\n")[0]
        if len(cut) > csv.field_size_limit() and max(map(len, cut.split(";"))) > csv.field_size_limit():
            log.stop(broken_row(whole.count("\n") + 1 + bool(whole)))
        text = whole
    return read_source_table(text.encode(), spec, log, LARGE)
