"""The fields of a file of worked shifts from a time or payroll system."""

from __future__ import annotations

from samplan.plugin_api import Choice, Column, Kind, Label, SheetSpec
from samplan_rostering.workbook.choices import ABSENCE_KINDS

PURPOSE = "rostering.worked_shifts"
BESIDE = (
    Choice("extra", Label("Extrapass", "Extra shift")),
    Choice("overtime", Label("Övertid", "Overtime")),
)

WORKED = SheetSpec(
    key="worked_file",
    name=Label("Arbetade pass", "Worked shifts"),
    max_rows=20_000,
    unique=(("code", "date", "start", "absence"),),
    columns=(
        Column(
            key="code",
            name=Label("Anställnings-id", "Employee id"),
            required=True,
            max_length=40,
            synonyms=("Anställningsnummer", "Anst.nr", "Anst-id", "Anställningsid", "Employee number"),
        ),
        Column(
            key="date",
            name=Label("Datum", "Date"),
            kind=Kind.DATE,
            required=True,
            synonyms=("Dag", "Startdatum", "Arbetsdag"),
            help=Label("Dagen då passet började.", "The day on which the shift began."),
        ),
        Column(
            key="start",
            name=Label("Började", "Began"),
            kind=Kind.TIME,
            synonyms=("Start", "Starttid", "Från", "Fr.kl", "Kl. från", "Börjar", "From"),
        ),
        Column(
            key="end",
            name=Label("Slutade", "Ended"),
            kind=Kind.TIME,
            synonyms=("Slut", "Sluttid", "Till", "T.kl", "Kl. till", "Slutar", "To"),
            help=Label("Inte efter början: nästa dag.", "Not after the start: the next day."),
        ),
        Column(
            key="pause",
            name=Label("Rast (minuter)", "Break (minutes)"),
            kind=Kind.INTEGER,
            minimum=0,
            maximum=24 * 60,
            synonyms=("Rast", "Rast min", "Rastminuter", "Break"),
            help=Label("Obetald rast.", "Unpaid break."),
        ),
        Column(
            key="absence",
            name=Label("Frånvaro", "Absence"),
            kind=Kind.CHOICE,
            choices=ABSENCE_KINDS,
            synonyms=("Frånvarokod", "Frånvaroorsak", "Frv", "Orsak", "Absence code"),
        ),
        Column(
            key="beside",
            name=Label("Slag av pass", "Kind of shift"),
            kind=Kind.CHOICE,
            choices=BESIDE,
            synonyms=("Tidkod", "Löneart", "Passlag", "Lart"),
            help=Label("Tom: enligt schemat.", "Empty: by the roster."),
        ),
    ),
)
