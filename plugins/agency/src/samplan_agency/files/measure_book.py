"""The workbook of measures: the measures, and their planned effects by year."""

from __future__ import annotations

from decimal import Decimal

from samplan.plugin_api import Column, Kind, Label, Reference, SheetSpec

LARGEST_FILE = 700_000  # bytes
TITLE = Label("Åtgärder", "Measures")
INTRO = (
    Label(
        "Numret avgör vilken åtgärd som ändras; ett nytt nummer ger en ny åtgärd. Ingenting tas bort.",
        "The number tells which measure is changed; a new number makes a new one. Nothing is removed.",
    ),
)
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CATEGORY_NAMES = {
    "physician": Label("Läkare", "Physicians"),
    "nurse": Label("Sjuksköterskor", "Nurses"),
    "other": Label("Övriga yrken", "Other professions"),
}
KIND_NAMES = {
    "hired": Label("Hyrpersonal", "Hired staff"),
    "own": Label("Egen personal", "Own staff"),
    "other_cost": Label("Övriga kostnader", "Other costs"),
}
_CODE = Column(
    key="code", name=Label("Nummer", "Number"), required=True, max_length=20, example="Å1"
)  # fmt: skip
_MONTH_HELP = Label("En dag i månaden.", "A day of the month.")

MEASURES = SheetSpec(
    key="measures",
    name=Label("Åtgärder", "Measures"),
    required=True,
    max_rows=500,
    unique=(("code",),),
    help=Label("En rad för varje åtgärd.", "One row for each measure."),
    columns=(
        _CODE,
        Column(
            key="title",
            name=Label("Åtgärd", "Measure"),
            required=True,
            max_length=120,
            example="Egen pool i stället för inhyrda",
        ),
        Column(key="description", name=Label("Beskrivning", "Description"), max_length=2000),
        Column(
            key="owner",
            name=Label("Ägare", "Owner"),
            required=True,
            max_length=80,
            example="Verksamhetschef kirurgi",
            help=Label("En funktion, inte en persons namn.", "A function, not a person's name."),
        ),
        Column(
            key="division",
            name=Label("Division", "Division"),
            required=True,
            max_length=80,
            help=Label("Divisionens kod i organisationen.", "The division's code in the organisation."),
        ),
        Column(
            key="first_month",
            name=Label("Börjar", "Begins"),
            kind=Kind.DATE,
            required=True,
            help=_MONTH_HELP,
            example="2026-01-01",
        ),
        Column(key="ended_month", name=Label("Avslutad", "Ended"), kind=Kind.DATE, help=_MONTH_HELP),
        Column(
            key="baseline_month",
            name=Label("Jämförs från", "Compared from"),
            kind=Kind.DATE,
            help=Label(
                "Första av tolv månader att jämföra med. Tom: de tolv innan åtgärden börjar.",
                "First of twelve months to compare with. Empty: the twelve before the measure begins.",
            ),
        ),
        Column(
            key="decided_by",
            name=Label("Beslutad av", "Decided by"),
            max_length=80,
            example="Regionstyrelsen",
        ),
        Column(key="decided_on", name=Label("Beslutad den", "Decided on"), kind=Kind.DATE),
        Column(key="diary_number", name=Label("Diarienummer", "Diary number"), max_length=40),
        Column(
            key="units",
            name=Label("Enheter", "Units"),
            max_length=1000,
            help=Label(
                "Koder med komma emellan. Tom: hela divisionen.",
                "Codes separated by commas. Empty: the whole division.",
            ),
        ),
        Column(
            key="categories",
            name=Label("Yrkesgrupper", "Professions"),
            help=Label(
                "Läkare, Sjuksköterskor, Övriga yrken. Tom: alla.",
                "Physicians, Nurses, Other professions. Empty: all.",
            ),
        ),
        Column(
            key="suppliers",
            name=Label("Leverantörer", "Suppliers"),
            max_length=1000,
            help=Label("Koder med komma emellan. Tom: alla.", "Codes separated by commas. Empty: all."),
        ),
        Column(
            key="kinds",
            name=Label("Kostnadsslag", "Kinds of cost"),
            help=Label(
                "Hyrpersonal, Egen personal, Övriga kostnader. Tom: Hyrpersonal.",
                "Hired staff, Own staff, Other costs. Empty: Hired staff.",
            ),
        ),
    ),
)
EFFECTS = SheetSpec(
    key="effects",
    name=Label("Effekter", "Effects"),
    max_rows=5000,
    unique=(("code", "year"),),
    help=Label(
        "Planerad effekt per år, och hur den fördelas på månader. Utan fördelning: jämnt.",
        "Planned effect by year, and how it is spread over months. Without: evenly.",
    ),
    columns=(
        Column(
            key="code",
            name=Label("Nummer", "Number"),
            required=True,
            refers_to=Reference("measures", "code"),
            example="Å1",
        ),
        Column(
            key="year",
            name=Label("År", "Year"),
            kind=Kind.INTEGER,
            required=True,
            minimum=2000,
            maximum=2100,
            example="2026",
        ),
        Column(
            key="amount",
            name=Label("Planerad effekt (kr)", "Planned effect (SEK)"),
            kind=Kind.DECIMAL,
            required=True,
            minimum=Decimal(0),
            maximum=Decimal(10) ** 12 - 1,
            help=Label(
                "Lägre kostnad under året. Noll tar bort året.", "Lower cost in the year. Zero removes it."
            ),
            example="2000000",
        ),
        *(
            Column(key=key, name=Label(key.title(), english), kind=Kind.DECIMAL, minimum=0, maximum=1000)
            for key, english in zip(MONTHS, _ENGLISH, strict=True)
        ),
    ),
)
SHEETS = (MEASURES, EFFECTS)
