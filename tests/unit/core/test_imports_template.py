"""Template, export and marked workbook: one description, and what is written is read back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from samplan.documents.xlsx import Book, Cell
from samplan.imports.faults import Fault, FaultLog, ImportFaults
from samplan.imports.marked import mark_workbook
from samplan.imports.spec import Choice, Column, Kind, Label, Language, Reference, SheetSpec, Value
from samplan.imports.template import write_workbook
from samplan.imports.values import tidy
from samplan.imports.workbook import read_tables

NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)
THINGS = SheetSpec(
    key="things",
    name=Label("Saker", "Things"),
    required=True,
    help=Label("Allt vi har.", "All that we have."),
    columns=(
        Column(
            key="text",
            name=Label("Text", "Text"),
            required=True,
            help=Label("Fritt.", "Free."),
            example="abc",
        ),
        Column(key="count", name=Label("Antal", "Count"), kind=Kind.INTEGER, minimum=0, maximum=99),
        Column(key="size", name=Label("Storlek", "Size"), kind=Kind.DECIMAL),
        Column(key="day", name=Label("Dag", "Day"), kind=Kind.DATE),
        Column(key="at", name=Label("Klockan", "At"), kind=Kind.TIME),
        Column(key="long", name=Label("Längd", "Length"), kind=Kind.DURATION, minimum=1),
        Column(key="is_on", name=Label("På", "On"), kind=Kind.YES_NO),
        Column(
            key="kind",
            name=Label("Slag", "Kind"),
            kind=Kind.CHOICE,
            choices=(Choice("day", Label("Dag", "Day")), Choice("night", Label("Natt", "Night"))),
        ),
    ),
)
PARTS = SheetSpec(
    key="parts",
    name=Label("Delar", "Parts"),
    columns=(
        Column(key="whole", name=Label("Sak", "Thing"), required=True, refers_to=Reference("things", "text")),
    ),
)
SPECS = (THINGS, PARTS)
TEXT = st.text(min_size=1, max_size=30).map(tidy).filter(bool)
ROW = st.fixed_dictionaries(
    {"text": TEXT},
    optional={
        "count": st.integers(0, 99),
        "size": st.decimals(-(10**5), 10**5, places=3),
        "day": st.dates(date(1950, 1, 1), date(2150, 12, 31)),
        "at": st.times().map(lambda value: value.replace(second=0, microsecond=0)),
        "long": st.integers(1, 10_000),
        "is_on": st.booleans(),
        "kind": st.sampled_from(["day", "night"]),
    },
)


def write(rows: Mapping[str, list[dict[str, Value | None]]], language: Language = "sv") -> bytes:
    return write_workbook(SPECS, rows, title="Saker", intro=["Läs detta."], language=language, created=NOW)


def cells(data: bytes, sheet: str) -> list[list[object]]:
    return [
        list(row)
        for row in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()
    ]


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=5), st.sampled_from(["sv", "en"]))
def test_what_is_written_is_read_back(rows: list[dict[str, Value | None]], language: str) -> None:
    data = write({"things": rows}, "en" if language == "en" else "sv")
    log = FaultLog()
    table = read_tables(data, SPECS, log)["things"]
    readable = [row for row in table.rows if not row.faulty]
    for row in readable:
        assert row.values == rows[row.number - 2]
    refused = {row.number for row in table.rows if row.faulty}
    assert len(readable) + len(refused) == len(rows)
    unreadable = log.total
    assert unreadable == len(refused)  # only texts that a person cannot have written are refused


def test_the_same_content_gives_the_same_bytes() -> None:
    rows: dict[str, list[dict[str, Value | None]]] = {"things": [{"text": "a", "size": Decimal("1.5")}]}
    assert write(rows) == write(rows)
    assert write(rows) != write({"things": [{"text": "b"}]})


def test_a_template_explains_itself_and_has_no_rows() -> None:
    data = write({})
    about = cells(data, "Instruktioner")
    assert about[0][0] == "Saker"
    assert about[1][0] == "Läs detta."
    flat = [row for row in about if row[1] in {"Text", "Slag", "Antal"}]
    assert flat[0][2:] == ["Ja", "Text", "", "abc", "Fritt."]
    assert flat[1][2:5] == ["Nej", "Heltal", "0–99"]
    assert flat[2][3:6] == ["Välj i listan", "Dag, Natt", "Dag"]
    assert len(cells(data, "Saker")) == 1
    assert cells(write({}, "en"), "Parts") == [["Thing"]]
    assert "no rows" in str(faults_of(data))


def test_a_template_has_drop_downs_and_a_heading_that_stays() -> None:
    data = write({})
    things, parts = part(data, "xl/worksheets/sheet2.xml"), part(data, "xl/worksheets/sheet3.xml")
    assert '<formula1>"Dag,Natt"</formula1>' in things
    assert '<formula1>"Ja,Nej"</formula1>' in things
    assert re.search(r'type="date"[^>]*sqref="D2:D5001"', things)
    assert re.search(r'type="whole"[^>]*sqref="B2:B5001"', things)
    assert 'prompt="Fritt."' in things
    assert 'state="frozen"' in things
    assert "<formula1>'Saker'!$A$2:$A$5001</formula1>" in parts


def test_dates_and_times_are_written_as_such() -> None:
    row: dict[str, Value | None] = {
        "text": "a",
        "day": date(2027, 1, 31),
        "at": time(7, 30),
        "long": 2295,
        "is_on": True,
    }
    written = cells(write({"things": [row]}), "Saker")[1]
    assert written[3:5] == [date(2027, 1, 31), time(7, 30)]
    assert str(written[5]) == "1 day, 14:15:00"
    assert written[6] == "Ja"


def test_text_that_looks_like_a_formula_stays_text() -> None:
    row: dict[str, Value | None] = {"text": '=HYPERLINK("http://example.test")'}
    data = write({"things": [row]})
    assert "<f>" not in part(data, "xl/worksheets/sheet2.xml")
    assert 'quotePrefix="1"' in part(data, "xl/styles.xml")
    assert read_tables(data, SPECS, FaultLog())["things"].rows[0].values == row


def plain(**sheets: list[list[Cell]]) -> bytes:
    book = Book(title="t", created=NOW)
    for name, rows in sheets.items():
        sheet = book.sheet(name)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                book.put(sheet, number, place, value)
    return book.finish()


def faults_of(data: bytes) -> ImportFaults:
    log = FaultLog()
    with suppress(ImportFaults):  # a file that cannot be read raises at once
        read_tables(data, SPECS, log)
    with pytest.raises(ImportFaults) as caught:
        log.raise_if_any()
    return caught.value


FAULTY = plain(
    Saker=[["Text", "Antal", "Dag"], ["=a", "många", date(2027, 1, 31)], ["b", 5, "2027-02-30"], [None, 1]],
    Okänt=[["hej"]],
)


def test_a_marked_workbook_lists_marks_and_explains_the_faults() -> None:
    faults = faults_of(FAULTY)
    data = mark_workbook(FAULTY, faults, language="sv", created=NOW)
    listed = cells(data, "Fel")
    assert listed[0] == ["Blad", "Rad", "Kolumn", "Rubrik", "Värde", "Fel", "Förväntat"]
    assert [row[:5] for row in listed[1:]] == [
        ["Saker", 2.0, "B", "Antal", "många"],
        ["Saker", 3.0, "C", "Dag", "2027-02-30"],
        ["Saker", 4.0, "A", "Text", ""],
        ["Okänt", "", "", "", ""],
    ]
    assert cells(data, "Saker")[1] == ["=a", "många", date(2027, 1, 31)]
    comments = part(data, "xl/comments1.xml")
    assert re.findall(r'ref="(\w+)"', comments) == ["B2", "C3", "A4"]
    assert "There is no such date" in comments
    assert "FFF8C8C8" in part(data, "xl/styles.xml")
    assert "<f>" not in part(data, "xl/worksheets/sheet2.xml")


def test_a_marked_workbook_can_be_mended_and_read_again() -> None:
    marked = mark_workbook(FAULTY, faults_of(FAULTY), language="sv", created=NOW)
    assert [(f.code, f.place) for f in faults_of(marked).faults] == [
        (f.code, f.place) for f in faults_of(FAULTY).faults
    ]


def test_formula_errors_stay_visible_in_the_marked_workbook() -> None:
    with zipfile.ZipFile(io.BytesIO(FAULTY)) as old:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(
                    name, re.sub(rb'<c r="B3"[^>]*><v>5</v>', b'<c r="B3" t="e"><v>#REF!</v>', content)
                )
    data = buffer.getvalue()
    marked = mark_workbook(data, faults_of(data), language="en", created=NOW)
    assert cells(marked, "Saker")[2][1] == "#REF!"
    assert ["Saker", 3.0, "B", "Antal", "#REF!"] in [row[:5] for row in cells(marked, "Faults")]


def test_a_file_that_cannot_be_read_gives_the_list_alone() -> None:
    data = b"\x89PNG"
    marked = mark_workbook(data, faults_of(data), language="sv", created=NOW)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(marked))
    assert workbook.sheet_names == ["Fel"]
    assert "picture" in str(cells(marked, "Fel")[1][5])


def test_the_number_of_unlisted_faults_is_told() -> None:
    faults = ImportFaults([Fault("c", "m", "Saker", 2, 1)], total=7)
    assert (
        cells(mark_workbook(FAULTY, faults, language="sv", created=NOW), "Fel")[-1][0] == "… och 6 fel till"
    )
    assert cells(mark_workbook(FAULTY, faults, language="en", created=NOW), "Faults")[-1][0].startswith(
        "… and 6"
    )


def test_a_fault_beyond_the_filled_cells_is_marked_too() -> None:
    faults = ImportFaults([Fault("c", "m", "Saker", 40, 9)])
    data = mark_workbook(FAULTY, faults, language="sv", created=NOW)
    assert 'ref="I40"' in part(data, "xl/comments1.xml")
    assert 'r="I40"' in part(data, "xl/worksheets/sheet2.xml")
