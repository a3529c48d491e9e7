"""Open a workbook file that a stranger may have made, before any library for workbooks sees it.

The file must be a zip archive of the expected parts. Each part is unpacked here under limits
and the reader gets a new archive of what was unpacked, so that sizes and names that lie in the
original cannot reach it.
"""

from __future__ import annotations

import io
import posixpath
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from samplan.i18n import _l
from samplan.imports.faults import Fault, FaultLog, Text
from samplan.imports.scan import BrokenPart, check_no_doctype

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAGIC: tuple[tuple[bytes, Text], ...] = (
    (_OLE2, _l("The file is a workbook of the old format (.xls).")),
    (b"%PDF", _l("The file is a PDF document.")),
    (b"\x89PNG", _l("The file is a picture.")),
    (b"\xff\xd8\xff", _l("The file is a picture.")),
    (b"GIF8", _l("The file is a picture.")),
    (b"RIFF", _l("The file is a picture.")),
    (b"II*\0", _l("The file is a picture.")),
    (b"MM\0*", _l("The file is a picture.")),
    (b"\x1f\x8b", _l("The file is a compressed archive.")),
    (b"7z\xbc\xaf", _l("The file is a compressed archive.")),
)
_MEGABYTE = 1024 * 1024
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError,
    NotImplementedError, RuntimeError, BrokenPart, ET.ParseError,
)  # fmt: skip
_NEEDED = {
    "[content_types].xml": "[Content_Types].xml",
    "_rels/.rels": "_rels/.rels",
    "xl/workbook.xml": "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels": "xl/_rels/workbook.xml.rels",
    "xl/sharedstrings.xml": "xl/sharedStrings.xml",
    "xl/styles.xml": "xl/styles.xml",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be; what goes beyond is refused before it costs time or memory."""

    file_bytes: int = 10 * _MEGABYTE
    unpacked_bytes: int = 64 * _MEGABYTE
    parts: int = 500
    ratio: int = 300  # of unpacked to packed, for parts over a megabyte
    sheets: int = 60
    rows: int = 20_000  # of one sheet
    columns: int = 200  # of one sheet
    area: int = 4_000_000  # rows times columns, all sheets together
    elements: int = 2_000_000  # XML elements of all sheets together
    text_length: int = 32_767  # of one cell, as in spreadsheets
    text_total: int = 50_000_000  # characters of all cells together


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a workbook that matter, unpacked: sheets as (name, path in the archive), parts by path."""

    sheets: tuple[tuple[str, str], ...]
    parts: Mapping[str, bytes]

    def repacked(self) -> io.BytesIO:
        """Return a new archive of just these parts."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for path, content in self.parts.items():
                archive.writestr(path, content)
        buffer.seek(0)
        return buffer


def load_bytes(source: bytes | Path, log: FaultLog, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the bytes of `source`, reading no more of a file than the limit allows."""
    if isinstance(source, bytes):
        data = source
    else:
        with source.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        log.stop(
            Fault(
                "file_too_large",
                _l("The file is larger than %(limit)s MB.", limit=limits.file_bytes // _MEGABYTE),
                expected=_l("a workbook with the sheets of the template only"),
            )
        )
    return data


def foreign_kind(data: bytes) -> Text | None:
    """Say what a file is that is neither text nor zip archive, where its first bytes tell."""
    if data.startswith(_OLE2) and _ENCRYPTED in data:
        return _l("The workbook is protected by a password.")
    return next((message for start, message in _MAGIC if data.startswith(start)), None)


def open_package(data: bytes, log: FaultLog, limits: Limits = DEFAULT_LIMITS) -> Package:
    """Unpack a workbook under limits; raise `ImportFaults` for anything else than a sound .xlsx file."""
    if data[:4] not in {b"PK\x03\x04", b"PK\x05\x06"}:
        log.stop(_not_a_workbook(_kind_of_file(data)))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, log, limits)
            _check_kind(archive, log)
            return _unpack(archive, log, limits)
    except _BROKEN:
        log.stop(
            Fault(
                "broken_file",
                _l("The file is damaged and cannot be read."),
                expected=_l("a workbook (.xlsx) that opens in a spreadsheet program; save it again there"),
            )
        )


def _kind_of_file(data: bytes) -> Text:
    """Say in plain words what a file that is no zip archive is, from its first bytes."""
    if not data:
        return _l("The file is empty.")
    if found := foreign_kind(data):
        return found
    if b"\0" not in data[:4096]:
        return _l("The file is a text file (such as CSV), not a workbook.")
    return _l("The file is not a workbook.")


def _not_a_workbook(message: Text) -> Fault:
    expected = _l("a workbook saved as .xlsx, without password and macros")
    return Fault("not_a_workbook", message, expected=expected)


def _check_directory(archive: zipfile.ZipFile, log: FaultLog, limits: Limits) -> None:
    """Refuse what the archive's directory already shows to be a bomb or unreadable."""
    entries = archive.infolist()
    names = [entry.filename.casefold() for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > _MEGABYTE and entry.file_size > limits.ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    if len(entries) > limits.parts or unpacked > limits.unpacked_bytes or swollen:
        log.stop(
            Fault(
                "unpacks_too_large",
                _l("The file would unpack to far more than a workbook of its size holds."),
                expected=_l("at most %(limit)s MB unpacked", limit=limits.unpacked_bytes // _MEGABYTE),
            )
        )
    if len(set(names)) != len(names):
        raise BrokenPart
    for entry in entries:
        if entry.flag_bits & 0x1:
            log.stop(_not_a_workbook(_l("The workbook is protected by a password.")))
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise BrokenPart


def _check_kind(archive: zipfile.ZipFile, log: FaultLog) -> None:
    """Tell workbooks from the other documents that are zip archives too."""
    names = {name.casefold() for name in archive.namelist()}
    if "xl/vbaproject.bin" in names:
        log.stop(_not_a_workbook(_l("The workbook contains macros.")))
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        log.stop(_not_a_workbook(_l("The file is a binary workbook (.xlsb).")))
    if "content.xml" in names:
        log.stop(_not_a_workbook(_l("The file is an OpenDocument file (such as .ods).")))
    if any(name.startswith(("word/", "ppt/")) for name in names):
        log.stop(_not_a_workbook(_l("The file is a text document or a presentation, not a workbook.")))
    log.stop(_not_a_workbook(_l("The file is an archive (zip), not a workbook.")))


def _unpack(archive: zipfile.ZipFile, log: FaultLog, limits: Limits) -> Package:
    """Read the parts that matter."""
    found = {entry.filename.casefold(): entry for entry in archive.infolist()}
    parts = {path: _read(archive, found[folded]) for folded, path in _NEEDED.items() if folded in found}
    sheets: list[tuple[str, str]] = []
    for name, path in _sheet_paths(parts["xl/workbook.xml"], parts.get("xl/_rels/workbook.xml.rels", b"")):
        entry = found.get(path.casefold())
        if entry is None or path in parts or any(name == other for other, _ in sheets):
            raise BrokenPart
        parts[path] = _read(archive, entry)
        sheets.append((name, path))
        if len(sheets) > limits.sheets:
            log.stop(
                Fault(
                    "too_many_sheets",
                    _l("The workbook has more than %(limit)s sheets.", limit=limits.sheets),
                    expected=_l("a workbook with the sheets of the template only"),
                )
            )
    return Package(tuple(sheets), parts)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a part, checked by its checksum; no more is unpacked than the size it claims.

    ZipFile.read would unpack all of it before looking at that size.
    """
    with archive.open(entry) as part:
        return part.read(entry.file_size)


def _sheet_paths(workbook: bytes, relations: bytes) -> list[tuple[str, str]]:
    """Return (name, path) of each worksheet in order; chart sheets and the like are left out."""
    targets: dict[str, str] = {}
    for element in _elements(relations, "Relationship"):
        if element.get("Type", "").endswith("/worksheet"):
            targets[element.get("Id", "")] = posixpath.normpath(
                posixpath.join("/xl", element.get("Target", ""))
            ).lstrip("/")
    sheets = []
    for element in _elements(workbook, "sheet"):
        relation = next((value for key, value in element.items() if key.endswith("}id")), "")
        if relation in targets:
            sheets.append((element.get("name", ""), targets[relation]))
    return sheets


def _elements(part: bytes, name: str) -> list[ET.Element]:
    """Return the elements of a local name from a part that has no document type definition."""
    if len(part) > _MEGABYTE:
        raise BrokenPart
    check_no_doctype(part)
    parser = ET.XMLParser(encoding="utf-8")  # noqa: S314 - entity definitions were refused just above
    root = ET.fromstring(part, parser)  # noqa: S314 - as above
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]
