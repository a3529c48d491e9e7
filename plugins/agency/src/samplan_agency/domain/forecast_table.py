"""A forecast as a board reads it: revenue, cost and net, by division, by cost type and by month.

Amounts are turned from the ledger's sign to that of the result: revenue positive, costs negative, so that a
positive deviation is always better than the budget.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from samplan_agency.domain.interval import half_width
from samplan_agency.domain.months import Months
from samplan_agency.domain.outlook import Row, Total, summed_misses, total
from samplan_agency.domain.ratios import change

REVENUE = "revenue"
KIND_ORDER = (REVENUE, "own", "hired", "other_cost")
ZERO = Decimal(0)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table, in SEK with the result's sign; `low` and `high` are P10 and P90 where known."""

    key: Hashable
    forecast: Decimal
    budget: Decimal
    last_year: Decimal
    low: Decimal | None
    high: Decimal | None

    @property
    def deviation(self) -> Decimal:
        """Forecast less budget: positive is better."""
        return self.forecast - self.budget


@dataclass(frozen=True, slots=True)
class Change:
    """Outcome so far against the same months last year: costs and revenue both positive."""

    key: Hashable
    outcome: Decimal
    last_year: Decimal

    @property
    def amount(self) -> Decimal:
        """By how much it is more."""
        return self.outcome - self.last_year

    @property
    def percent(self) -> Decimal | None:
        """By how many per cent it is more; None where nothing was there."""
        return change(self.outcome, self.last_year)


@dataclass(frozen=True, slots=True)
class Point:
    """A month in the result's sign: outcome or forecast, with P10 and P90 where known.

    `accrued` is the part of an outcome that is not invoiced yet.
    """

    month: date
    amount: Decimal
    known: bool
    low: Decimal | None
    high: Decimal | None
    budget: Decimal
    last_year: Decimal
    accrued: Decimal = ZERO


def line(key: Hashable, rows: Iterable[Row], known: int) -> Line:
    """Return rows added up as a line."""
    return _line(key, total(rows, known))


def result(rows: Sequence[Row], known: int) -> tuple[Line, Line, Line]:
    """Return revenue, gross cost and net."""
    revenue = [row for row in rows if row.cell.kind == REVENUE]
    costs = [row for row in rows if row.cell.kind != REVENUE]
    return line("revenue", revenue, known), line("cost", costs, known), line("net", rows, known)


def by_division(rows: Sequence[Row], known: int, order: Sequence[UUID]) -> list[Line]:
    """Return the net of each division, in this order; None, what belongs to no division, comes last."""
    wanted = [*order, *sorted({row.cell.division for row in rows if row.cell.division} - set(order)), None]
    groups = _groups(rows, lambda row: row.cell.division)
    return [line(key, groups[key], known) for key in wanted if key in groups]


def by_type(rows: Sequence[Row], known: int) -> list[Line]:
    """Return a line for each kind and cost type, revenue first."""
    groups = _groups(rows, _type_of)
    return [line(key, groups[key], known) for key in sorted(groups, key=_type_order)]


def changes(rows: Sequence[Row], known: int) -> list[Change]:
    """Return the outcome against last year for each kind and cost type, and of all costs together."""
    groups = _groups(rows, _type_of)
    found = [_change(key, groups[key], known) for key in sorted(groups, key=_type_order)]
    costs = [row for row in rows if row.cell.kind != REVENUE]
    return [*found, _change("cost", costs, known)] if costs else found


def points(rows: Sequence[Row], known: int, year: int) -> list[Point]:
    """Return the net month by month."""
    misses = summed_misses(rows)
    found = []
    for place, month in enumerate(Months.year(year)):
        amount = -sum((row.months[place] for row in rows), ZERO)
        step = place - known
        width = half_width(misses, slice(step, step + 1)) if step >= 0 else None
        found.append(
            Point(
                month,
                amount,
                step < 0,
                None if width is None else amount - width,
                None if width is None else amount + width,
                -sum((row.budget[place] for row in rows), ZERO),
                -sum((row.last_year[place] for row in rows), ZERO),
                -sum((row.accrued[place] for row in rows), ZERO),
            )
        )
    return found


def _line(key: Hashable, found: Total) -> Line:
    forecast = -found.forecast
    return Line(
        key=key,
        forecast=forecast,
        budget=-found.budget,
        last_year=-found.last_year,
        low=None if found.width is None else forecast - found.width,
        high=None if found.width is None else forecast + found.width,
    )


def _change(key: Hashable, rows: Sequence[Row], known: int) -> Change:
    found = total(rows, known)
    sign = -1 if rows and rows[0].cell.kind == REVENUE else 1
    return Change(key, sign * found.outcome, sign * found.last_year_so_far)


def _type_of(row: Row) -> tuple[str, str]:
    return row.cell.kind, row.cell.cost_type


def _type_order(key: tuple[str, str]) -> tuple[int, str]:
    return KIND_ORDER.index(key[0]), key[1]


def _groups(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
