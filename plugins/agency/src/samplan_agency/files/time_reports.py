"""The fields of time reports: one worked shift a row."""

from __future__ import annotations

from decimal import Decimal

from samplan.plugin_api import Column, Kind, Label, SheetSpec
from samplan_agency.files.columns import CONSULTANT, ORDER, SUPPLIER, UNIT

TIME_REPORTS = SheetSpec(
    key="time_reports",
    name=Label("Tidrapporter", "Time reports"),
    help=Label("Ett arbetat pass på varje rad.", "One worked shift a row."),
    columns=(
        Column(
            key="supplier",
            name=Label("Leverantörens kod", "Supplier's code"),
            required=True,
            max_length=60,
            synonyms=(SUPPLIER.name.sv, *SUPPLIER.synonyms),
        ),
        ORDER,
        CONSULTANT,
        Column(
            key="unit",
            name=Label("Enhetskod", "Unit code"),
            max_length=40,
            synonyms=(UNIT.name.sv, *UNIT.synonyms),
        ),
        Column(
            key="work_date",
            name=Label("Datum", "Date"),
            kind=Kind.DATE,
            required=True,
            synonyms=("Arbetsdatum", "Passdatum", "Utfört", "Arbetad dag"),
            example="2027-03-09",
        ),
        Column(
            key="begins",
            name=Label("Börjar", "Begins"),
            kind=Kind.TIME,
            synonyms=("Start", "Starttid", "Från", "Kl från", "Tid från"),
            example="07:00",
        ),
        Column(
            key="ends",
            name=Label("Slutar", "Ends"),
            kind=Kind.TIME,
            synonyms=("Slut", "Sluttid", "Till", "Kl till", "Tid till"),
            example="15:30",
        ),
        Column(
            key="break_minutes",
            name=Label("Rast (minuter)", "Break (minutes)"),
            kind=Kind.INTEGER,
            synonyms=("Rast", "Rast min", "Rastminuter"),
            minimum=0,
            maximum=600,
        ),
        Column(
            key="hours",
            name=Label("Timmar", "Hours"),
            kind=Kind.DECIMAL,
            minimum=Decimal("0.01"),
            maximum=Decimal(24),
            synonyms=("Antal timmar", "Arbetade timmar", "Arbetad tid", "Tim"),
            help=Label(
                "Utan rast. Tom: räknas ut av klockslagen.",
                "Without the break. Empty: counted from the times.",
            ),
        ),
    ),
)
