"""The sheets of the ward workbook: one description for reading, template and export."""

from __future__ import annotations

from samplan.plugin_api import Column, Kind, Label, SheetSpec
from samplan_rostering.workbook.choices import RULES as RULE_NAMES
from samplan_rostering.workbook.choices import SHIFT_KINDS, WEEKDAYS
from samplan_rostering.workbook.columns import (
    DATE,
    FIRST,
    LAST,
    choice_column,
    code_column,
    duty_column,
    people_columns,
)
from samplan_rostering.workbook.rule_sheets import RULE_PROFILE
from samplan_rostering.workbook.staff_sheets import (
    ABSENCES,
    CONTRACTS,
    EMPLOYEES,
    HELD_SKILLS,
    HISTORY,
    PINS,
    WISHES,
)

PERIOD = SheetSpec(
    key="period",
    name=Label("Period", "Period"),
    synonyms=("Enhet", "Unit", "Enhet och period"),
    required=True,
    max_rows=1,
    ascending=(("first", "last"),),
    help=Label(
        "Enheten och perioden som ska schemaläggas: en rad.", "The unit and period to roster: one row."
    ),
    columns=(
        Column(
            key="code",
            name=Label("Enhetskod", "Unit code"),
            required=True,
            max_length=40,
            example="AVD12",
        ),
        Column(key="name", name=Label("Enhet", "Unit"), example="Avdelning 12"),
        Column(key="period_name", name=Label("Periodens namn", "Period name"), example="Vår 1"),
        FIRST,
        LAST,
        Column(
            key="timezone",
            name=Label("Tidszon", "Time zone"),
            help=Label("Tom: Europe/Stockholm.", "Empty: Europe/Stockholm."),
            example="Europe/Stockholm",
        ),
    ),
)
SKILLS = SheetSpec(
    key="skills",
    name=Label("Kompetenser", "Skills"),
    unique=(("code",),),
    max_rows=500,
    help=Label("Kompetenser som bemanningskraven frågar efter.", "Skills that requirements ask for."),
    columns=(
        code_column("SSK"),
        Column(key="name", name=Label("Benämning", "Name"), example="Sjuksköterska"),
    ),
)
_LAST = Label(
    "Så mycket av passets slut är jour. Tom: ingen jour.",
    "So much of the shift's end is on-call duty. Empty: none.",
)
_VERY_LAST = Label(
    "Så mycket av passets slut är beredskap, efter arbete och jour. Tom: ingen beredskap.",
    "So much of the shift's end is standby, after work and on-call duty. Empty: none.",
)
SHIFT_TYPES = SheetSpec(
    key="shift_types",
    name=Label("Passtyper", "Shift types"),
    required=True,
    unique=(("code",),),
    max_rows=200,
    help=Label(
        "Ett pass vars slut inte är efter starten slutar nästa dag.",
        "A shift whose end is not after its start ends the next day.",
    ),
    columns=(
        code_column("D"),
        Column(key="name", name=Label("Benämning", "Name"), example="Dag"),
        choice_column(
            "kind",
            Label("Del av dygnet", "Part of the day"),
            SHIFT_KINDS,
            Label("Regler om nätter gäller Natt.", "Rules on nights apply to Night."),
        ),
        Column(key="start", name=Label("Start", "Start"), kind=Kind.TIME, required=True, example="07:00"),
        Column(key="end", name=Label("Slut", "End"), kind=Kind.TIME, required=True, example="15:30"),
        Column(
            key="break_minutes",
            name=Label("Rast (minuter)", "Break (minutes)"),
            kind=Kind.INTEGER,
            minimum=0,
            maximum=1440,
            help=Label("Tom: ingen rast.", "Empty: no break."),
            example="30",
        ),
        Column(
            key="paid_minutes",
            name=Label("Betald tid", "Paid time"),
            kind=Kind.DURATION,
            minimum=0,
            maximum=1440,
            help=Label(
                "Tom: passets längd utom rast, jour och beredskap.",
                "Empty: the length of the shift without break, on-call duty and standby.",
            ),
            example="8:00",
        ),
        Column(
            key="colour",
            name=Label("Färg", "Colour"),
            help=Label(
                "I schemat, skriven #rrggbb. Kan vara tom.", "In the roster, as #rrggbb. May be empty."
            ),
            example="#0B5A6F",
        ),
        duty_column("on_call_minutes", Label("Jour i slutet", "On-call duty at the end"), _LAST),
        duty_column("standby_minutes", Label("Beredskap sist", "Standby last"), _VERY_LAST),
    ),
)
WEEKLY = SheetSpec(
    key="weekly_requirements",
    name=Label("Bemanningskrav", "Requirements"),
    unique=(("weekday", "shift", "skill"),),
    ascending=(("minimum", "target", "maximum"),),
    help=Label("Hur många som behövs en vanlig vecka.", "How many are needed in an ordinary week."),
    columns=(
        choice_column("weekday", Label("Veckodag", "Weekday"), WEEKDAYS),
        *people_columns(),
    ),
)
DATED = SheetSpec(
    key="dated_requirements",
    name=Label("Undantag", "Exceptions"),
    unique=(("date", "shift", "skill"),),
    ascending=(("minimum", "target", "maximum"),),
    help=Label(
        "Ersätter bemanningskravet för samma pass och kompetens ett datum.",
        "Replaces the requirement of the same shift and skill on a date.",
    ),
    columns=(DATE, *people_columns()),
)
RULES = SheetSpec(
    key="rules",
    name=Label("Regler", "Rules"),
    unique=(("rule",),),
    max_rows=len(RULE_NAMES),
    help=Label("En regel som saknas har sitt vanliga värde.", "A rule that is left out has its usual value."),
    columns=(
        choice_column("rule", Label("Regel", "Rule"), RULE_NAMES),
        Column(
            key="value",
            name=Label("Värde", "Value"),
            kind=Kind.INTEGER,
            required=True,
            minimum=0,
            maximum=100_000,
            example="660",
        ),
    ),
)

SHEETS = (
    PERIOD, SKILLS, SHIFT_TYPES, EMPLOYEES, HELD_SKILLS, CONTRACTS, WEEKLY,
    DATED, ABSENCES, WISHES, HISTORY, PINS, RULES, RULE_PROFILE,
)  # fmt: skip
"""All sheets, in the order of the workbook."""
