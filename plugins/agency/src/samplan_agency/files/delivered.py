"""The fields of the files that other systems deliver: ledger, suppliers' invoices, hours, own staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from samplan.plugin_api import Choice, Label, SheetSpec
from samplan_agency.files.choices import BASES, STAFF
from samplan_agency.files.columns import (
    ACCOUNT,
    AMOUNT,
    BOOKED,
    CATEGORY,
    CONSULTANT,
    CURRENCY,
    DESCRIPTION,
    GROUP,
    HOURS,
    INVOICE,
    LEVEL,
    ORDER,
    SECTOR,
    SUPPLIER,
    SUPPLIER_NAME,
    TIME_CLASS,
    UNIT,
    WORKED,
    ZONE,
    choice,
    number,
    people,
    text,
)

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
        text("company", "Förvaltning", "Company", "FORETAG", "Bolag", "Företag", longest=40),
        text("voucher_type", "Verifikationstyp", "Voucher type", "VERTYP", "Vertyp", "Serie", longest=40),
        text(
            "voucher",
            "Verifikationsnummer",
            "Voucher",
            "VERNR",
            "Vernr",
            "Verifikation",
            "Ver.nr",
            longest=40,
        ),
        text("voucher_row", "Radnummer", "Row", "VERRAD", "Rad", "Verrad", longest=20),
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
        text("invoice_row", "Fakturarad", "Invoice row", "Radnr", "Rad", "Radnummer", longest=20),
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
        number(
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
        text("shift", "Pass", "Shift", "Passtyp", "Skift", longest=60),
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
        replace(choice("staff", "Personal", "Staff", STAFF, "Anställningsform", "Typ"), required=True),
        replace(
            choice("basis", "Underlag", "Basis", BASES, "Planerat eller arbetat", "Status"), required=True
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
        people("headcount", "Anställda", "Employees", "Antal anställda", "Headcount", required=True),
        replace(
            number("fte", "Årsarbetare", "Full-time equivalents", "Heltidstjänster", "FTE"),
            minimum=Decimal(0),
        ),
        people("started", "Började", "Started", "Nyanställda", "Börjat", "Tillträtt"),
        people("ended", "Slutade", "Left", "Avgångna", "Slutat", "Avslutade"),
        people("residents", "ST-läkare", "Residents", "ST"),
        people("past_65", "Över 65 år", "Past 65", "65+", "Äldre än 65"),
        people("introduction", "I introduktion", "In introduction", "Nyutexaminerade", "Introduktion"),
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
