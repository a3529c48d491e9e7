"""The fields of a budget: one row an amount, of a month or of the whole year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from samplan.plugin_api import Choice, Column, Kind, Label, SheetSpec
from samplan_agency.files.columns import UNIT

EVENLY, AS_LAST_YEAR = "evenly", "as_last_year"
COST_KINDS = (
    Choice("revenue", Label("Intäkt", "Revenue"), ("intäkter",)),
    Choice("own", Label("Egen personal", "Own staff")),
    Choice("hired", Label("Inhyrd personal", "Hired staff"), ("hyrpersonal", "inhyrd")),
    Choice("other_cost", Label("Övrig kostnad", "Other cost"), ("övriga kostnader",)),
)
BUDGET = SheetSpec(
    key="budget",
    name=Label("Budget", "Budget"),
    max_rows=20_000,
    columns=(
        Column(
            key="year",
            name=Label("År", "Year"),
            kind=Kind.INTEGER,
            minimum=2000,
            maximum=2100,
            synonyms=("Budgetår",),
            help=Label("Behövs inte om filen har en månad som 2027-01.", "Not needed beside a Period."),
            example="2027",
        ),
        Column(
            key="month",
            name=Label("Månad", "Month"),
            kind=Kind.INTEGER,
            minimum=1,
            maximum=12,
            help=Label("1 till 12; tomt för hela året.", "1 to 12; empty for the whole year."),
            example="1",
        ),
        Column(
            key="period",
            name=Label("Period", "Period"),
            kind=Kind.DATE,
            months=True,
            minimum=date(2000, 1, 1),
            maximum=date(2100, 12, 31),
            synonyms=("Budgetperiod", "Bokföringsperiod", "Redovisningsperiod", "År-månad"),
            help=Label("År och månad i ett, som 2027-01.", "Year and month in one, as 2027-01."),
        ),
        Column(
            key="division",
            name=Label("Division", "Division"),
            kind=Kind.CHOICE,
            synonyms=("Förvaltning", "Område"),
            help=Label(
                "Divisionens kod eller namn; tomt för hela regionen.",
                "Its code or name; empty for the region.",
            ),
        ),
        replace(
            UNIT,
            required=False,
            help=Label(
                "Kod; räknas till sin division. Behövs inte när divisionen anges.",
                "Its code; counted in its division. Not needed beside a division.",
            ),
        ),
        Column(
            key="kind",
            name=Label("Slag", "Kind"),
            kind=Kind.CHOICE,
            required=True,
            choices=COST_KINDS,
            example="Inhyrd personal",
        ),
        Column(
            key="cost_type",
            name=Label("Kostnadsslag", "Cost type"),
            max_length=80,
            help=Label("Som i kontotabellen, till exempel Läkemedel.", "As in the account table."),
            example="Inhyrd personal",
        ),
        Column(
            key="amount",
            name=Label("Belopp", "Amount"),
            kind=Kind.DECIMAL,
            required=True,
            minimum=Decimal(0),
            maximum=Decimal(10) ** 12,
            synonyms=("Budget", "Budgetbelopp", "Belopp SEK"),
            help=Label(
                "Kronor utan moms, både kostnader och intäkter utan minus.",
                "SEK without VAT, both costs and revenue without a minus.",
            ),
            example="1250000",
        ),
        Column(
            key="spread",
            name=Label("Fördelning", "Spread"),
            kind=Kind.CHOICE,
            choices=(
                Choice(EVENLY, Label("Jämnt", "Evenly")),
                Choice(AS_LAST_YEAR, Label("Som förra året", "As last year")),
            ),
            help=Label(
                "För hela året: jämnt, om inget sägs.", "For the whole year: evenly unless said otherwise."
            ),
            example="Som förra året",
        ),
    ),
)


def with_divisions(names: Mapping[str, str]) -> SheetSpec:
    """Return the description with the region's divisions, by code; of two of one name the code is told."""
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    choices = tuple(
        Choice(code, Label(f"{name} ({code})" if name in twice else name), (code,))
        for code, name in names.items()
    )
    columns = (replace(each, choices=choices) if each.key == "division" else each for each in BUDGET.columns)
    return replace(BUDGET, columns=tuple(columns))
