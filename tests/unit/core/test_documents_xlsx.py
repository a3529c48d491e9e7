"""Plain tables as workbooks: types are kept, text is text, the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from samplan.documents.xlsx import Book, Cell, NumberFormat, TableColumn, write_table

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def cells(data: bytes) -> list[list[object]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [list(row) for row in workbook.get_sheet_by_index(0).to_python()]


def table(*values: Cell) -> bytes:
    return write_table("Tabell", [TableColumn("Värde")], [[value] for value in values], created=NOW)


def test_values_are_written_by_their_type() -> None:
    moment = datetime.fromisoformat("2027-01-31T22:15")
    data = table(
        "Å", 5, 2.5, Decimal("37.5"), True, date(2027, 1, 31), time(7, 30), moment, timedelta(hours=38), None
    )
    assert [row[0] for row in cells(data)] == [
        "Värde", "Å", 5.0, 2.5, 37.5, True, date(2027, 1, 31), time(7, 30), moment, timedelta(hours=38),
    ]  # fmt: skip


def test_what_a_spreadsheet_cannot_show_becomes_text() -> None:
    data = table(float("nan"), float("-inf"), 10**15, date(1899, 12, 31), -timedelta(hours=1, minutes=5))
    assert [row[0] for row in cells(data)][1:] == ["nan", "-inf", "1000000000000000", "1899-12-31", "-1:05"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from("=+-@\t\r"), st.text(max_size=20))
def test_no_text_becomes_a_formula_or_a_link(start: str, rest: str) -> None:
    data = table(start + rest, "http://example.test", "mailto:a@example.test")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'quotePrefix="1"' in styles


def test_the_heading_stays_in_view_and_columns_have_formats() -> None:
    columns = [TableColumn("Datum", NumberFormat.DATE, 14), TableColumn("Summa", NumberFormat.DECIMAL)]
    data = write_table("Summor", columns, [[date(2027, 1, 31), Decimal("1234.5")]], created=NOW)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:B2"/>' in sheet
    assert "yyyy-mm-dd" in styles


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        write_table("T", [TableColumn("A")], [[1, 2]], created=NOW)


def test_names_of_sheets_are_made_fit_and_unlike() -> None:
    book = Book(title="t", created=NOW)
    for name in ("Avd 1/2: [natt]", "avd 1 2   natt", "x" * 40, "x" * 40, "'", "Avd 1/2: [natt]"):
        book.sheet(name)
    names = CalamineWorkbook.from_filelike(io.BytesIO(book.finish())).sheet_names
    assert len({name.casefold() for name in names}) == len(names) == 6
    assert all(0 < len(name) <= 31 for name in names)


def test_the_same_table_gives_the_same_bytes() -> None:
    assert table("a", 1) == table("a", 1)
    assert table("a", 1) != table("a", 2)
