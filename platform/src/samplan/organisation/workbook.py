"""The organisation as a workbook: its sheets, read and written by the same description."""

from __future__ import annotations

from decimal import Decimal

from samplan.imports.spec import Column, Kind, Label, SheetSpec
from samplan.organisation.rules import CODE_LENGTH
from samplan.organisation.texts import CATEGORY_CHOICES, SITE_CHOICES, UNIT_CHOICES

LARGEST_FILE = 700_000  # bytes; twenty thousand rows take less

TITLE = Label("Organisation", "Organisation")
INTRO = (
    Label(
        "Fyll i bladen och läs in arbetsboken i Samplan. Koden avgör vilken rad som ändras; "
        "en ny kod ger en ny rad.",
        "Fill in the sheets and import the workbook. The code tells which row is changed; "
        "a new code makes a new row.",
    ),
    Label(
        "Det som inte finns med i arbetsboken lämnas som det är. Ingenting tas bort: "
        "en enhet som inte längre används sätts till Nej under I bruk.",
        "What is not in the workbook is left as it is. Nothing is removed: "
        "a unit that is no longer used is set to No under In use.",
    ),
)


def _code(example: str, text: Label) -> Column:
    return Column(
        key="code",
        name=Label("Kod", "Code"),
        required=True,
        max_length=CODE_LENGTH,
        example=example,
        help=text,
    )


def _name(example: str) -> Column:
    return Column(key="name", name=Label("Namn", "Name"), required=True, example=example)


_UNCHANGED = Label("Unik och oförändrad över tid.", "Unique, and the same over time.")

SITES = SheetSpec(
    key="sites",
    name=Label("Platser", "Sites"),
    help=Label("De platser där vård ges.", "The places where care is given."),
    unique=(("code",),),
    columns=(
        _code("falu-lasarett", _UNCHANGED),
        _name("Falu lasarett"),
        Column(
            key="kind",
            name=Label("Typ", "Kind"),
            kind=Kind.CHOICE,
            choices=SITE_CHOICES,
            required=True,
            example="Sjukhus",
        ),
        Column(
            key="municipality_code",
            name=Label("Kommunkod", "Municipality code"),
            max_length=4,
            example="2080",
            help=Label("SCB:s kod, fyra siffror.", "Statistics Sweden's code, four digits."),
        ),
        Column(key="municipality", name=Label("Kommun", "Municipality"), example="Falun"),
        Column(
            key="latitude",
            name=Label("Latitud", "Latitude"),
            kind=Kind.DECIMAL,
            minimum=Decimal(54),
            maximum=Decimal(70),
            example="60,612",
            help=Label("Grader, WGS 84.", "Degrees, WGS 84."),
        ),
        Column(
            key="longitude",
            name=Label("Longitud", "Longitude"),
            kind=Kind.DECIMAL,
            minimum=Decimal(10),
            maximum=Decimal(25),
            example="15,646",
            help=Label("Grader, WGS 84.", "Degrees, WGS 84."),
        ),
    ),
)

UNITS = SheetSpec(
    key="units",
    name=Label("Enheter", "Units"),
    help=Label(
        "Organisationsträdet: region, division, sjukhus, klinik och avdelning.",
        "The organisation tree: region, division, hospital, clinic and ward.",
    ),
    unique=(("code",),),
    columns=(
        _code("medicin-1", _UNCHANGED),
        _name("Medicinavdelning 1"),
        Column(
            key="kind",
            name=Label("Typ", "Kind"),
            kind=Kind.CHOICE,
            choices=UNIT_CHOICES,
            required=True,
            example="Avdelning",
        ),
        Column(
            key="parent",
            name=Label("Överordnad enhet", "Unit above"),
            max_length=CODE_LENGTH,
            example="falu-lasarett",
            help=Label(
                "Koden för enheten ovanför, i bladet eller redan inläst; tomt bara för regionen.",
                "The code of the unit above, in the sheet or known already; empty only for the region.",
            ),
        ),
        Column(
            key="site",
            name=Label("Plats", "Site"),
            max_length=CODE_LENGTH,
            example="falu-lasarett",
            help=Label(
                "Koden för platsen, i bladet Platser eller redan inläst.",
                "The code of the site, in the sheet Sites or known already.",
            ),
        ),
        Column(
            key="active",
            name=Label("I bruk", "In use"),
            kind=Kind.YES_NO,
            example="Ja",
            help=Label("Tomt betyder Ja.", "Empty means Yes."),
        ),
    ),
)

PROFESSIONS = SheetSpec(
    key="professions",
    name=Label("Yrken", "Professions"),
    unique=(("code",),),
    columns=(
        _code("sjukskoterska", _UNCHANGED),
        _name("Sjuksköterska"),
        Column(
            key="category",
            name=Label("Kategori", "Category"),
            kind=Kind.CHOICE,
            choices=CATEGORY_CHOICES,
            required=True,
            example="Sjuksköterskor",
            help=Label("Som i SKR:s Bemanningstrenden.", "As in SKR's Bemanningstrenden."),
        ),
    ),
)

SECTORS = SheetSpec(
    key="sectors",
    name=Label("Vårdområden", "Sectors"),
    unique=(("code",),),
    columns=(_code("somatik", _UNCHANGED), _name("Somatik")),
)

SHEETS = (SITES, UNITS, PROFESSIONS, SECTORS)
