"""Write the ward workbook: a ward as it is, or an empty template to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time

from samplan.plugin_api import Label, Language, Value, write_workbook
from samplan_rostering.domain.hired import Hired
from samplan_rostering.domain.ward import RuleProfile, WardData
from samplan_rostering.workbook.rule_sheets import setting_rows
from samplan_rostering.workbook.sheets import SHEETS

_Row = Mapping[str, Value | None]
_DUTY = frozenset({"on_call_minutes", "standby_minutes"})
_Rows = Mapping[str, list[_Row]]
_TITLE = Label("Underlag för schemaläggning av en enhet", "Input for rostering a ward")
_INTRO = (
    Label(
        "Fyll i bladen nedan och ladda upp filen. Rubrikerna får stå i valfri ordning men inte ändras.",
        "Fill in the sheets below and upload the file. Headings may stand in any order but not be changed.",
    ),
    Label(
        "Skriv inga personnummer, varken som id eller i namn: filen tas då inte emot.",
        "Write no personal identity numbers, neither as ids nor in names: the file is then refused.",
    ),
    Label(
        "Är något fel får du en lista över alla fel och filen tillbaka med felen markerade. Inget sparas.",
        "If anything is wrong you get a list of all faults and the file with the faults marked. "
        "Nothing is saved.",
    ),
)


def write_ward(ward: WardData, language: Language = "sv") -> bytes:
    """Return the workbook of a ward; `read_ward` gives the same ward back.

    Texts come back tidied, without outer and doubled spaces. The same ward gives the same bytes.
    """
    created = datetime.combine(ward.period.start, time())
    return _write(_rows(ward), language, created)


def write_template(today: date, language: Language = "sv") -> bytes:
    """Return an empty workbook with instructions, drop-downs and the usual rules."""
    rows: _Rows = {"rules": _rule_rows(RuleProfile())}
    return _write(rows, language, datetime.combine(today, time()))


def _write(rows: _Rows, language: Language, created: datetime) -> bytes:
    intro = [label.to(language) for label in _INTRO]
    title = _TITLE.to(language)
    return write_workbook(SHEETS, rows, title=title, intro=intro, language=language, created=created)


def _rows(ward: WardData) -> _Rows:
    """Return the rows of each sheet; the columns are named as the fields of the domain's values."""
    frame: _Row = {
        "code": ward.unit.code,
        "name": ward.unit.name,
        "timezone": ward.unit.timezone,
        "period_name": ward.period.name,
        "first": ward.period.start,
        "last": ward.period.end,
    }
    held: list[_Row] = [
        {"employee": employee.code, **asdict(skill)}
        for employee in ward.employees
        for skill in employee.skills
    ]
    weekly: list[_Row] = [{**asdict(row), "weekday": str(row.weekday)} for row in ward.weekly_requirements]
    return {
        "period": [frame],
        "skills": [asdict(row) for row in ward.skills],
        "shift_types": [
            {name: value or None if name in _DUTY else value for name, value in asdict(row).items()}
            for row in ward.shift_types
        ],
        "employees": [{**asdict(row), **_hired(row.hired)} for row in ward.employees],
        "held_skills": held,
        "contracts": [asdict(row) for row in ward.contracts],
        "weekly_requirements": weekly,
        "dated_requirements": [asdict(row) for row in ward.dated_requirements],
        "absences": [asdict(row) for row in ward.absences],
        "wishes": [asdict(row) for row in ward.wishes],
        "history": [asdict(row) for row in ward.history],
        "pins": [asdict(row) for row in ward.pins],
        "rules": _rule_rows(ward.rules),
        "rule_profile": setting_rows(ward.settings),
    }


def _hired(hired: Hired | None) -> _Row:
    if hired is None:
        return {}
    return {
        "supplier": hired.supplier,
        "hired_from": hired.valid_from,
        "hired_to": hired.valid_to,
        "most_minutes": hired.most_minutes,
    }


def _rule_rows(rules: RuleProfile) -> list[_Row]:
    return [{"rule": name, "value": value} for name, value in asdict(rules).items()]
