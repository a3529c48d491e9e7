"""The fields that several kinds of delivered files have, with the headings they are known by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from samplan.plugin_api import Choice, Column, Kind, Label
from samplan_agency.files.choices import CATEGORIES, TIME_CLASSES, ZONES

_BEGIN, _MOST, _MOST_HOURS = date(2000, 1, 1), Decimal(10) ** 11, Decimal(10) ** 7


def text(key: str, sv: str, en: str, *synonyms: str, required: bool = False, longest: int = 100) -> Column:
    """Return a field of text."""
    return Column(key=key, name=Label(sv, en), required=required, synonyms=synonyms, max_length=longest)


def number(
    key: str, sv: str, en: str, *synonyms: str, required: bool = False, most: Decimal = _MOST
) -> Column:
    """Return a field of a number, negative ones too."""
    return Column(
        key=key,
        name=Label(sv, en),
        kind=Kind.DECIMAL,
        required=required,
        synonyms=synonyms,
        minimum=-most,
        maximum=most,
    )


def day(
    key: str, sv: str, en: str, *synonyms: str, required: bool = False, help_: Label | None = None
) -> Column:
    """Return a field of a day or a month."""
    return Column(
        key=key,
        name=Label(sv, en),
        kind=Kind.DATE,
        months=True,
        required=required,
        synonyms=synonyms,
        minimum=_BEGIN,
        help=help_ or Label(""),
    )


def choice(key: str, sv: str, en: str, choices: tuple[Choice, ...], *synonyms: str) -> Column:
    """Return a field of one of several words."""
    return Column(key=key, name=Label(sv, en), kind=Kind.CHOICE, choices=choices, synonyms=synonyms)


def people(key: str, sv: str, en: str, *synonyms: str, required: bool = False) -> Column:
    """Return a field of a number of people."""
    return Column(
        key=key,
        name=Label(sv, en),
        kind=Kind.INTEGER,
        required=required,
        synonyms=synonyms,
        minimum=0,
        maximum=1_000_000,
    )


ACCOUNT = text("account", "Konto", "Account", "KONTO_ID", "Kto", "Kontonr", "Kontonummer", longest=20)
UNIT = text(
    "unit", "Kostnadsställe", "Cost centre", "KST_ID", "KST", "Kostnadsställe kod", "Ansvar", "Enhet",
    required=True, longest=40,
)  # fmt: skip
AMOUNT = number(
    "amount", "Belopp", "Amount", "UTFALL_V", "BOK_V", "Utfall", "Bokfört belopp", "Belopp exkl moms",
    "Belopp SEK", "Nettobelopp", required=True,
)  # fmt: skip
HOURS = number(
    "hours",
    "Timmar",
    "Hours",
    "TIMMAR_V",
    "Antal timmar",
    "Ant tim",
    "Antal tim",
    "Tim",
    "Arbetade timmar",
    most=_MOST_HOURS,
)
CATEGORY = choice("category", "Yrkesgrupp", "Professional group", CATEGORIES, "YRKE_ID", "Yrke", "Kategori")
SECTOR = choice(
    "sector", "Vårdområde", "Sector", (), "Sektor", "Verksamhetsgren", "VERKS_ID", "Verksamhetsområde"
)
LEVEL = text(
    "level",
    "Yrkeskategori",
    "Professional category",
    "Yrkesnivå",
    "Kompetens",
    "Specialitet",
    "Nivå",
    "Befattning",
)
GROUP = replace(CATEGORY, required=True, synonyms=(*CATEGORY.synonyms, "Yrkeskategori"))
ZONE = choice("zone", "Zon", "Zone", ZONES, "Priszon", "Prisområde")
TIME_CLASS = choice(
    "time_class",
    "Tid på dygnet",
    "Time of day",
    TIME_CLASSES,
    "Tidsslag",
    "Tidkod",
    "OB-klass",
    "Ersättningsslag",
)
SUPPLIER = text(
    "supplier", "Leverantör", "Supplier", "LEVID_ID", "LEVID", "Lev.nr", "Leverantörsnummer", "Motpart",
    longest=60,
)  # fmt: skip
SUPPLIER_NAME = text(
    "supplier_name", "Leverantörens namn", "Supplier's name", "EXTERNANM", "Leverantörsnamn", "Lev.namn"
)
INVOICE = text(
    "invoice",
    "Fakturanummer",
    "Invoice",
    "EXTERNNR",
    "EXTERNID",
    "Faktnr",
    "Fakt.nr",
    "Fakturanr",
    "Faktura",
    longest=60,
)
ORDER = text(
    "order_reference", "Avropsnummer", "Call-off", "Avrop", "Avropsnr", "Avrops nr", "Ordernummer",
    "Beställning", "Referens", longest=60,
)  # fmt: skip
CONSULTANT = text(
    "consultant", "Konsult-id", "Consultant id", "Konsultnummer", "Konsult", "Resurs-id", longest=40
)
CURRENCY = text("currency", "Valuta", "Currency", "VALUTA_ID", "Valutakod", longest=10)
DESCRIPTION = text(
    "description",
    "Text",
    "Text",
    "RADTEXT",
    "HUVUDTEXT",
    "Anm",
    "Verifikationstext",
    "Beskrivning",
    longest=300,
)
WORKED = day(
    "worked", "Arbetsdatum", "Work date", "HDATUM_ID", "Händelsedatum", "Avser", "Avser dat", "Utfört",
    "Arbetsmånad", "Avser månad", help_=Label(
        "Dagen eller månaden då arbetet gjordes. Saknas den gäller bokföringsdatum.",
        "The day or month of the work; else that of booking.",
    ),
)  # fmt: skip
BOOKED = day(
    "booked", "Bokföringsdatum", "Booking date", "VERDATUM", "Verifikationsdatum", "Bokföringsperiod",
    "Period", "Bokfört", "Redovisningsperiod", "Månad", required=True,
)  # fmt: skip
