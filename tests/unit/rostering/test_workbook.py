"""The ward workbook as people fill it in: what may be left empty, and every fault at its place."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from samplan.plugin_api import Fault, ImportFaults, mark_workbook
from samplan_rostering.domain.validation import Expected
from samplan_rostering.domain.ward import (
    DEFAULT_DAY_BREAK,
    Absence,
    AbsenceKind,
    Contract,
    Employee,
    HeldSkill,
    PastShift,
    Period,
    Pin,
    RosterType,
    RuleProfile,
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
    Wish,
    WishKind,
)
from samplan_rostering.workbook import read_ward, write_template, write_ward
from samplan_rostering.workbook.faults import EXPECTED

START, END = date(2027, 1, 4), date(2027, 2, 14)
WARD = WardData(
    unit=Unit("AVD12", "Avdelning 12"),
    period=Period(START, END, "Vår 1"),
    skills=(Skill("SSK", "Sjuksköterska"), Skill("USK", "Undersköterska")),
    shift_types=(
        ShiftType("D", "Dag", ShiftKind.DAY, time(7), time(15, 30), 30, 480),
        ShiftType("N", "Natt", ShiftKind.NIGHT, time(21), time(7), 0, 600, "#112233"),
    ),
    employees=(
        Employee("M01", "Åsa Exempel", "Sjuksköterska", skills=(HeldSkill("SSK"),)),
        Employee("M02", "Bo Exempel", "Undersköterska", skills=(HeldSkill("USK", START, END),)),
    ),
    contracts=(
        Contract("M01", date(2020, 1, 1), None, Decimal("75.5"), RosterType.DAY_WEEKEND, 2295),
        Contract("M02", date(2020, 1, 1), date(2027, 1, 10), Decimal(100), RosterType.NIGHT, 2060),
        Contract("M02", date(2027, 1, 11), None, Decimal(50), RosterType.NIGHT, 2060),
    ),
    weekly_requirements=(
        WeeklyRequirement(0, "D", "SSK", 1, 2, 3),
        WeeklyRequirement(6, "N", None, 1, 1, None),
    ),
    absences=(Absence("M01", date(2026, 12, 1), date(2027, 12, 1), AbsenceKind.VACATION),),
    wishes=(Wish("M01", date(2027, 1, 5), WishKind.WANT, "D", 5),),
    history=(PastShift("M02", date(2027, 1, 3), "N"),),
    pins=(Pin("M02", date(2027, 1, 6), "N"),),
)
ENGLISH = {
    "Passtyper": "Shift types", "Medarbetare": "Employees", "Anställningar": "Contracts",
    "Kompetens per medarbetare": "Skills held", "Bemanningskrav": "Requirements", "Frånvaro": "Absences",
    "Önskemål": "Wishes", "Historik": "History", "Låsta pass": "Locked shifts", "Regler": "Rules",
}  # fmt: skip
Edits = Mapping[str, object]
"""New values by place: `Passtyper!A2`; None empties the cell."""


def edited(
    edits: Edits, language: str = "sv", without: str = "", rename: Mapping[str, str] | None = None
) -> bytes:
    """Return the workbook of WARD with cells changed, a sheet left out or sheets renamed."""
    source = CalamineWorkbook.from_filelike(io.BytesIO(write_ward(WARD, "en" if language == "en" else "sv")))
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    book = xlsxwriter.Workbook(buffer, options)
    durations = book.add_format({"num_format": "[h]:mm"})
    for name in source.sheet_names:
        if name == without:
            continue
        sheet = book.add_worksheet((rename or {}).get(name, name))
        for number, row in enumerate(source.get_sheet_by_name(name).to_python(skip_empty_area=False)):
            for place, value in enumerate(row):
                style = durations if isinstance(value, time | timedelta) else None
                sheet.write(number, place, value, style)
    for place, edit in edits.items():
        name, _, cell = place.partition("!")
        name = ENGLISH.get(name, name) if language == "en" else name
        sheet = book.get_worksheet_by_name((rename or {}).get(name, name))
        if edit is None:
            sheet.write_string(cell, "")
        elif isinstance(edit, tuple):
            sheet.write_formula(cell, *edit)
        else:
            sheet.write(cell, edit)
    book.close()
    return buffer.getvalue()


def faults(data: bytes | Path) -> tuple[Fault, ...]:
    with pytest.raises(ImportFaults) as caught:
        read_ward(data)
    return caught.value.faults


def places(data: bytes) -> list[tuple[str, str]]:
    return [(fault.code, fault.place) for fault in faults(data)]


def test_the_workbook_is_read_from_bytes_and_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "avd12.xlsx"
    path.write_bytes(write_ward(WARD))
    assert read_ward(path) == WARD
    assert read_ward(path.read_bytes()) == WARD
    assert read_ward(edited({}, "en")) == WARD


def test_what_may_be_left_empty_gets_its_usual_value() -> None:
    ward = read_ward(
        edited(
            {
                "Period!F2": None,  # time zone
                "Passtyper!F2": None,  # break
                "Passtyper!G2": None,  # paid time
                "Passtyper!G3": "9:30",
                "Medarbetare!D2": None,  # day break
                "Anställningar!F2": None,  # full time
                "Önskemål!E2": None,  # points
                "Låsta pass!C2": None,  # a locked free date
                "Regler!A2": None,
                "Regler!B2": None,
            }
        )
    )
    assert ward.unit.timezone == "Europe/Stockholm"
    assert (ward.shift_types[0].break_minutes, ward.shift_types[0].paid_minutes) == (0, 510)
    assert ward.shift_types[1].paid_minutes == 570
    assert ward.employees[0].day_break == DEFAULT_DAY_BREAK
    assert ward.contracts[0].fulltime_week_minutes == 2295
    assert ward.wishes[0].points == 1
    assert ward.pins[0].shift is None
    assert ward.rules == RuleProfile()


def test_sheets_that_concern_nobody_may_be_left_out() -> None:
    for name in ("Undantag", "Frånvaro", "Önskemål", "Historik", "Låsta pass", "Regler", "Instruktioner"):
        assert read_ward(edited({}, without=name)).employees == WARD.employees


def test_values_are_taken_as_people_write_them() -> None:
    ward = read_ward(
        edited(
            {
                "Anställningar!D2": "75,5",
                "Anställningar!B2": "20200101",
                "Medarbetare!B2": " Åsa\xa0 Exempel ",
                "Bemanningskrav!A2": "mån",
                "Passtyper!D2": "7.00",
                "Anställningar!E2": "dag och HELG",
            }
        )
    )
    assert ward == WARD


BAD_CELLS: list[tuple[str, object, str, str]] = [
    # place, value, code, part of what was expected
    ("Bemanningskrav!C2", "SSKK", "unknown_reference", "did you mean “SSK”?"),
    ("Kompetens per medarbetare!B2", "ABC", "unknown_reference", "a value of the column"),
    ("Bemanningskrav!B2", "DAG", "unknown_reference", "a value of the column"),
    ("Låsta pass!C2", "n", "unknown_reference", "did you mean “N”?"),
    ("Historik!A2", "M20", "unknown_reference", "did you mean “M02”?"),
    ("Önskemål!A2", "M1", "unknown_reference", "did you mean “M01”?"),
    ("Anställningar!B4", "2027-01-10", "no_overlap", "do not overlap"),
    ("Anställningar!C2", "2027-02-30", "impossible_date", "a date, such as"),
    ("Frånvaro!C2", "2026-11-30", "not_ascending", "at least 2026-12-01"),
    ("Period!E2", "2027-01-03", "not_ascending", "at least 2027-01-04"),
    ("Period!E2", "2028-01-05", "between", "at most 366 days"),
    ("Period!F2", "Europa/Stockholm", "timezone", "Europe/Stockholm"),
    ("Bemanningskrav!A2", "Blåndag", "not_a_choice", "one of:"),
    ("Bemanningskrav!F2", 1, "not_ascending", "at least 2"),
    ("Bemanningskrav!D2", -1, "out_of_range", "from 0 to"),
    ("Bemanningskrav!D2", "en", "not_integer", "a whole number"),
    ("Passtyper!A3", "D", "duplicate", "only once"),
    ("Passtyper!H2", "röd", "colour", "#rrggbb"),
    ("Passtyper!E2", "23:30", "between", "at most 780 minutes"),
    ("Passtyper!F2", 510, "between", "from 0 to 509"),
    ("Passtyper!D2", "sju", "not_time", "07:30"),
    ("Passtyper!B2", (("=Z1"), None, "#REF!"), "formula_error", "text of at most"),
    ("Medarbetare!A3", None, "missing_value", "text of at most"),
    ("Medarbetare!B2", "Åsa 121212-1212", "identity_number", "an id of your own choice"),
    ("Medarbetare!A2", "19121212-1212", "identity_number", "an id of your own choice"),
    ("Anställningar!D2", 0.75, "out_of_range", "from 1 to 100"),
    ("Historik!B2", START, "before_period", "a date before 2027-01-04"),
    ("Låsta pass!B2", "2027-03-01", "in_period", "from 2027-01-04 to 2027-02-14"),
    ("Regler!B2", 3000, "between", "from 0 to 1320"),
    ("Regler!A3", "Dygnsvila (minuter)", "duplicate", "only once"),
]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(("place", "value", "code", "expected"), BAD_CELLS)
def test_each_kind_of_fault_is_told_at_its_cell(
    language: str, place: str, value: object, code: str, expected: str
) -> None:
    if language == "en":
        value = {"Dygnsvila (minuter)": "Daily rest (minutes)"}.get(str(value), value)
        expected = expected.replace("Dygnsvila", "Daily rest")
    sheet, _, cell = place.partition("!")
    shown = f"{ENGLISH.get(sheet, sheet) if language == 'en' else sheet}!{cell}"
    found = {(fault.code, fault.place): fault for fault in faults(edited({place: value}, language))}
    fault = found[code, shown]
    assert expected in str(fault.expected)
    assert fault.heading
    assert str(fault.message)


def test_a_contract_outside_the_period_is_no_contract() -> None:
    """The employee is named, not the contract: that one is right as it stands."""
    found = faults(edited({"Anställningar!C2": "2026-12-31"}))
    assert [(fault.code, fault.place, fault.value) for fault in found] == [
        ("contract", "Medarbetare!A2", "M01")
    ]


def test_an_absence_outside_the_period_is_fine() -> None:
    ward = read_ward(edited({"Frånvaro!B2": "2025-01-01", "Frånvaro!C2": "2025-01-02"}))
    assert ward.absences[0].last == date(2025, 1, 2)


def test_a_fault_in_one_place_does_not_make_others_of_what_follows_from_it() -> None:
    """The contract of M01 is unreadable: nothing is said of M01 having none."""
    assert places(edited({"Anställningar!D2": "halv"})) == [("not_decimal", "Anställningar!D2")]
    assert places(edited({"Period!D2": None})) == [("missing_value", "Period!D2")]


def test_all_faults_of_all_sheets_come_at_once() -> None:
    found = places(
        edited(
            {
                "Passtyper!H2": "röd",
                "Medarbetare!A3": "M01",
                "Anställningar!B4": "2027-01-05",
                "Bemanningskrav!C2": "XYZ",
                "Frånvaro!B2": "2027-02-29",
                "Låsta pass!B2": "2028-01-01",
            }
        )
    )
    assert {
        ("colour", "Passtyper!H2"),
        ("duplicate", "Medarbetare!A3"),
        ("unknown_reference", "Bemanningskrav!C2"),
        ("impossible_date", "Frånvaro!B2"),
        ("no_overlap", "Anställningar!B4"),
        ("in_period", "Låsta pass!B2"),
    } <= set(found)


@pytest.mark.parametrize("name", ["Period", "Passtyper", "Medarbetare", "Anställningar"])
def test_a_sheet_that_must_be_there_is_asked_for(name: str) -> None:
    found = faults(edited({}, without=name))
    assert ("missing_sheet", name) in {(fault.code, fault.sheet) for fault in found}


def test_requirements_must_stand_somewhere() -> None:
    assert places(edited({}, without="Bemanningskrav")) == [("any_row", "Bemanningskrav")]


def test_a_misspelt_sheet_is_not_passed_over() -> None:
    found = faults(edited({}, rename={"Frånvaro": "Franvaron"}))
    assert [(fault.code, fault.sheet) for fault in found] == [("unknown_sheet", "Franvaron")]
    assert str(found[0].expected) == "did you mean “Frånvaro”?"


def test_a_missing_column_is_named_and_the_others_still_checked() -> None:
    found = places(edited({"Passtyper!A1": "Kådd", "Passtyper!D2": "sju"}))
    assert ("missing_column", "Passtyper:1") in found
    assert ("unknown_column", "Passtyper!A1") in found
    assert ("not_time", "Passtyper!D2") in found
    assert not [code for code, _ in found if code in {"unknown_reference", "duplicate"}]


def test_more_than_one_period_is_a_fault() -> None:
    assert places(edited({"Period!A3": "X"}))[0] == ("too_many_rows", "Period:3")


def test_an_empty_template_lists_what_must_be_filled_in() -> None:
    for language, names in (
        ("sv", ["Period", "Passtyper", "Medarbetare", "Anställningar"]),
        ("en", ["Period", "Shift types", "Employees", "Contracts"]),
    ):
        found = faults(write_template(START, "en" if language == "en" else "sv"))
        assert [(fault.code, fault.sheet) for fault in found] == [("no_rows", name) for name in names]


def test_an_empty_sheet_of_a_template_is_filled_in_and_read() -> None:
    """The row numbers of the faults are those of the spreadsheet, also after empty rows."""
    found = faults(edited({"Medarbetare!A9": "M09", "Medarbetare!D9": "x"}))
    assert ("not_time", "Medarbetare!D9") in [(fault.code, fault.place) for fault in found]


def rows(count: int) -> bytes:
    """Return a workbook with this many wishes, made quickly from one row."""
    buffer = io.BytesIO()
    book: Any = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("Önskemål")
    book.close()
    cells = "".join(
        f'<c r="{{}}" t="inlineStr"><is><t>{text}</t></is></c>' for text in ("M01", "2027-01-05", "D")
    )
    body = "".join(
        f'<row r="{n}">{cells.format(f"A{n}", f"B{n}", f"D{n}")}</row>' for n in range(1, count + 1)
    )
    made = io.BytesIO()
    with (
        zipfile.ZipFile(buffer) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            content = old.read(name).decode()
            new.writestr(name, content.replace("<sheetData/>", f"<sheetData>{body}</sheetData>"))
    return made.getvalue()


def test_a_hundred_thousand_rows_are_refused_without_being_read() -> None:
    data = rows(100_000)
    tracemalloc.start()
    found = faults(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(fault.code, fault.sheet, fault.row) for fault in found] == [
        ("too_many_rows", "Önskemål", 20_001)
    ]
    assert peak < 100 * 1024 * 1024


def test_another_file_type_is_refused_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "avd12.xlsx"
    path.write_text("Anställnings-id;Namn\nM01;Åsa\n", encoding="utf-8")
    assert [(fault.code, fault.place) for fault in faults(path)] == [("not_a_workbook", "")]


def test_the_faulty_workbook_comes_back_marked() -> None:
    data = edited({"Bemanningskrav!C2": "SKS", "Passtyper!H2": "röd"})
    with pytest.raises(ImportFaults) as caught:
        read_ward(data)
    created = datetime(2027, 1, 1, tzinfo=UTC)
    marked = mark_workbook(data, caught.value, language="sv", created=created)
    listed = CalamineWorkbook.from_filelike(io.BytesIO(marked)).get_sheet_by_name("Fel").to_python()
    assert [row[:3] for row in listed[1:]] == [["Passtyper", 2.0, "H"], ["Bemanningskrav", 2.0, "C"]]
    with pytest.raises(ImportFaults) as again:
        read_ward(marked)
    assert [fault.place for fault in again.value.faults] == [fault.place for fault in caught.value.faults]


def test_everything_the_domain_may_expect_has_its_text_here() -> None:
    data = {"earliest": "1", "start": "2", "end": "3", "low": "4", "high": "5"}
    assert set(EXPECTED) == set(Expected)
    for expected, text in EXPECTED.items():
        assert str(text(data)) == expected % data
