"""What measures do to costs: planned by month, realised by the data and shared, and how they go.

The realised effect of a month is the level of the same month a year back (the baseline), less what the
month cost.
Where several measures act on the same costs, the rule is:

1. Costs are taken in pieces: what the same measures act on is one piece of the month.
2. Each measure has its own baseline. The change of a piece from the oldest baseline to the month is cut at
   the later baselines; each part is shared by the measures whose baseline lies at its beginning or before.
3. A part is shared in proportion to the effects planned for the month; evenly where none is planned.

So the shares of a piece sum to its change since the oldest baseline, to the öre, and never to more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias
from uuid import UUID

from samplan_agency.domain.months import months_between, plus_months
from samplan_agency.domain.spreading import in_proportion

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of cost: of one unit, category, supplier and kind."""

    unit: UUID | None
    category: str | None
    supplier: UUID | None
    kind: str


Levels: TypeAlias = Mapping[date, Mapping[Cell, Decimal]]
"""Costs by month; a month that is not there is not known."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which costs a measure acts on; what is empty does not narrow them."""

    units: frozenset[UUID]
    kinds: frozenset[str] = frozenset({"hired"})
    categories: frozenset[str] = frozenset()
    suppliers: frozenset[UUID] = frozenset()

    def holds(self, cell: Cell) -> bool:
        """Tell whether the measure acts on the costs of a cell."""
        return (
            cell.unit in self.units
            and cell.kind in self.kinds
            and (not self.categories or cell.category in self.categories)
            and (not self.suppliers or cell.supplier in self.suppliers)
        )

    def meets(self, other: Scope) -> bool:
        """Tell whether another measure may act on the same costs."""
        return (
            bool(self.units & other.units and self.kinds & other.kinds)
            and (not self.categories or not other.categories or bool(self.categories & other.categories))
            and (not self.suppliers or not other.suppliers or bool(self.suppliers & other.suppliers))
        )


@dataclass(frozen=True, slots=True)
class Acting:
    """A decided measure as it acts: on what, from when to when, and its planned effect by month."""

    id: UUID
    scope: Scope
    first: date
    last: date | None
    baseline: date
    planned: Mapping[date, Decimal]

    def acts(self, month: date) -> bool:
        """Tell whether the measure is at work in a month."""
        return self.first <= month and (self.last is None or month <= self.last)

    def compared_with(self, month: date) -> date:
        """Return the month of the baseline that a month is compared with."""
        return plus_months(self.baseline, months_between(self.baseline, month) % 12)


def effect_by_month(
    year: int, amount: Decimal, weights: Sequence[Decimal], first: date
) -> dict[date, Decimal]:
    """Return a year's planned effect by month, from the month on in which the measure begins.

    By the weights of January to December; without any, or where they are zero for all months that are left,
    evenly. The months sum to the amount, to the öre; a year before the beginning has none.
    """
    months = [date(year, number, 1) for number in range(1, 13) if date(year, number, 1) >= first]
    if not months:
        return {}
    wanted = [weights[month.month - 1] if weights else ZERO for month in months]
    return dict(zip(months, in_proportion(amount, wanted), strict=True))


def realised(
    measures: Iterable[Acting], levels: Levels, months: Iterable[date]
) -> dict[UUID, dict[date, Decimal]]:
    """Return the realised effect by measure and month; a month or baseline that is not known gives none."""
    found: dict[UUID, dict[date, Decimal]] = {measure.id: {} for measure in measures}
    by_place = [*{measure.id: measure for measure in measures}.values()]
    held = _held(by_place, levels)
    for month in months:
        acting = {
            place: measure
            for place, measure in enumerate(by_place)
            if measure.acts(month) and month in levels and measure.compared_with(month) in levels
        }
        for measure in acting.values():
            found[measure.id][month] = ZERO
        for places, piece in _pieces(acting, held, month).items():
            group = [acting[place] for place in places]
            for measure, part in zip(group, share_change(group, month, piece), strict=True):
                found[measure.id][month] += part
    return found


def _held(measures: Sequence[Acting], levels: Levels) -> dict[date, dict[tuple[int, ...], Decimal]]:
    """Return costs by month and by the places of all measures that act on them, whenever they do."""
    of_unit: dict[UUID | None, list[int]] = defaultdict(list)
    for place, measure in enumerate(measures):
        for unit in measure.scope.units:
            of_unit[unit].append(place)
    holders: dict[Cell, tuple[int, ...]] = {}
    held: dict[date, dict[tuple[int, ...], Decimal]] = {}
    for month, cells in levels.items():
        sums = held[month] = defaultdict(lambda: ZERO)
        for cell, amount in cells.items():
            places = holders.get(cell)
            if places is None:
                near = of_unit.get(cell.unit, ())
                places = holders[cell] = tuple(at for at in near if measures[at].scope.holds(cell))
            if places:
                sums[places] += amount
    return held


def _pieces(
    acting: Mapping[int, Acting], held: Mapping[date, Mapping[tuple[int, ...], Decimal]], month: date
) -> dict[tuple[int, ...], dict[date, Decimal]]:
    """Return what each piece cost in the month and those it is compared with, by the measures' places."""
    times = {month, *(measure.compared_with(month) for measure in acting.values())} if acting else ()
    pieces: dict[tuple[int, ...], dict[date, Decimal]] = {}
    for time in times:
        for places, amount in held[time].items():
            if at_work := tuple(place for place in places if place in acting):
                pieces.setdefault(at_work, defaultdict(lambda: ZERO))[time] += amount
    return pieces


def share_change(group: Sequence[Acting], month: date, piece: Mapping[date, Decimal]) -> list[Decimal]:
    """Return what each measure of a group gets of a piece's change; they sum to the whole of it."""
    starts = [measure.compared_with(month) for measure in group]
    weights = [max(measure.planned.get(month, ZERO), ZERO) for measure in group]
    cuts = [*sorted(set(starts)), month]
    got = [ZERO] * len(group)
    for begin, end in pairwise(cuts):
        takers = [place for place, start in enumerate(starts) if start <= begin]
        change = piece.get(begin, ZERO) - piece.get(end, ZERO)
        parts = in_proportion(change, [weights[place] for place in takers])
        for place, part in zip(takers, parts, strict=True):
            got[place] += part
    return got


class Status(StrEnum):
    """How a measure goes, by what is decided and by what the data say."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    STARTED = "started"
    ON_PLAN = "on_plan"
    BEHIND = "behind"
    WITHOUT_EFFECT = "without_effect"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares of the expected effect in per cent: on plan from the one on, without effect up to the other."""

    on_plan: Decimal = Decimal(90)
    without_effect: Decimal = Decimal(10)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a measure's status is told by: months that it goes on in (`last` is None while it does), SEK.

    `expected` is what is planned for the months that are fully invoiced and can be compared, `effect` what
    was realised in them.
    """

    decided: bool
    first: date
    last: date | None
    expected: Decimal
    effect: Decimal


def status_of(made: Progress, today: date, limits: Limits) -> Status:
    """Return the status of a measure in the present month, by the region's limits."""
    if not made.decided:
        return Status.PROPOSED
    if made.last is not None and made.last < today:
        return Status.DONE
    if made.first > today:
        return Status.DECIDED
    if made.expected <= 0:
        return Status.STARTED
    if 100 * made.effect >= limits.on_plan * made.expected:
        return Status.ON_PLAN
    gone = 100 * made.effect <= limits.without_effect * made.expected
    return Status.WITHOUT_EFFECT if gone else Status.BEHIND
