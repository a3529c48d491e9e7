"""The budget: read in from a workbook, each file kept as a delivery; what it replaces stays to be seen."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from samplan.plugin_api import Conflict, TenantSession, _, new_id, record
from samplan_agency.domain.months import Months
from samplan_agency.domain.outlook import Cell
from samplan_agency.domain.spread import MONTHS, NOTHING, Year, added, spread
from samplan_agency.files.budget import AS_LAST_YEAR, BudgetRow, folded, read_budget
from samplan_agency.models import BudgetLine, Delivery
from samplan_agency.queries.divisions import divisions
from samplan_agency.queries.forecast_given import cell_of, lines_of, months_of, outcome
from samplan_agency.services.deliveries import next_number

KIND = "budget"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """What a file says of a year and division, beside the budget in force; in the ledger's sign."""

    year: int
    division: UUID | None
    lines: int
    amount: Decimal
    lines_before: int
    amount_before: Decimal


@dataclass(frozen=True, slots=True)
class BudgetFile:
    """A workbook without faults: its lines by year and row of the forecast, and what they change."""

    lines: Mapping[tuple[int, Cell], Year]
    rows: int
    changes: tuple[BudgetChange, ...]


def check_budget(session: TenantSession, data: bytes) -> BudgetFile:
    """Return what a workbook says and what it would replace; raises `ImportFaults` for one with faults."""
    found = divisions(session)
    named = {folded(name): key for names in (found.names, found.codes) for key, name in names.items()}
    rows = read_budget(data, named)
    lines: dict[tuple[int, Cell], Year] = {}
    last_years: dict[int, Mapping[Cell, Sequence[Decimal]]] = {}
    for row in rows:
        key = row.year, Cell(row.division, row.kind, row.cost_type)
        lines[key] = added(lines.get(key, NOTHING), _months(session, row, last_years))
    return BudgetFile(lines, len(rows), tuple(_changes(session, lines)))


def read_in_budget(session: TenantSession, data: bytes, filename: str, now: datetime) -> Delivery:
    """Read a workbook in, as a delivery; it replaces the budget of its years and divisions.

    Raises:
        ImportFaults: something is wrong in it.
        Conflict: the same file has been read in and is in force.
    """
    file = check_budget(session, data)
    key = f"agency.budget:{session.tenant_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    if _in_force(session, sha256(data).hexdigest()):
        raise Conflict(_("This file has been read in already, and its budget is in force."))
    before = [line for year in {year for year, _cell in file.lines} for line in lines_of(session, KIND, year)]
    parts = {(year, cell.division) for year, cell in file.lines}
    replaced = [line.id for line in before if (line.year, line.division_id) in parts]
    row = _delivery(session, file, data, filename, now)
    row.replaced = len(replaced)
    session.add(row)
    session.flush()
    session.execute(
        update(BudgetLine).where(BudgetLine.id.in_(replaced)).values(replaced_by=row.id),
        execution_options={"synchronize_session": "fetch"},
    )
    session.add_all(
        BudgetLine(
            kind=KIND,
            year=year,
            division_id=cell.division,
            cost_kind=cell.kind,
            cost_type=cell.cost_type,
            months=[str(amount) for amount in months],
            delivery_id=row.id,
        )
        for (year, cell), months in file.lines.items()
    )
    session.flush()
    after = {"number": row.number, "filename": row.filename, "rows": row.rows, "replaced": row.replaced}
    record(session, "budget.read_in", "agency.budget", row.id, after=after)
    return row


def _in_force(session: TenantSession, mark: str) -> bool:
    """Tell whether a file's budget is in force, whole."""
    held = select(BudgetLine.delivery_id).where(BudgetLine.replaced_by.is_(None))
    lost = select(BudgetLine.delivery_id).where(BudgetLine.replaced_by.is_not(None))
    known = select(Delivery.id).where(
        Delivery.kind == KIND, Delivery.sha256 == mark, Delivery.id.in_(held), Delivery.id.not_in(lost)
    )
    return session.scalar(known.limit(1)) is not None


def _delivery(
    session: TenantSession, file: BudgetFile, data: bytes, filename: str, now: datetime
) -> Delivery:
    years = sorted({year for year, _cell in file.lines})
    return Delivery(
        id=new_id(),
        number=next_number(session),
        kind=KIND,
        source="workbook",
        filename=filename[:200],
        sha256=sha256(data).hexdigest(),
        state="read",
        content=zlib.compress(data, 6),
        first_month=date(years[0], 1, 1),
        last_month=date(years[-1], 12, 1),
        rows=file.rows,
        added=len(file.lines),
        amount=sum((change.amount for change in file.changes), ZERO),
        read_at=now,
    )


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
    return spread(amount, weights)


def _changes(session: TenantSession, lines: Mapping[tuple[int, Cell], Year]) -> list[BudgetChange]:
    parts = sorted({(year, cell.division) for year, cell in lines}, key=str)
    before = {year: lines_of(session, KIND, year) for year in {year for year, _division in parts}}
    found = []
    for year, division in parts:
        new = [months for (when, cell), months in lines.items() if (when, cell.division) == (year, division)]
        old = [line for line in before[year] if cell_of(line).division == division]
        amount = sum((sum(months, ZERO) for months in new), ZERO)
        amount_before = sum((sum(months_of(line), ZERO) for line in old), ZERO)
        found.append(BudgetChange(year, division, len(new), amount, len(old), amount_before))
    return found


def budget_rows(session: TenantSession, year: int) -> list[dict[str, Any]]:
    """Return a year's budget as rows of its workbook, one a month."""
    codes = divisions(session).codes
    return [
        {
            "year": year,
            "month": month,
            "division": None if line.division_id is None else codes.get(line.division_id, ""),
            "kind": line.cost_kind,
            "cost_type": line.cost_type or None,
            "amount": abs(amount),
        }
        for line in lines_of(session, KIND, year)
        for month, amount in enumerate(months_of(line), start=1)
        if amount
    ]
