"""The sheets of the ward workbook that concern single employees."""

from __future__ import annotations

from dataclasses import replace

from samplan.plugin_api import Column, Kind, Label, Reference, SheetSpec
from samplan_rostering.domain.validate_hired import MOST_HIRED_MINUTES
from samplan_rostering.workbook.choices import ABSENCE_KINDS, ROSTER_TYPES, WISH_KINDS
from samplan_rostering.workbook.columns import (
    DATE,
    EMPLOYEE,
    FIRST,
    LAST,
    VALID_FROM,
    VALID_TO,
    choice_column,
    shift_column,
)

_HIRED = (
    Column(
        key="supplier",
        name=Label("Bemanningsföretag", "Supplier"),
        max_length=80,
        help=Label(
            "För inhyrda, som varken har anställning eller önskemål här. Tom: egen personal.",
            "Of those who are hired, who have neither contract nor wishes here. Empty: own staff.",
        ),
        example="Vikarie AB",
    ),
    Column(
        key="hired_from",
        name=Label("Inhyrd från och med", "Hired from"),
        kind=Kind.DATE,
        help=Label("Tom: från periodens start.", "Empty: from the start of the period."),
    ),
    Column(
        key="hired_to",
        name=Label("Inhyrd till och med", "Hired to"),
        kind=Kind.DATE,
        help=Label("Tom: till periodens slut.", "Empty: to the end of the period."),
    ),
    Column(
        key="most_minutes",
        name=Label("Högst timmar", "Most hours"),
        kind=Kind.DURATION,
        minimum=1,
        maximum=MOST_HIRED_MINUTES,
        help=Label("I perioden, för inhyrda. Tom: ingen gräns.", "In the period, if hired. Empty: no limit."),
        example="80:00",
    ),
)
"""Columns of those who are hired: files without them keep working."""
EMPLOYEES = SheetSpec(
    key="employees",
    name=Label("Medarbetare", "Employees"),
    required=True,
    unique=(("code",),),
    ascending=(("hired_from", "hired_to"),),
    max_rows=500,
    help=Label("Ett id som inte är ett personnummer.", "An id that is not a personal identity number."),
    columns=(
        Column(
            key="code",
            name=Label("Anställnings-id", "Employee id"),
            required=True,
            max_length=40,
            synonyms=("Anställningsnummer",),
            example="M01",
        ),
        Column(key="name", name=Label("Namn", "Name"), example="Anna Exempel"),
        Column(key="profession", name=Label("Yrke", "Profession"), example="Sjuksköterska"),
        Column(
            key="day_break",
            name=Label("Dygnsbryt", "Day break"),
            kind=Kind.TIME,
            help=Label(
                "Klockslaget då medarbetarens dygn börjar (AB § 13). Tom: 19:00.",
                "The time at which the employee's 24-hour periods start (AB § 13). Empty: 19:00.",
            ),
            example="19:00",
        ),
        *_HIRED,
    ),
)
HELD_SKILLS = SheetSpec(
    key="held_skills",
    name=Label("Kompetens per medarbetare", "Skills held"),
    unique=(("employee", "skill", "valid_from"),),
    ascending=(("valid_from", "valid_to"),),
    help=Label(
        "En rad för varje kompetens som en medarbetare har.", "One row for each skill of an employee."
    ),
    columns=(
        EMPLOYEE,
        Column(
            key="skill",
            name=Label("Kompetens", "Skill"),
            required=True,
            refers_to=Reference("skills", "code"),
            help=Label("En kod från bladet Kompetenser.", "A code from the sheet Skills."),
            example="SSK",
        ),
        VALID_FROM,
        VALID_TO,
    ),
)
CONTRACTS = SheetSpec(
    key="contracts",
    name=Label("Anställningar", "Contracts"),
    required=True,
    ascending=(("valid_from", "valid_to"),),
    help=Label(
        "En medarbetares anställningar får inte överlappa.", "The contracts of an employee may not overlap."
    ),
    columns=(
        EMPLOYEE,
        replace(VALID_FROM, required=True),
        VALID_TO,
        Column(
            key="percentage",
            name=Label("Sysselsättningsgrad (%)", "Percentage"),
            kind=Kind.DECIMAL,
            required=True,
            minimum=1,
            maximum=100,
            example="75",
        ),
        choice_column("roster_type", Label("Schematyp", "Roster type"), ROSTER_TYPES),
        Column(
            key="fulltime_week_minutes",
            name=Label("Heltid per vecka", "Full time per week"),
            kind=Kind.DURATION,
            minimum=60,
            maximum=7 * 24 * 60,
            help=Label("Tom: enligt schematypen.", "Empty: by the roster type."),
            example="38:15",
        ),
    ),
)
ABSENCES = SheetSpec(
    key="absences",
    name=Label("Frånvaro", "Absences"),
    ascending=(("first", "last"),),
    help=Label(
        "Dagar då en medarbetare inte kan arbeta, hela eller en del av dem.",
        "Days on which an employee may not work, whole or a part of them.",
    ),
    columns=(
        EMPLOYEE,
        FIRST,
        LAST,
        choice_column("kind", Label("Slag", "Kind"), ABSENCE_KINDS),
        Column(
            key="start",
            name=Label("Från klockan", "From time"),
            kind=Kind.TIME,
            help=Label(
                "För en del av dagen. Tom: hela dagen.", "For a part of the day. Empty: the whole day."
            ),
            example="08:00",
        ),
        Column(
            key="end",
            name=Label("Till klockan", "To time"),
            kind=Kind.TIME,
            help=Label(
                "För en del av dagen. Tom: hela dagen.", "For a part of the day. Empty: the whole day."
            ),
            example="12:00",
        ),
    ),
)
WISHES = SheetSpec(
    key="wishes",
    name=Label("Önskemål", "Wishes"),
    max_rows=20_000,
    help=Label("Vad medarbetare önskar för enskilda dagar.", "What employees wish for single days."),
    columns=(
        EMPLOYEE,
        DATE,
        choice_column("kind", Label("Önskan", "Wish"), WISH_KINDS),
        shift_column(required=False, empty=Label("Tom: vilket pass som helst.", "Empty: any shift.")),
        Column(
            key="points",
            name=Label("Poäng", "Points"),
            kind=Kind.INTEGER,
            minimum=1,
            maximum=1000,
            help=Label("Hur viktigt det är. Tom: 1.", "How much it matters. Empty: 1."),
            example="1",
        ),
    ),
)
HISTORY = SheetSpec(
    key="history",
    name=Label("Historik", "History"),
    unique=(("employee", "date"),),
    max_rows=20_000,
    help=Label("Pass som arbetats före perioden.", "Shifts worked before the period."),
    columns=(EMPLOYEE, DATE, shift_column(required=True)),
)
PINS = SheetSpec(
    key="pins",
    name=Label("Låsta pass", "Locked shifts"),
    unique=(("employee", "date"),),
    max_rows=20_000,
    help=Label("Celler i schemat som inte får ändras.", "Cells of the roster that may not change."),
    columns=(
        EMPLOYEE,
        DATE,
        shift_column(required=False, empty=Label("Tom: låst som ledig.", "Empty: locked as time off.")),
    ),
)
