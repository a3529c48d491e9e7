"""The parts of a workbook: what they define, where their cells lie, and how much they may hold."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest

from archives import SHEET, SPEC, changed, only_fault, sheet_xml
from samplan.documents.xlsx import Book
from samplan.imports.archive import Limits
from samplan.imports.faults import FaultLog, ImportFaults
from samplan.imports.workbook import raw_sheets, read_tables

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
