"""Sheets, headings and rows of a workbook: what is read, and every fault with its place."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from samplan.imports.faults import Fault, FaultLog, ImportFaults
from samplan.imports.spec import Choice, Column, Kind, Label, Reference, SheetSpec
from samplan.imports.tables import Table
from samplan.imports.workbook import read_tables

PEOPLE = SheetSpec(
    key="people",
    name=Label("Medarbetare", "Employees"),
    required=True,
    unique=(("id",),),
    columns=(
        Column(key="id", name=Label("Id", "Id"), required=True),
        Column(key="name", name=Label("Namn", "Name"), synonyms=("Benämning",)),
        Column(key="share", name=Label("Andel (%)", "Share (%)"), kind=Kind.DECIMAL, minimum=0, maximum=100),
    ),
)
STAYS = SheetSpec(
    key="stays",
    name=Label("Perioder", "Stays"),
    ascending=(("first", "last"),),
    max_rows=50,
    columns=(
        Column(
            key="person",
            name=Label("Medarbetare", "Employee"),
            required=True,
            refers_to=Reference("people", "id"),
        ),
        Column(key="first", name=Label("Från", "From"), kind=Kind.DATE, required=True),
        Column(key="last", name=Label("Till", "To"), kind=Kind.DATE),
        Column(
            key="kind",
            name=Label("Slag", "Kind"),
            kind=Kind.CHOICE,
            choices=(Choice("day", Label("Dag", "Day")), Choice("night", Label("Natt", "Night"))),
        ),
    ),
)
SPECS = (PEOPLE, STAYS)
HEAD = ["Id", "Namn", "Andel (%)"]
Rows = Sequence[Sequence[object]]


def workbook(change: Any = None, **sheets: Rows) -> bytes:
    """Write sheets of rows from A1; `change` gets the library's sheets to do what rows cannot."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    made = {}
    for name, rows in sheets.items():
        made[name] = book.add_worksheet(name)
        for number, row in enumerate(rows):
            made[name].write_row(number, 0, row)
    if change:
        change(made)
    book.close()
    return buffer.getvalue()


def read(data: bytes) -> dict[str, Table]:
    log = FaultLog()
    tables = read_tables(data, SPECS, log)
    log.raise_if_any()
    return tables


def faults(data: bytes) -> tuple[Fault, ...]:
    with pytest.raises(ImportFaults) as caught:
        read(data)
    assert caught.value.total == len(caught.value.faults)
    return caught.value.faults


def places(data: bytes) -> list[tuple[str, str]]:
    return [(fault.code, fault.place) for fault in faults(data)]


def test_swedish_and_english_are_read_alike() -> None:
    swedish = workbook(
        Medarbetare=[HEAD, ["a", "Åsa", "37,5"], [], ["b", None, 100]],
        Perioder=[["Medarbetare", "Från", "Till", "Slag"], ["a", date(2027, 1, 4), "2027-01-10", "natt"]],
    )
    english = workbook(
        Stays=[["kind ", "TO", "from", "Employee*"], ["Night", "20270110", date(2027, 1, 4), "a"]],
        employees=[["Share (%)", "Id", "Name"], [37.5, "a", "Åsa"], [100, "b"]],
    )
    first, second = read(swedish), read(english)
    expected = [
        {"id": "a", "name": "Åsa", "share": Decimal("37.5")},
        {"id": "b", "share": Decimal(100)},
    ]
    for tables in (first, second):
        assert [row.values for row in tables["people"].rows] == expected
        stay = tables["stays"].rows[0]
        assert stay.need("person", str) == "a"
        assert stay.need("first", date) == date(2027, 1, 4)
        assert stay.get("last", date) == date(2027, 1, 10)
        assert stay.need("kind", str) == "night"
    assert [row.number for row in first["people"].rows] == [2, 4]
    assert (first["stays"].language, second["stays"].language) == ("sv", "en")
    assert list(second) == ["people", "stays"]


def test_an_optional_sheet_and_column_may_be_left_out() -> None:
    tables = read(workbook(Medarbetare=[["Id"], [1001]]))
    assert tables["people"].rows[0].values == {"id": "1001"}
    assert tables["stays"].rows == ()
    assert tables["stays"].readable


def test_a_value_of_another_type_than_asked_for_is_never_given() -> None:
    row = read(workbook(Medarbetare=[["Id"], ["a"]]))["people"].rows[0]
    assert row.get("id", date) is None
    with pytest.raises(TypeError, match="name of row 2"):
        row.need("name", str)


def test_a_wrong_sheet_is_named_with_what_was_probably_meant() -> None:
    found = faults(workbook(Medarbetre=[HEAD, ["a"]], Anteckningar=[["hej"]], Tom=[]))
    assert [(fault.code, fault.sheet) for fault in found] == [
        ("unknown_sheet", "Medarbetre"),
        ("unknown_sheet", "Anteckningar"),
        ("missing_sheet", "Medarbetare"),
    ]
    assert "did you mean “Medarbetare”?" in str(found[0].expected)
    assert "Medarbetre" in str(found[2].expected)


def test_our_own_sheets_and_empty_ones_are_passed_over() -> None:
    tables = read(workbook(Fel=[["x"]], Instruktioner=[["y"]], Medarbetare=[HEAD, ["a"]], Blad1=[]))
    assert len(tables["people"].rows) == 1


def test_a_sheet_in_both_languages_is_a_fault() -> None:
    assert places(workbook(Medarbetare=[HEAD, ["a"]], Employees=[HEAD, ["b"]])) == [
        ("duplicate_sheet", "Employees")
    ]


def test_a_required_sheet_needs_rows() -> None:
    assert places(workbook(Medarbetare=[HEAD])) == [("no_rows", "Medarbetare")]


def test_missing_unknown_and_double_headings_are_all_told_and_rows_still_read() -> None:
    found = faults(workbook(Medarbetare=[["Nam", "Andel (%)", "Andel (%)"], ["Åsa", "mycket", 1]]))
    assert [(fault.code, fault.place) for fault in found] == [
        ("missing_column", "Medarbetare:1"),
        ("unknown_column", "Medarbetare!A1"),
        ("duplicate_column", "Medarbetare!C1"),
        ("not_decimal", "Medarbetare!B2"),
    ]
    assert found[0].heading == "Id"
    assert str(found[1].expected) == "did you mean “Namn”?"
    assert found[3].value == "mycket"


def test_a_sheet_without_known_headings_gives_one_fault() -> None:
    found = faults(workbook(Medarbetare=[["Vår lista"], ["a", "Åsa"]]))
    assert [(fault.code, fault.row) for fault in found] == [("no_headings", 1)]
    assert str(found[0].expected) == "the headings Id, Namn, Andel (%)"


def test_values_without_a_heading_are_a_fault() -> None:
    assert places(workbook(Medarbetare=[HEAD, ["a"], ["b", None, None, "?"], ["c", None, None, "!"]])) == [
        ("no_heading", "Medarbetare!D3")
    ]


def test_merged_headings_and_cells_are_named() -> None:
    def merge_headings(sheets: Any) -> None:
        sheets["Medarbetare"].merge_range("B1:C1", "Namn")

    def merge_cells(sheets: Any) -> None:
        sheets["Medarbetare"].merge_range("A2:A3", "a")

    rows = [HEAD, ["a"], ["b"]]
    headings = faults(workbook(merge_headings, Medarbetare=rows))
    assert [(fault.code, fault.place, fault.value) for fault in headings] == [
        ("merged_heading", "Medarbetare!B1", "Namn")
    ]
    assert ("merged_cells", "Medarbetare!A2") in places(workbook(merge_cells, Medarbetare=rows))


def test_merged_cells_below_the_rows_do_not_matter() -> None:
    def merge(sheets: Any) -> None:
        sheets["Medarbetare"].merge_range("A9:B9", "")

    assert len(read(workbook(merge, Medarbetare=[HEAD, ["a"]]))["people"].rows) == 1


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!"])
def test_formula_errors_are_named_by_cell(error: str) -> None:
    def write(sheets: Any) -> None:
        sheets["Medarbetare"].write_formula("B2", "=Z99", None, error)

    found = faults(workbook(write, Medarbetare=[HEAD, ["a", None, 5]]))
    assert [(fault.code, fault.place, fault.heading, fault.value) for fault in found] == [
        ("formula_error", "Medarbetare!B2", "Namn", error)
    ]


def test_formulas_give_their_value_and_uncomputed_ones_are_a_fault() -> None:
    def computed(sheets: Any) -> None:
        sheets["Medarbetare"].write_formula("C2", "=2*25", None, 50)

    def uncomputed(sheets: Any) -> None:
        sheets["Medarbetare"].write_formula("C2", "=2*25", None, "")
        sheets["Medarbetare"].write_formula("A3", "=A2", None, "")

    rows = [HEAD, ["a"]]
    assert read(workbook(computed, Medarbetare=rows))["people"].rows[0].values["share"] == 50
    found = faults(workbook(uncomputed, Medarbetare=rows))
    assert {fault.code for fault in found} == {"formula_not_computed"}
    assert [fault.place for fault in found] == ["Medarbetare!C2", "Medarbetare!A3"]


def test_every_kind_of_fault_in_the_cells_is_told_at_once() -> None:
    data = workbook(
        Medarbetare=[HEAD, ["a", "Åsa", 101], [None, "Bo", "halv"], ["a", "Cecilia"], ["19121212-1212"]],
        Perioder=[
            ["Medarbetare", "Från", "Till", "Slag"],
            ["A", "2027-02-30", None, "kväll"],
            ["a", "2027-02-02", "2027-02-01", "Dag"],
            ["zzz", date(2027, 1, 1)],
        ],
    )
    assert places(data) == [
        ("out_of_range", "Medarbetare!C2"),
        ("missing_value", "Medarbetare!A3"),
        ("not_decimal", "Medarbetare!C3"),
        ("duplicate", "Medarbetare!A4"),
        ("identity_number", "Medarbetare!A5"),
        ("unknown_reference", "Perioder!A2"),
        ("impossible_date", "Perioder!B2"),
        ("not_a_choice", "Perioder!D2"),
        ("not_ascending", "Perioder!C3"),
        ("unknown_reference", "Perioder!A4"),
    ]
    found = faults(data)
    assert found[4].value == "********-****"
    assert str(found[5].expected) == "did you mean “a”?"
    assert str(found[8].expected) == "at least 2027-02-02"
    assert str(found[9].expected) == "a value of the column “Id”"


def test_references_into_a_sheet_that_could_not_be_read_say_nothing_more() -> None:
    stays = [["Medarbetare", "Från"], ["a", date(2027, 1, 1)]]
    assert places(workbook(Perioder=stays)) == [("missing_sheet", "Medarbetare")]
    assert places(workbook(Medarbetare=[["Namn"], ["Åsa"]], Perioder=stays)) == [
        ("missing_column", "Medarbetare:1")
    ]


def test_more_rows_than_a_sheet_may_have_are_a_fault_at_the_first_of_them() -> None:
    first = date(2027, 1, 1)
    stays: list[list[object]] = [["Medarbetare", "Från"]]
    stays += [["a", first + timedelta(days=day)] for day in range(51)]
    people = [HEAD, ["a"]]
    assert len(read(workbook(Medarbetare=people, Perioder=stays[:51]))["stays"].rows) == 50
    assert places(workbook(Medarbetare=people, Perioder=stays)) == [("too_many_rows", "Perioder:52")]


def test_faults_are_capped_and_the_rest_is_counted() -> None:
    rows: list[list[object]] = [HEAD, *(["", f"namn {number}", 1] for number in range(700))]
    with pytest.raises(ImportFaults) as caught:
        read(workbook(Medarbetare=rows))
    assert (len(caught.value.faults), caught.value.total, caught.value.unlisted) == (500, 700, 200)
    assert str(caught.value).endswith("and 200 more faults")
    assert caught.value.faults[-1].row == 501


def test_rows_far_down_and_columns_far_right_keep_their_places() -> None:
    def write(sheets: Any) -> None:
        sheets["Medarbetare"].write_row(4, 3, HEAD)
        sheets["Medarbetare"].write_row(9, 3, ["a", "Åsa", "x"])

    assert places(workbook(write, Medarbetare=[])) == [("not_decimal", "Medarbetare!F10")]
