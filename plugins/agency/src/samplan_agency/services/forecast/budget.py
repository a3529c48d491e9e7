"""The budget in force: what a file changes of it, changing it, and writing it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import update

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import Months
from samplan_agency.domain.outlook import Cell
from samplan_agency.domain.years import MONTHS, NOTHING, Year, added, over_year
from samplan_agency.files.budget import AS_LAST_YEAR, EVENLY
from samplan_agency.models import BudgetLine, Delivery
from samplan_agency.queries.forecast.given import cell_of, lines_of, months_of, outcome
from samplan_agency.queries.unit_tree import unit_tree

KIND = "budget"
ZERO = Decimal(0)
Key = tuple[int, Cell]
"""A year and the row of its forecast."""


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A row of a file; the amount is positive for costs and revenue. `month` None: the whole year."""

    year: int
    month: int | None
    division: UUID | None
    kind: str
    cost_type: str
    amount: Decimal
    spread: str = EVENLY


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """What rows change of the budget in force.

    They replace the budget of their years and divisions: what is new, what has other amounts than the line
    before, what is as before, and what is no longer there.
    """

    lines: Mapping[Key, Year]
    added: Sequence[Key]
    replaced: Mapping[Key, BudgetLine]
    unchanged: Sequence[Key]
    removed: Mapping[Key, BudgetLine]

    @property
    def amount(self) -> Decimal:
        """The sum of the rows, with the ledger's sign."""
        return sum((sum(months, ZERO) for months in self.lines.values()), ZERO)


def budget_change(session: TenantSession, rows: Iterable[BudgetRow]) -> BudgetChange:
    """Return what rows of a file change; nothing is written."""
    lines: dict[Key, Year] = {}
    last_years: dict[int, Mapping[Cell, Sequence[Decimal]]] = {}
    for row in rows:
        key = row.year, Cell(row.division, row.kind, row.cost_type)
        lines[key] = added(lines.get(key, NOTHING), _months(session, row, last_years))
    parts = {(year, cell.division) for year, cell in lines}
    before = {
        (line.year, cell_of(line)): line
        for year in {year for year, _cell in lines}
        for line in lines_of(session, KIND, year)
        if (line.year, line.division_id) in parts
    }
    same = {key for key in lines if key in before and months_of(before[key]) == lines[key]}
    return BudgetChange(
        lines,
        [key for key in lines if key not in before],
        {key: line for key, line in before.items() if key in lines and key not in same},
        [key for key in lines if key in same],
        {key: line for key, line in before.items() if key not in lines},
    )


def write_budget(session: TenantSession, change: BudgetChange, delivery: Delivery) -> None:
    """Put what a delivery says in the place of what was in force."""
    gone = [line.id for lines in (change.replaced, change.removed) for line in lines.values()]
    session.execute(
        update(BudgetLine).where(BudgetLine.id.in_(gone)).values(replaced_by=delivery.id),
        execution_options={"synchronize_session": "fetch"},
    )
    session.add_all(
        BudgetLine(
            kind=KIND,
            year=year,
            division_id=cell.division,
            cost_kind=cell.kind,
            cost_type=cell.cost_type,
            months=[str(amount) for amount in change.lines[year, cell]],
            delivery_id=delivery.id,
        )
        for year, cell in (*change.added, *change.replaced)
    )
    session.flush()


def _months(
    session: TenantSession, row: BudgetRow, last_years: dict[int, Mapping[Cell, Sequence[Decimal]]]
) -> Year:
    amount = -row.amount if row.kind == "revenue" else row.amount
    if row.month is not None:
        return tuple(amount if month == row.month else ZERO for month in range(1, MONTHS + 1))
    weights: Sequence[Decimal] = ()
    if row.spread == AS_LAST_YEAR:
        if row.year not in last_years:
            last_years[row.year] = outcome(session, Months.year(row.year - 1))
        weights = last_years[row.year].get(Cell(row.division, row.kind, row.cost_type), ())
        weights = [abs(weight) for weight in weights]
    return over_year(amount, weights)


def budget_rows(session: TenantSession, year: int) -> list[dict[str, Any]]:
    """Return a year's budget as rows of its file, one a month."""
    tree = unit_tree(session)
    return [
        {
            "year": year,
            "month": month,
            "division": tree.code(line.division_id),
            "kind": line.cost_kind,
            "cost_type": line.cost_type or None,
            "amount": abs(amount),
        }
        for line in lines_of(session, KIND, year)
        for month, amount in enumerate(months_of(line), start=1)
        if amount
    ]
