"""The budget as a workbook: one row an amount, of a month or of the whole year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from samplan.plugin_api import (
    Choice,
    Column,
    Fault,
    FaultLog,
    Kind,
    Label,
    Row,
    SheetSpec,
    Table,
    _l,
    did_you_mean,
    read_tables,
)

LARGEST_FILE = 2_000_000
EVENLY, AS_LAST_YEAR = "evenly", "as_last_year"
TITLE = Label("Budget", "Budget")
INTRO = (
    Label(
        "En rad för varje belopp, i kronor. Utan månad är beloppet hela årets, spritt som Fördelning säger.",
        "One row for each amount, in SEK. Without a month it is the whole year's; Spread says how.",
    ),
    Label(
        "Skriv både kostnader och intäkter som positiva belopp. Det som läses in ersätter årets budget"
        " för de divisioner som finns i filen.",
        "Write both costs and revenue as positive amounts. What is read in replaces the year's former budget"
        " of the divisions that are in the file.",
    ),
)
_LARGEST = Decimal(10) ** 12

BUDGET = SheetSpec(
    key="budget",
    name=TITLE,
    required=True,
    max_rows=20_000,
    unique=(("year", "month", "division", "kind", "cost_type"),),
    columns=(
        Column(
            key="year",
            name=Label("År", "Year"),
            kind=Kind.INTEGER,
            required=True,
            minimum=2000,
            maximum=2100,
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
            key="division",
            name=Label("Division", "Division"),
            help=Label(
                "Divisionens kod eller namn; tomt för hela regionen.",
                "Its code or name; empty for the region.",
            ),
            example="medicin",
        ),
        Column(
            key="kind",
            name=Label("Slag", "Kind"),
            kind=Kind.CHOICE,
            required=True,
            choices=(
                Choice("revenue", Label("Intäkt", "Revenue"), ("intäkter",)),
                Choice("own", Label("Egen personal", "Own staff")),
                Choice("hired", Label("Inhyrd personal", "Hired staff"), ("hyrpersonal",)),
                Choice("other_cost", Label("Övrig kostnad", "Other cost"), ("övriga kostnader",)),
            ),
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
            maximum=_LARGEST,
            help=Label("Kronor utan moms.", "SEK without VAT."),
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


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A row of the file; the amount is positive for costs and revenue. `month` None: the whole year."""

    year: int
    month: int | None
    division: UUID | None
    kind: str
    cost_type: str
    amount: Decimal
    spread: str


def read_budget(data: bytes, divisions: Mapping[str, UUID]) -> list[BudgetRow]:
    """Return the rows of a budget's workbook; raises `ImportFaults` with everything that is wrong in it.

    Args:
        data: the workbook.
        divisions: the divisions' ids by code and by name, folded.
    """
    log = FaultLog()
    if len(data) > LARGEST_FILE:
        limit = LARGEST_FILE // 1000
        log.stop(Fault("file_too_large", _l("The file is larger than %(limit)s kB.", limit=limit)))
    table = read_tables(data, (BUDGET,), log)["budget"]
    rows = [_row(table, row, divisions, log) for row in table.rows]
    _refuse_both(table, log)
    log.raise_if_any()
    return [row for row in rows if row is not None]


def folded(name: str) -> str:
    """Return a division's code or name as it is compared."""
    return " ".join(name.split()).casefold()


def _row(table: Table, row: Row, divisions: Mapping[str, UUID], log: FaultLog) -> BudgetRow | None:
    named = row.get("division", str) or ""
    division = divisions.get(folded(named)) if named else None
    if named and division is None:
        hint = did_you_mean(folded(named), list(divisions))
        expected = hint or _l("the code or the name of a division")
        log.add(table.fault("unknown_division", row, "division", _l("There is no such division."), expected))
    if row.faulty:
        return None
    return BudgetRow(
        year=row.need("year", int),
        month=row.get("month", int),
        division=division,
        kind=row.need("kind", str),
        cost_type=row.get("cost_type", str) or "",
        amount=row.need("amount", Decimal),
        spread=row.get("spread", str) or EVENLY,
    )


def _refuse_both(table: Table, log: FaultLog) -> None:
    """Refuse an amount of a month where the same row has one of the whole year as well."""
    whole = {_key(row) for row in table.rows if row.get("month", int) is None}
    for row in table.rows:
        if row.get("month", int) is not None and _key(row) in whole:
            message = _l("The same cost type has an amount of the whole year as well.")
            expected = _l("amounts by month, or one for the whole year")
            log.add(table.fault("both_month_and_year", row, "month", message, expected))


def _key(row: Row) -> tuple[object, ...]:
    named = folded(row.get("division", str) or "")
    return row.get("year", int), named, row.get("kind", str), row.get("cost_type", str) or ""
