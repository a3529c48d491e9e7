"""A ward is read from its workbook as people write them."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from samplan.plugin_api import ImportFaults, mark_workbook
from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.ward import (
    DEFAULT_DAY_BREAK,
    RuleProfile,
)
from samplan_rostering.workbook import read_ward, write_template, write_ward
from samplan_rostering.workbook.faults import EXPECTED
from ward_books import START, WARD, edited, faults


def test_the_workbook_is_read_from_bytes_and_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "avd12.xlsx"
    path.write_bytes(write_ward(WARD))
    assert read_ward(path) == WARD
    assert read_ward(path.read_bytes()) == WARD
    assert read_ward(edited({}, "en")) == WARD


def test_a_file_from_before_on_call_duty_is_read() -> None:
    duties = {"Passtyper!I1": None, "Passtyper!J1": None}
    assert read_ward(edited(duties)).shift_types == WARD.shift_types
    last = edited({"Passtyper!G2": None, "Passtyper!I2": "2:00", "Passtyper!J2": "1:00"})
    found = read_ward(last).shift_types[0]
    assert (found.on_call_minutes, found.standby_minutes, found.paid_minutes) == (120, 60, 300)


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
    names = (
        "earliest", "start", "end", "low", "high", "levels", "names", "why", "choices", "longest", "other",
    )  # fmt: skip
    data = {name: str(number) for number, name in enumerate(names)}
    assert set(EXPECTED) == set(Expected)
    for expected, text in EXPECTED.items():
        assert str(text(data)) == expected % data
