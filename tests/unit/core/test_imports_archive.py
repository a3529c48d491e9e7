"""Files that are no workbook, or that mean harm, are refused quickly and in plain words."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplan.documents.xlsx import Book
from samplan.imports.archive import Limits, load_bytes
from samplan.imports.faults import Fault, FaultLog, ImportFaults
from samplan.imports.spec import Column, Label, SheetSpec
from samplan.imports.workbook import raw_sheets, read_tables

SPEC = SheetSpec(key="a", name=Label("Blad1", "Sheet1"), columns=(Column(key="x", name=Label("Rubrik")),))
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: int = 1) -> bytes:
    book = Book(title="t", created=datetime(2027, 1, 1, tzinfo=UTC))
    sheet = book.sheet("Blad1")
    book.put(sheet, 0, 0, "Rubrik")
    for row in range(1, rows + 1):
        book.put(sheet, row, 0, row)
    return book.finish()


def changed(change: Callable[[str, bytes], bytes | None], data: bytes | None = None) -> bytes:
    """Return a workbook with its parts changed; None leaves a part out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or workbook())) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def sheet_xml(body: bytes) -> bytes:
    return changed(
        lambda name, content: (
            b'<?xml version="1.0"?><worksheet>' + body + b"</worksheet>" if name == SHEET else content
        )
    )


def only_fault(data: bytes, limits: Limits | None = None) -> Fault:
    with pytest.raises(ImportFaults) as caught:
        read_tables(data, [SPEC], FaultLog(), limits or Limits())
    assert len(caught.value.faults) == 1
    fault = caught.value.faults[0]
    assert str(fault.message)
    assert str(fault.expected)
    return fault


def outcome(data: bytes) -> object:
    try:
        return read_tables(data, [SPEC], FaultLog())
    except ImportFaults as faults:
        return faults.faults


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def test_a_sound_workbook_is_read() -> None:
    tables = read_tables(workbook(3), [SPEC], FaultLog())
    assert [row.values for row in tables["a"].rows] == [{"x": "1"}, {"x": "2"}, {"x": "3"}]
    assert [row.number for row in tables["a"].rows] == [2, 3, 4]


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (OLE2 + bytes(600), "old format (.xls)"),
        (OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "picture"),
        ("id;namn\n1;Åsa\n".encode("latin-1"), "text file"),
        (b"\x00\x01\x02", "not a workbook"),
        (
            archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"x"}),
            ".ods",
        ),
        (archive(**{"word__document.xml": b"x"}), "text document"),
        (archive(**{"xl__workbook.bin": b"x"}), ".xlsb"),
        (archive(**{"xl__workbook.xml": b"x", "xl__vbaProject.bin": b"x"}), "macros"),
        (archive(readme=b"x"), "archive (zip)"),
        (b"PK\x05\x06" + bytes(18), "archive (zip)"),
    ],
)
def test_other_files_are_named_for_what_they_are(data: bytes, words: str) -> None:
    fault = only_fault(data)
    assert fault.code == "not_a_workbook"
    assert words in str(fault.message)
    assert ".xlsx" in str(fault.expected)


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "tabell.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ImportFaults, match="picture"):
        read_tables(path, [SPEC], FaultLog())
    path.write_bytes(workbook())
    assert read_tables(path, [SPEC], FaultLog())["a"].rows


def test_a_file_beyond_the_size_limit_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "stor.xlsx"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(ImportFaults) as caught:
        load_bytes(path, FaultLog())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.faults[0].code == "file_too_large"
    assert peak < 15 * 1024 * 1024
    assert load_bytes(path, FaultLog(), Limits(file_bytes=10**9))[:4] == bytes(4)


def zeros(size: int) -> bytes:
    return changed(lambda name, content: bytes(size) if name == "xl/theme/theme1.xml" else content)


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = zeros(500 * 1024 * 1024)
    tracemalloc.start()
    fault = only_fault(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fault.code == "unpacks_too_large"
    assert peak < 5 * 1024 * 1024


def test_a_part_that_swells_too_much_is_refused_although_it_is_below_the_total() -> None:
    assert only_fault(zeros(2 * 1024 * 1024)).code == "unpacks_too_large"
    assert only_fault(workbook(), Limits(parts=3)).code == "unpacks_too_large"


def test_a_directory_that_lies_about_a_size_is_refused() -> None:
    """The part claims 100 bytes in both headers and holds 20 MB: no more than the claim is unpacked."""
    honest = changed(lambda name, content: content + bytes(20 * 1024 * 1024) if name == SHEET else content)
    size = struct.pack("<I", 20 * 1024 * 1024 + len(zipfile.ZipFile(io.BytesIO(workbook())).read(SHEET)))
    lying = honest.replace(size, struct.pack("<I", 100))
    assert lying != honest
    tracemalloc.start()
    fault = only_fault(lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fault.code == "broken_file"
    assert peak < 5 * 1024 * 1024


def test_encrypted_and_oddly_packed_parts_are_refused() -> None:
    data = bytearray(workbook())
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    assert "password" in str(only_fault(bytes(data)).message)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
    assert only_fault(buffer.getvalue()).code == "broken_file"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_occurs_twice_is_refused() -> None:
    buffer = io.BytesIO(workbook())
    with zipfile.ZipFile(buffer, "a") as made:
        made.writestr(SHEET, b"<worksheet/>")
    assert only_fault(buffer.getvalue()).code == "broken_file"


DOCTYPE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
)


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize("content", [DOCTYPE, b"<a", b"", None])
def test_parts_that_define_entities_or_are_malformed_or_missing_are_refused(
    part: str, content: bytes | None
) -> None:
    data = changed(lambda name, old: content if name == part else old)
    with pytest.raises(ImportFaults) as caught:
        read_tables(data, [SPEC], FaultLog())
    assert caught.value.faults[0].code in {"broken_file", "not_a_workbook"}


@pytest.mark.parametrize("encoding", [b"UT5-8", b"rot13", b"utf-16", b"UTF-7"])
def test_a_declared_encoding_is_passed_over(encoding: bytes) -> None:
    data = changed(
        lambda _name, content: content.replace(b'encoding="UTF-8"', b'encoding="' + encoding + b'"')
    )
    assert read_tables(data, [SPEC], FaultLog())["a"].rows[0].values == {"x": "1"}


@pytest.mark.parametrize(
    "body",
    [
        b'<sheetData><row r="1"><c r="1A"><v>1</v></c></row></sheetData>',
        b'<sheetData><row r="1"><c r="A1" t="s"><v>999</v></c></row></sheetData>',
        b'<sheetData><row r="1"><c r="A1" t="s"><v>' + b"9" * 5000 + b"</v></c></row></sheetData>",
        b'<sheetData><row r="0"><c><v>1</v></c></row></sheetData>',
        b'<mergeCells><mergeCell ref="nonsense"/></mergeCells>',
    ],
)
def test_cells_at_impossible_places_are_refused(body: bytes) -> None:
    assert only_fault(sheet_xml(body)).code == "broken_file"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>', "too_many_rows"),
        (b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>', "too_many_columns"),
        (b"<sheetData>" + b"<row/>" * 1_001 + b"</sheetData>", "too_large"),
        (
            b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row>",
            "text_too_long",
        ),
    ],
)
def test_a_sheet_that_reaches_too_far_is_refused(body: bytes, code: str) -> None:
    fault = only_fault(sheet_xml(body), Limits(elements=1000))
    assert fault.code == code
    assert fault.sheet == "Blad1"


def test_a_long_text_shown_by_many_cells_is_counted_as_often() -> None:
    text = b"<sst><si><t>" + b"y" * 30_000 + b"</t></si></sst>"
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 2001))
    book = sheet_xml(b"<sheetData>" + cells + b"</sheetData>")
    data = changed(lambda name, content: text if name == "xl/sharedStrings.xml" else content, book)
    assert only_fault(data).code == "text_too_long"


def test_the_area_of_all_sheets_is_limited() -> None:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="90"><c r="J90"><v>1</v></c></row>'
    body = b"<sheetData>" + cells + b"</sheetData>"
    assert only_fault(sheet_xml(body), Limits(area=899)).code == "too_large"
    sheets = list(raw_sheets(sheet_xml(body), FaultLog(), Limits(area=900)))
    assert (sheets[0].scan.rows, sheets[0].scan.columns) == (90, 10)


def test_too_many_sheets_are_refused() -> None:
    book = Book(title="t", created=datetime(2027, 1, 1, tzinfo=UTC))
    for number in range(4):
        book.sheet(f"Blad {number}")
    assert only_fault(book.finish(), Limits(sheets=3)).code == "too_many_sheets"


def test_a_sheet_far_beyond_the_row_limit_is_refused_at_the_limit() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n) for n in range(1, 100_001))
    data = sheet_xml(b"<sheetData>" + rows + b"</sheetData>")
    tracemalloc.start()
    fault = only_fault(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (fault.code, fault.sheet, fault.row) == ("too_many_rows", "Blad1", 20_001)
    assert "20000" in str(fault.message)
    assert peak < 60 * 1024 * 1024
    tables = read_tables(data, [SPEC], FaultLog(), Limits(rows=100_000))
    assert not tables["a"].readable  # every row was looked at; only the heading is no heading


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_makes_anything_else_than_faults(data: st.DataObject) -> None:
    """Change bytes of parts and of the archive itself: the answer is rows or faults, never another error."""
    part = data.draw(
        st.sampled_from([None, SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
    )
    offset = data.draw(st.integers(0, 2000))
    junk = data.draw(st.binary(min_size=1, max_size=8))

    def damage(content: bytes) -> bytes:
        at = offset % max(len(content), 1)
        return content[:at] + junk + content[at + len(junk) :]

    whole = workbook(3)
    damaged = damage(whole) if part is None else changed(lambda n, c: damage(c) if n == part else c, whole)
    assert outcome(damaged)


class PanicException(BaseException):
    """A stand-in: the real class cannot be imported."""


def test_a_panic_of_the_library_is_a_fault_and_an_interrupt_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(error: BaseException) -> None:
        def raise_it(_file: object) -> None:
            raise error

        monkeypatch.setattr("samplan.imports.workbook.CalamineWorkbook.from_filelike", raise_it)

    fail(PanicException())
    assert only_fault(workbook()).code == "broken_file"
    fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        read_tables(workbook(), [SPEC], FaultLog())
