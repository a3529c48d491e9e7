"""The workbook of the account table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from samplan.plugin_api import Choice, Column, Kind, Label, SheetSpec
from samplan_agency.files.choices import CATEGORIES

KINDS = (
    Choice("hired", Label("Inhyrd personal", "Hired staff"), ("Hyr", "Inhyrd")),
    Choice("own", Label("Egen personal", "Own staff"), ("Egen",)),
    Choice("other_cost", Label("Övrig kostnad", "Other cost"), ("Övrigt",)),
    Choice("revenue", Label("Intäkt", "Revenue"), ("Intäkter",)),
    Choice("accrued", Label("Periodiserad inhyrd personal", "Accrued hired staff"), ("Periodisering",)),
)
_PLAIN = tuple(replace(choice, synonyms=()) for choice in CATEGORIES)


def accounts_sheet(sectors: Mapping[str, str]) -> SheetSpec:
    """Return the description of the sheet, with the region's sectors by code."""
    return SheetSpec(
        key="accounts",
        name=Label("Kontotabell", "Account table"),
        required=True,
        unique=(("code",),),
        columns=(
            Column(key="code", name=Label("Konto", "Account"), required=True, max_length=20, example="4471"),
            Column(key="name", name=Label("Namn", "Name"), required=True, max_length=120),
            Column(key="kind", name=Label("Slag", "Kind"), kind=Kind.CHOICE, choices=KINDS, required=True),
            Column(
                key="cost_type",
                name=Label("Kostnadsslag", "Kind of cost"),
                max_length=80,
                help=Label("Raden i prognosen som kontot hör till.", "The row of the forecast."),
            ),
            Column(
                key="category",
                name=Label("Yrkesgrupp", "Professional group"),
                synonyms=("Yrke",),
                kind=Kind.CHOICE,
                choices=_PLAIN,
                help=Label("Där raden i filen inte säger något.", "Where the file's line says none."),
            ),
            *((_sector(sectors),) if sectors else ()),
            Column(
                key="version",
                name=Label("Version", "Version"),
                kind=Kind.INTEGER,
                minimum=1,
                help=Label("Ändras inte; tom för nya konton.", "Left as it is; empty for new accounts."),
            ),
        ),
    )


def _sector(sectors: Mapping[str, str]) -> Column:
    return Column(
        key="sector",
        name=Label("Vårdområde", "Sector"),
        kind=Kind.CHOICE,
        choices=tuple(Choice(code, Label(name), (code,)) for code, name in sectors.items()),
        help=Label("Där raden i filen inte säger något.", "Where the file's line says none."),
    )
