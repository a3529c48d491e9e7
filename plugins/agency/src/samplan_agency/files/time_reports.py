"""The workbook of time reports: one description for the template and for reading."""

from __future__ import annotations

from decimal import Decimal

from samplan.plugin_api import Column, Kind, Label, SheetSpec

TIME_REPORTS = SheetSpec(
    key="time_reports",
    name=Label("Tidrapporter", "Time reports"),
    required=True,
    max_rows=20_000,
    unique=(("supplier", "order_reference", "consultant", "work_date", "begins"),),
    help=Label("Ett arbetat pass på varje rad.", "One worked shift a row."),
    columns=(
        Column(
            key="supplier",
            name=Label("Leverantörens kod", "Supplier's code"),
            required=True,
            max_length=40,
            synonyms=("Leverantör",),
        ),
        Column(
            key="order_reference",
            name=Label("Avropsnummer", "Call-off"),
            max_length=60,
            synonyms=("Avrop", "Referens"),
        ),
        Column(
            key="consultant",
            name=Label("Konsult-id", "Consultant id"),
            max_length=40,
            synonyms=("Konsult",),
            help=Label("Leverantörens id. Inget namn.", "The supplier's id. No name."),
        ),
        Column(key="unit", name=Label("Enhetskod", "Unit code"), max_length=40, synonyms=("Enhet",)),
        Column(
            key="work_date", name=Label("Datum", "Date"), kind=Kind.DATE, required=True, example="2027-03-09"
        ),
        Column(key="begins", name=Label("Börjar", "Begins"), kind=Kind.TIME, example="07:00"),
        Column(key="ends", name=Label("Slutar", "Ends"), kind=Kind.TIME, example="15:30"),
        Column(
            key="break_minutes",
            name=Label("Rast (minuter)", "Break (minutes)"),
            kind=Kind.INTEGER,
            minimum=0,
            maximum=600,
        ),
        Column(
            key="hours",
            name=Label("Timmar", "Hours"),
            kind=Kind.DECIMAL,
            minimum=Decimal("0.01"),
            maximum=Decimal(24),
            help=Label(
                "Utan rast. Tom: räknas ut av klockslagen.",
                "Without the break. Empty: counted from the times.",
            ),
        ),
    ),
)
