"""Each fault of a workbook is told at its cell, all at once."""

from __future__ import annotations

from datetime import date

import pytest

from samplan_rostering.workbook import read_ward
from ward_books import ENGLISH, START, edited, faults, places

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
    ("Regler!B2", 3000, "between", "from 660 to 1320"),
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
