"""The fields of the files that other systems deliver: ledger, suppliers' invoices, hours, own staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from samplan.plugin_api import Choice, Column, Kind, Label, SheetSpec
from samplan_agency.files.choices import BASES, CATEGORIES, STAFF, TIME_CLASSES, ZONES

_BEGIN, _MOST, _MOST_HOURS = date(2000, 1, 1), Decimal(10) ** 11, Decimal(10) ** 7


def _text(key: str, sv: str, en: str, *synonyms: str, required: bool = False, longest: int = 100) -> Column:
    return Column(key=key, name=Label(sv, en), required=required, synonyms=synonyms, max_length=longest)


def _number(
    key: str, sv: str, en: str, *synonyms: str, required: bool = False, most: Decimal = _MOST
) -> Column:
    return Column(
        key=key,
        name=Label(sv, en),
        kind=Kind.DECIMAL,
        required=required,
        synonyms=synonyms,
        minimum=-most,
        maximum=most,
    )


def _date(
    key: str, sv: str, en: str, *synonyms: str, required: bool = False, help_: Label | None = None
) -> Column:
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


def _choice(key: str, sv: str, en: str, choices: tuple[Choice, ...], *synonyms: str) -> Column:
    return Column(key=key, name=Label(sv, en), kind=Kind.CHOICE, choices=choices, synonyms=synonyms)


def _people(key: str, sv: str, en: str, *synonyms: str, required: bool = False) -> Column:
    return Column(
        key=key,
        name=Label(sv, en),
        kind=Kind.INTEGER,
        required=required,
        synonyms=synonyms,
        minimum=0,
        maximum=1_000_000,
    )


ACCOUNT = _text("account", "Konto", "Account", "KONTO_ID", "Kto", "Kontonr", "Kontonummer", longest=20)
UNIT = _text(
    "unit", "Kostnadsställe", "Cost centre", "KST_ID", "KST", "Kostnadsställe kod", "Ansvar", "Enhet",
    required=True, longest=40,
)  # fmt: skip
AMOUNT = _number(
    "amount", "Belopp", "Amount", "UTFALL_V", "BOK_V", "Utfall", "Bokfört belopp", "Belopp exkl moms",
    "Belopp SEK", "Nettobelopp", required=True,
)  # fmt: skip
HOURS = _number(
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
CATEGORY = _choice("category", "Yrkesgrupp", "Profession", CATEGORIES, "YRKE_ID", "Yrke", "Kategori")
SECTOR = _choice(
    "sector", "Vårdområde", "Sector", (), "Sektor", "Verksamhetsgren", "VERKS_ID", "Verksamhetsområde"
)
LEVEL = _text(
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
ZONE = _choice("zone", "Zon", "Zone", ZONES, "Priszon", "Prisområde")
TIME_CLASS = _choice(
    "time_class",
    "Tid på dygnet",
    "Time of day",
    TIME_CLASSES,
    "Tidsslag",
    "Tidkod",
    "OB-klass",
    "Ersättningsslag",
)
SUPPLIER = _text(
    "supplier", "Leverantör", "Supplier", "LEVID_ID", "LEVID", "Lev.nr", "Leverantörsnummer", "Motpart",
    longest=60,
)  # fmt: skip
SUPPLIER_NAME = _text(
    "supplier_name", "Leverantörens namn", "Supplier's name", "EXTERNANM", "Leverantörsnamn", "Lev.namn"
)
INVOICE = _text(
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
ORDER = _text(
    "order_reference", "Avropsnummer", "Call-off", "Avrop", "Avropsnr", "Avrops nr", "Ordernummer",
    "Beställning", "Referens", longest=60,
)  # fmt: skip
CONSULTANT = _text(
    "consultant", "Konsult-id", "Consultant id", "Konsultnummer", "Konsult", "Resurs-id", longest=40
)
CURRENCY = _text("currency", "Valuta", "Currency", "VALUTA_ID", "Valutakod", longest=10)
DESCRIPTION = _text(
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
WORKED = _date(
    "worked", "Arbetsdatum", "Work date", "HDATUM_ID", "Händelsedatum", "Avser", "Avser dat", "Utfört",
    "Arbetsmånad", "Avser månad", help_=Label(
        "Dagen eller månaden då arbetet gjordes. Saknas den gäller bokföringsdatum.",
        "The day or month of the work; else that of booking.",
    ),
)  # fmt: skip
BOOKED = _date(
    "booked", "Bokföringsdatum", "Booking date", "VERDATUM", "Verifikationsdatum", "Bokföringsperiod",
    "Period", "Bokfört", "Redovisningsperiod", "Månad", required=True,
)  # fmt: skip

LEDGER = SheetSpec(
    key="ledger",
    name=Label("Huvudbok", "Ledger"),
    columns=(
        replace(ACCOUNT, required=True),
        UNIT,
        BOOKED,
        WORKED,
        AMOUNT,
        HOURS,
        CATEGORY,
        SECTOR,
        SUPPLIER,
        SUPPLIER_NAME,
        _text("company", "Förvaltning", "Company", "FORETAG", "Bolag", "Företag", longest=40),
        _text("voucher_type", "Verifikationstyp", "Voucher type", "VERTYP", "Vertyp", "Serie", longest=40),
        _text(
            "voucher",
            "Verifikationsnummer",
            "Voucher",
            "VERNR",
            "Vernr",
            "Verifikation",
            "Ver.nr",
            longest=40,
        ),
        _text("voucher_row", "Radnummer", "Row", "VERRAD", "Rad", "Verrad", longest=20),
        INVOICE,
        ORDER,
        LEVEL,
        ZONE,
        TIME_CLASS,
        CURRENCY,
        DESCRIPTION,
    ),
)

INVOICES = SheetSpec(
    key="invoices",
    name=Label("Leverantörsfakturor", "Suppliers' invoices"),
    columns=(
        replace(SUPPLIER, required=True),
        SUPPLIER_NAME,
        replace(INVOICE, required=True),
        _text("invoice_row", "Fakturarad", "Invoice row", "Radnr", "Rad", "Radnummer", longest=20),
        replace(
            BOOKED,
            name=Label("Fakturadatum", "Invoice date"),
            synonyms=("Bokföringsdatum", "Datum", "Fakt.datum", "Fakt.dat", "Faktdat"),
        ),
        replace(
            WORKED,
            required=True,
            help=Label("Dagen eller månaden då arbetet gjordes.", "The day or month of the work."),
        ),
        UNIT,
        ACCOUNT,
        AMOUNT,
        HOURS,
        _number(
            "unit_price",
            "Timpris",
            "Price per hour",
            "À-pris",
            "Á-pris",
            "A-pris",
            "Pris",
            "Pris per timme",
            most=Decimal(10) ** 7,
        ),
        CATEGORY,
        LEVEL,
        SECTOR,
        ZONE,
        TIME_CLASS,
        ORDER,
        CONSULTANT,
        _text("shift", "Pass", "Shift", "Passtyp", "Skift", longest=60),
        CURRENCY,
        DESCRIPTION,
    ),
)

HOURS_FILE = SheetSpec(
    key="hours",
    name=Label("Timmar", "Hours"),
    columns=(
        replace(BOOKED, key="month", name=Label("Månad", "Month"), synonyms=("Period", "Datum", "År-månad")),
        UNIT,
        GROUP,
        replace(HOURS, required=True, minimum=Decimal(0)),
        replace(_choice("staff", "Personal", "Staff", STAFF, "Anställningsform", "Typ"), required=True),
        replace(
            _choice("basis", "Underlag", "Basis", BASES, "Planerat eller arbetat", "Status"), required=True
        ),
        TIME_CLASS,
    ),
)

STAFF_FILE = SheetSpec(
    key="staff",
    name=Label("Egen personal", "Own staff"),
    columns=(
        HOURS_FILE.columns[0],
        UNIT,
        GROUP,
        _people("headcount", "Anställda", "Employees", "Antal anställda", "Headcount", required=True),
        replace(
            _number("fte", "Årsarbetare", "Full-time equivalents", "Heltidstjänster", "FTE"),
            minimum=Decimal(0),
        ),
        _people("started", "Började", "Started", "Nyanställda", "Börjat", "Tillträtt"),
        _people("ended", "Slutade", "Left", "Avgångna", "Slutat", "Avslutade"),
        _people("residents", "ST-läkare", "Residents", "ST"),
        _people("past_65", "Över 65 år", "Past 65", "65+", "Äldre än 65"),
        _people("introduction", "I introduktion", "In introduction", "Nyutexaminerade", "Introduktion"),
    ),
)


def with_words(
    spec: SheetSpec, sectors: Mapping[str, str], professions: Mapping[str, tuple[str, ...]]
) -> SheetSpec:
    """Return a description with the region's sectors (name by code) and professions (by category)."""
    columns = []
    for column in spec.columns:
        if column.key == "sector":
            known = tuple(Choice(code, Label(name), (code,)) for code, name in sectors.items())
            columns.append(replace(column, choices=known))
        elif column.key == "category":
            words = tuple(
                replace(each, synonyms=(*each.synonyms, *professions.get(each.value, ())))
                for each in column.choices
            )
            columns.append(replace(column, choices=words))
        else:
            columns.append(column)
    return replace(
        spec, columns=tuple(column for column in columns if column.key != "sector" or column.choices)
    )
