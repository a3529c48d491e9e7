"""The forecast of a year: outcome so far, what the method draws on, plan lines and decided measures.

Amounts have the ledger's sign: costs positive, revenue negative. Nothing is counted twice: of plan lines and
measures only the months without outcome are taken, of a measure only what the outcome does not show yet, and
nothing of a measure that a plan line stands for. What is left out is told, with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from statistics import NormalDist
from typing import NamedTuple
from uuid import UUID

from samplan_agency.domain.interval import Misses, half_width, misses_of
from samplan_agency.domain.months import Months, months_between
from samplan_agency.domain.years import MONTHS, NOTHING, Year, added

ZERO = Decimal(0)
_Z90 = NormalDist().inv_cdf(0.9)
_ORE = Decimal("0.01")


class Cell(NamedTuple):
    """What a row is about: the division (None: no division's), the kind of account and the cost type."""

    division: UUID | None
    kind: str
    cost_type: str


class Reason(StrEnum):
    """Why something is left out of a forecast."""

    IN_OUTCOME = "in_outcome"
    """The months have an outcome already."""
    SHOWN = "shown"
    """The outcome shows the effect already, and so does what is drawn on from it."""
    PLAN_LINE = "plan_line"
    """A plan line stands for the measure."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An addition or deduction by month, in the ledger's sign; `measure` is what it stands for, if any."""

    name: str
    cell: Cell
    months: Year
    measure: UUID | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decided measure is to save in a month, and how much of it the outcome shows already."""

    measure: UUID
    name: str
    division: UUID | None
    kinds: tuple[str, ...]
    month: date
    expected: Decimal
    shown: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Given:
    """What a forecast is made of. `outcome` has a series a cell, from `first` to `as_of`.

    `accrued` has as long series of the part of the outcome that is not invoiced yet, of which `error` is the
    standard error and `whole` the sum that it holds for.
    """

    year: int
    first: date
    as_of: date
    outcome: Mapping[Cell, Sequence[Decimal]]
    budget: Mapping[Cell, Year]
    plans: Sequence[PlanLine] = ()
    effects: Sequence[Effect] = ()
    accrued: Mapping[Cell, Sequence[Decimal]] = field(default_factory=dict)
    error: Decimal = ZERO
    whole: Decimal = ZERO

    @property
    def known(self) -> int:
        """How many months of the year have an outcome."""
        return max(0, months_between(date(self.year, 1, 1), self.as_of) + 1)

    @property
    def ahead(self) -> int:
        """How many months are forecast."""
        return MONTHS - self.known


@dataclass(frozen=True, slots=True)
class Row:
    """A cell's year. `months` is the outcome, then the forecast; `misses` those of the months forecast.

    `accrued` is the part of the outcome by month that is not invoiced yet, `error` its standard error.
    """

    cell: Cell
    months: Year
    outcome: Decimal
    drawn: Decimal
    plan: Decimal
    measures: Decimal
    budget: Year
    last_year: Year
    misses: Misses = ()
    accrued: Year = NOTHING
    error: Decimal = ZERO

    @property
    def whole_year(self) -> Decimal:
        """The forecast of the year: P50."""
        return sum(self.months, ZERO)


@dataclass(frozen=True, slots=True)
class Part:
    """What of a plan line or measure counts or, with a `reason`, does not; amounts as in the ledger."""

    name: str
    cell: Cell
    reason: Reason | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast's rows, with the plan lines and measures that were counted in it and left out of it."""

    rows: tuple[Row, ...]
    counted: tuple[Part, ...]
    left_out: tuple[Part, ...]


def outlook(given: Given) -> Outlook:
    """Return the forecast of a year; the latest month known may be any from December before to December."""
    cells = {*given.outcome, *given.budget}
    taken_plans, plan_parts = _plans(given)
    drawn = {cell: _drawn(given, cell) for cell in given.outcome}
    placed = [(effect, _place(effect, cells, drawn)) for effect in given.effects]
    taken_effects, effect_parts = _effects(given, placed)
    cells |= {*taken_plans, *taken_effects}
    rows = [
        _row(given, cell, drawn.get(cell), taken_plans.get(cell), taken_effects.get(cell))
        for cell in sorted(cells, key=lambda cell: (str(cell.division), cell.kind, cell.cost_type))
    ]
    parts = plan_parts + effect_parts
    left = tuple(part for part in parts if part.reason)
    return Outlook(tuple(rows), tuple(part for part in parts if not part.reason), left)


def _drawn(given: Given, cell: Cell) -> tuple[Year, Misses]:
    """Return what the method draws on for the year's months to come, and how far it would have missed."""
    import numpy as np

    from samplan_agency.domain.theta import ongoing

    series = np.array([float(amount) for amount in given.outcome[cell]])
    ahead = [Decimal(str(value)).quantize(_ORE) for value in ongoing(series, given.ahead)]
    return (ZERO,) * given.known + tuple(ahead), misses_of(series, given.ahead, ongoing)


def _row(
    given: Given, cell: Cell, drawn: tuple[Year, Misses] | None, plan: Year | None, measures: Year | None
) -> Row:
    known, accrued = _year_of(given, given.outcome, cell), _year_of(given, given.accrued, cell)
    ahead, misses = drawn or (NOTHING, ())
    plan, measures = plan or NOTHING, measures or NOTHING
    return Row(
        cell=cell,
        months=added(added(known, ahead), added(plan, measures)),
        outcome=sum(known, ZERO),
        drawn=sum(ahead, ZERO),
        plan=sum(plan, ZERO),
        measures=sum(measures, ZERO),
        budget=given.budget.get(cell, NOTHING),
        last_year=_year_of(given, given.outcome, cell, years_ago=1),
        misses=misses,
        accrued=accrued,
        error=_error(given, sum(accrued, ZERO)),
    )


def _error(given: Given, accrued: Decimal) -> Decimal:
    """Return the standard error of a part of what is accrued: squares of parts sum to that of the whole."""
    if not given.whole or not accrued:
        return ZERO
    return (given.error * abs(accrued / given.whole).sqrt()).quantize(_ORE)


def _year_of(
    given: Given, amounts: Mapping[Cell, Sequence[Decimal]], cell: Cell, *, years_ago: int = 0
) -> Year:
    """Return a cell's amounts by month of the year or of one before it; zero where none is known."""
    series = amounts.get(cell, ())
    places = [months_between(given.first, month) for month in Months.year(given.year - years_ago)]
    return tuple(series[place] if 0 <= place < len(series) else ZERO for place in places)


def _plans(given: Given) -> tuple[dict[Cell, Year], list[Part]]:
    taken: dict[Cell, Year] = {}
    parts: list[Part] = []
    for line in given.plans:
        past, to_come = line.months[: given.known], line.months[given.known :]
        for reason, months in ((Reason.IN_OUTCOME, past), (None, to_come)):
            if any(months):
                parts.append(Part(line.name, line.cell, reason, sum(months, ZERO)))
        taken[line.cell] = added(taken.get(line.cell, NOTHING), (ZERO,) * given.known + tuple(to_come))
    return taken, parts


def _effects(given: Given, placed: Iterable[tuple[Effect, Cell]]) -> tuple[dict[Cell, Year], list[Part]]:
    stood_for = {line.measure for line in given.plans if line.measure is not None}
    taken: dict[Cell, Year] = {}
    parts: dict[tuple[str, Cell, Reason | None], Decimal] = {}
    for effect, cell in placed:
        if effect.month.year != given.year:
            continue
        shown = min(max(effect.shown, ZERO), effect.expected)
        if effect.month <= given.as_of:
            reason, out = Reason.IN_OUTCOME, effect.expected
        elif effect.measure in stood_for:
            reason, out = Reason.PLAN_LINE, effect.expected
        else:
            reason, out = Reason.SHOWN, shown
        for why, amount in ((reason, out), (None, effect.expected - out)):
            if amount:
                key = effect.name, cell, why
                parts[key] = parts.get(key, ZERO) - amount
        place = effect.month.month - 1
        saved = [ZERO] * MONTHS
        saved[place] = out - effect.expected
        taken[cell] = added(taken.get(cell, NOTHING), saved)
    return taken, [Part(*key, amount) for key, amount in parts.items()]


def _place(effect: Effect, cells: Iterable[Cell], drawn: Mapping[Cell, tuple[Year, Misses]]) -> Cell:
    """Return the row that a measure lowers: of its division and kinds the one with most to come."""
    own = [cell for cell in cells if cell.division == effect.division and cell.kind in effect.kinds]

    def to_come(cell: Cell) -> tuple[Decimal, str, str]:
        return sum(drawn[cell][0], ZERO) if cell in drawn else ZERO, cell.kind, cell.cost_type

    return max(own, key=to_come, default=Cell(effect.division, effect.kinds[0], ""))


@dataclass(frozen=True, slots=True)
class Total:
    """Rows added up; `width` is how far P10 and P90 are from the forecast, None where that is not known.

    It is the root of the sum of squares of what the method and what the accruals may miss by.
    """

    forecast: Decimal
    budget: Decimal
    last_year: Decimal
    outcome: Decimal
    last_year_so_far: Decimal
    width: Decimal | None

    @property
    def deviation(self) -> Decimal:
        """Forecast less budget, in the ledger's sign."""
        return self.forecast - self.budget


def total(rows: Iterable[Row], known: int) -> Total:
    """Return rows added up, `known` months of which have an outcome."""
    several = list(rows)
    width = half_width(summed_misses(several)) if known < MONTHS else 0
    accrued = _Z90 * math.sqrt(sum(float(row.error) ** 2 for row in several))
    return Total(
        forecast=sum((row.whole_year for row in several), ZERO),
        budget=sum((sum(row.budget, ZERO) for row in several), ZERO),
        last_year=sum((sum(row.last_year, ZERO) for row in several), ZERO),
        outcome=sum((row.outcome for row in several), ZERO),
        last_year_so_far=sum((sum(row.last_year[:known], ZERO) for row in several), ZERO),
        width=None if width is None else Decimal(round(math.hypot(width, accrued))),
    )


def summed_misses(rows: Iterable[Row]) -> Misses:
    """Return the misses of rows together; those of rows without any history are none."""
    known = [row.misses for row in rows if row.misses]
    return tuple(tuple(map(sum, zip(*trials, strict=True))) for trials in zip(*known, strict=True))
