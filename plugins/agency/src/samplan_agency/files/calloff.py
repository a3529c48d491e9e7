"""The workbooks of call-offs: shifts to be called off, and a request with places for the answers."""

from __future__ import annotations

from decimal import Decimal

from samplan.plugin_api import Column, Kind, Label, SheetSpec

MOST_LINES = 500
_TIMES = (
    Column(key="date", name=Label("Datum", "Date"), kind=Kind.DATE, required=True, example="2027-03-06"),
    Column(key="begins", name=Label("Börjar", "Begins"), kind=Kind.TIME, required=True, example="07:00"),
    Column(
        key="ends",
        name=Label("Slutar", "Ends"),
        kind=Kind.TIME,
        required=True,
        help=Label("Nästa dag om klockslaget inte är senare.", "The next day where it is no later."),
        example="15:30",
    ),
    Column(
        key="break_minutes",
        name=Label("Rast (minuter)", "Break (minutes)"),
        kind=Kind.INTEGER,
        minimum=0,
        maximum=240,
        example="30",
    ),
)
UNIT = Column(key="unit", name=Label("Enhet", "Unit"), required=True, max_length=100, example="AVD12")
LEVEL = Column(
    key="level",
    name=Label("Yrkeskategori", "Professional category"),
    required=True,
    max_length=100,
    help=Label("Som i ramavtalets prislista.", "As in the price list of the agreement."),
    example="Legitimerad sjuksköterska",
)
SHIFT = Column(key="shift", name=Label("Pass", "Shift"), max_length=40, example="D")
SKILL = Column(key="skill", name=Label("Kompetens", "Competence"), max_length=100, example="SSK")

LINES = SheetSpec(
    key="lines",
    name=Label("Pass", "Shifts"),
    required=True,
    max_rows=MOST_LINES,
    columns=(
        UNIT,
        *_TIMES,
        SHIFT,
        SKILL,
        LEVEL,
        Column(
            key="people",
            name=Label("Antal", "Number of people"),
            kind=Kind.INTEGER,
            required=True,
            minimum=1,
            maximum=50,
            example="1",
        ),
        Column(
            key="own_asked",
            name=Label("Egen personal tillfrågad", "Own staff asked"),
            kind=Kind.YES_NO,
            help=Label("Tom betyder nej.", "Empty means no."),
        ),
    ),
)

LINE = Column(
    key="line",
    name=Label("Rad", "Line"),
    kind=Kind.INTEGER,
    required=True,
    minimum=1,
    help=Label("Numret i avropet; ändra det inte.", "Its number in the call-off; leave it as it is."),
)
CONSULTANT = Column(
    key="consultant",
    name=Label("Konsult-id", "Consultant id"),
    max_length=40,
    help=Label(
        "Ert eget id för personen: varken namn eller personnummer. Tom: ni har ingen.",
        "Your own id for the person: neither name nor identity number. Empty: you have nobody.",
    ),
    example="K-17",
)
PRICE = Column(
    key="price",
    name=Label("Pris per timme", "Price an hour"),
    kind=Kind.DECIMAL,
    minimum=Decimal("0.01"),
    maximum=Decimal(99_999),
    help=Label("SEK utan moms.", "SEK without VAT."),
    example="660",
)
_SHOWN = tuple(
    Column(key=one.key, name=one.name, kind=one.kind) for one in (UNIT, *_TIMES, SHIFT, SKILL, LEVEL)
)
"""What says which shift a line is."""

ANSWERS = SheetSpec(
    key="answers",
    name=Label("Avropssvar", "Answers"),
    required=True,
    max_rows=MOST_LINES * 10,
    columns=(LINE, CONSULTANT, PRICE, *_SHOWN),
)

CONFIRMED = SheetSpec(
    key="confirmed",
    name=Label("Bekräftade pass", "Confirmed shifts"),
    required=True,
    max_rows=MOST_LINES * 10,
    columns=(
        *(Column(key=one.key, name=one.name, kind=one.kind) for one in (LINE, CONSULTANT, PRICE)),
        *_SHOWN,
    ),
)
