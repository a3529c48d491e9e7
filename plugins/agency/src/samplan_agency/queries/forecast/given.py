"""What a forecast is made of: outcome by division and cost type, budget, plan lines and decided measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from samplan.plugin_api import RosteredHours, TenantSession
from samplan_agency.domain.months import Months, months_between, plus_months
from samplan_agency.domain.outlook import Cell, Effect, Given, PlanLine
from samplan_agency.domain.years import NOTHING, Year, added
from samplan_agency.models import ACCOUNT_KINDS, Account, BudgetLine, CostMonth, Delivery
from samplan_agency.queries.costs.extent import extent
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.forecast.accrued import Accrued, accrued, by_cell
from samplan_agency.queries.measures.standing import decided_effects
from samplan_agency.queries.unit_tree import unit_tree

ZERO = Decimal(0)
MOST_HISTORY = 72
"""Months that a forecast looks back."""


def ledger_months(session: TenantSession) -> Months | None:
    """Return the first and the last month of the ledger; None without any."""
    there = extent(session, "ledger", ACCOUNT_KINDS)
    return None if there is None else Months(there.first, there.last)


def given(
    session: TenantSession,
    year: int,
    as_of: date,
    provisional: int,
    *,
    last: date,
    offered: RosteredHours | None = None,
) -> tuple[Given, Accrued | None] | None:
    """Return what a forecast of a year is made of; None where the ledger has nothing up to `as_of`.

    `provisional` is how many of the newest months are not fully invoiced, by which measures are judged;
    `last` the newest month that has ended, as of which it is valued what is not invoiced yet. `offered` are
    rostering's hours.
    """
    known = ledger_months(session)
    if known is None or known.first > as_of:
        return None
    first = max(known.first, plus_months(as_of, 1 - MOST_HISTORY))
    months = Months(first, as_of)
    invoiced = outcome(session, months)
    found = accrued(session, last, as_of, unit_tree(session), offered)
    to_come = by_cell(found, invoiced, months) if found else {}
    made_of = Given(
        year,
        first,
        as_of,
        _together(invoiced, to_come),
        _budget(session, year),
        [_plan_line(line) for line in lines_of(session, "plan", year)],
        _effects(session, year, as_of, provisional),
        to_come,
        found.error if found else ZERO,
        found.whole if found else ZERO,
    )
    return made_of, found


def _together(
    invoiced: Mapping[Cell, Sequence[Decimal]], to_come: Mapping[Cell, Sequence[Decimal]]
) -> dict[Cell, Sequence[Decimal]]:
    return {
        **to_come,
        **{
            cell: added(series, to_come[cell]) if cell in to_come else series
            for cell, series in invoiced.items()
        },
    }


def _plan_line(line: BudgetLine) -> PlanLine:
    return PlanLine(line.note, cell_of(line), months_of(line), line.measure_id)


def _budget(session: TenantSession, year: int) -> dict[Cell, Year]:
    budget: dict[Cell, Year] = {}
    for line in lines_of(session, "budget", year):
        budget[cell_of(line)] = added(budget.get(cell_of(line), NOTHING), months_of(line))
    return budget


def _effects(session: TenantSession, year: int, as_of: date, provisional: int) -> list[Effect]:
    return [
        Effect(
            one.measure_id,
            f"{one.code} {one.title}",
            one.division_id,
            one.kinds,
            one.month,
            one.expected,
            one.shown,
        )
        for one in decided_effects(session, year, after=as_of, provisional=provisional)
    ]


def outcome(session: TenantSession, months: Months) -> dict[Cell, list[Decimal]]:
    """Return the ledger's amounts by division and cost type, one a month."""
    tree = unit_tree(session)
    cost_types = dict(session.execute(select(Account.code, Account.cost_type)).all())
    found: dict[Cell, list[Decimal]] = {}
    choice = Choice(months, kinds=ACCOUNT_KINDS)
    for one in cost_sums(session, choice, ("work_month", "kind", "account", "unit_id")):
        month, kind, account, unit_id = one.key
        cell = Cell(tree.division(unit_id), kind, cost_types.get(account, ""))
        series = found.setdefault(cell, [Decimal(0)] * len(months))
        series[months_between(months.first, month)] += one.amount
    return found


def lines_of(session: TenantSession, kind: str, year: int) -> list[BudgetLine]:
    """Return the lines in force of a year: of the budget, or the plan lines."""
    return list(
        session.scalars(
            select(BudgetLine)
            .where(BudgetLine.kind == kind, BudgetLine.year == year, BudgetLine.replaced_by.is_(None))
            .order_by(BudgetLine.id)
        )
    )


def cell_of(line: BudgetLine) -> Cell:
    """Return the row of a forecast that a line belongs to."""
    return Cell(line.division_id, line.cost_kind, line.cost_type)


def months_of(line: BudgetLine) -> Year:
    """Return a line's amounts by month."""
    return tuple(Decimal(str(amount)) for amount in line.months)


def cost_types(session: TenantSession, year: int) -> list[tuple[str, str]]:
    """Return kind and cost type of every row that a forecast of a year can have."""
    of_accounts = select(Account.kind, Account.cost_type)
    of_lines = select(BudgetLine.cost_kind, BudgetLine.cost_type).where(BudgetLine.year == year)
    of_ledger = select(CostMonth.kind, func.coalesce(Account.cost_type, "")).outerjoin(
        Account, Account.code == CostMonth.account
    )
    found = {
        tuple(row)
        for query in (of_accounts, of_lines, of_ledger)
        for row in session.execute(query.distinct())
    }
    return sorted((str(kind), str(name)) for kind, name in found if kind in ACCOUNT_KINDS)


def deliveries(session: TenantSession, months: Months) -> list[int]:
    """Return the numbers of the ledger's deliveries that hold something of these months."""
    return list(
        session.scalars(
            select(Delivery.number)
            .where(
                Delivery.kind == "ledger",
                Delivery.state == "read",
                Delivery.first_month <= months.last,
                Delivery.last_month >= months.first,
            )
            .order_by(Delivery.number)
        )
    )
