"""The fields of agreed prices: one price a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from samplan.plugin_api import Choice, Column, Kind, Label, SheetSpec
from samplan_agency.files.choices import CATEGORIES, TIME_CLASSES, ZONES

PRICES = SheetSpec(
    key="prices",
    name=Label("Priser", "Prices"),
    max_rows=20_000,
    columns=(
        Column(
            key="agreement",
            name=Label("Diarienummer", "Diary number"),
            kind=Kind.CHOICE,
            required=True,
            synonyms=("Avtal", "Avtalsnummer", "Dnr"),
            help=Label("Avtalets; det ska finnas under Avtal.", "The agreement's; it must be there already."),
        ),
        Column(
            key="supplier",
            name=Label("Leverantörens kod", "Supplier's code"),
            max_length=60,
            synonyms=("Leverantör", "Leverantörsnummer", "Lev.nr"),
            help=Label("Tom: alla leverantörer i avtalet.", "Empty: all suppliers of the agreement."),
        ),
        Column(
            key="level",
            name=Label("Yrkeskategori", "Professional category"),
            required=True,
            max_length=120,
            synonyms=("Yrkesnivå", "Kompetens", "Specialitet", "Befattning"),
            help=Label("Som avtalet kallar den.", "As the agreement names it."),
        ),
        Column(
            key="category",
            name=Label("Yrkesgrupp", "Professional group"),
            kind=Kind.CHOICE,
            choices=CATEGORIES,
            required=True,
            synonyms=("Yrke",),
        ),
        Column(
            key="zone",
            name=Label("Zon", "Zone"),
            kind=Kind.CHOICE,
            choices=ZONES,
            required=True,
            synonyms=("Priszon", "Prisområde"),
            example="2",
        ),
        Column(
            key="time_class",
            name=Label("Tid på dygnet", "Time of day"),
            kind=Kind.CHOICE,
            choices=TIME_CLASSES,
            synonyms=("Tidsslag", "Tidkod", "OB-klass"),
            help=Label("Tom: ordinarie tid.", "Empty: ordinary hours."),
        ),
        Column(
            key="per_hour",
            name=Label("Kronor per timme", "SEK an hour"),
            kind=Kind.DECIMAL,
            required=True,
            minimum=Decimal("0.01"),
            maximum=Decimal(99_999),
            synonyms=("Timpris", "Pris", "Pris per timme", "Kr/tim", "À-pris"),
            help=Label("Utan moms.", "Without VAT."),
            example="650,00",
        ),
        Column(
            key="valid_from",
            name=Label("Gäller från", "Valid from"),
            kind=Kind.DATE,
            required=True,
            synonyms=("Från", "Giltig från", "Fr.o.m."),
            example="2027-01-01",
        ),
        Column(
            key="valid_to",
            name=Label("Gäller till", "Valid to"),
            kind=Kind.DATE,
            synonyms=("Till", "Giltig till", "T.o.m."),
            help=Label("Sista dagen. Tom: tills vidare.", "The last day. Empty: until further notice."),
        ),
        Column(
            key="source",
            name=Label("Källa", "Source"),
            max_length=300,
            help=Label("Var uppgiften står. Tom: filens namn.", "Where it is written. Empty: the file."),
        ),
        Column(
            key="confirmed",
            name=Label("Bekräftad", "Confirmed"),
            kind=Kind.YES_NO,
            help=Label("Nej, eller tom: uppgiften är att bekräfta.", "No, or empty: still to be confirmed."),
        ),
    ),
)


def with_agreements(names: Mapping[str, str]) -> SheetSpec:
    """Return the description with the region's agreements: their names by reference."""
    choices = tuple(Choice(reference, Label(reference), (name,)) for reference, name in names.items())
    columns = (replace(each, choices=choices) if each.key == "agreement" else each for each in PRICES.columns)
    return replace(PRICES, columns=tuple(columns))
