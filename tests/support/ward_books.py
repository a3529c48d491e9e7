"""A small ward as a workbook, edited, and the faults found in it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from samplan.plugin_api import Fault, ImportFaults
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Contract,
    Employee,
    HeldSkill,
    PastShift,
    Period,
    Pin,
    RosterType,
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
    Wish,
    WishKind,
)
from samplan_rostering.workbook import read_ward, write_ward

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
