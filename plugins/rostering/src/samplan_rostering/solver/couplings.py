"""What the master problem sees beyond needs and even shares: windows left to it, and pairs of people."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from samplan_rostering.solver.own_costs import Window
from samplan_rostering.solver.problem import Problem
from samplan_rostering.solver.soft import PairCost, PairLimit, WindowLimit


@dataclass(frozen=True, slots=True)
class Coupling:
    """`low <= sum of amounts over cells worked <= high`; a unit below or above costs, if that is possible.

    `cells` holds employee, day, shift and amount; a price is infinite where nothing may be missing.
    """

    cells: tuple[tuple[int, int, int, int], ...]
    low: float
    high: float
    under: float
    over: float


def couplings(problem: Problem) -> Iterator[Coupling]:
    """Yield them, in an order that depends on nothing else."""
    for employee in range(len(problem.employees)):
        for window in problem.costs_of(employee).loose:
            yield _of_window(employee, window)
    for pair in problem.pairs:
        yield from _of_pair(pair, float(pair.weight))
    for limit in problem.pair_limits:
        yield from _of_pair(limit, _forbidding(problem))


def _of_window(employee: int, window: Window) -> Coupling:
    price = inf if isinstance(window, WindowLimit) else float(window.weight)
    cells = tuple(
        (employee, day, shift, amount)
        for day, row in zip(window.days, window.amounts, strict=True)
        for shift, amount in enumerate(row)
        if amount
    )
    low = -inf if window.low is None else float(window.low)
    high = inf if window.high is None else float(window.high)
    return Coupling(cells, low, high, price, price)


def _forbidding(problem: Problem) -> float:
    """Return a price that no need or wish is worth, so that few fractional rosters break a hard rule on two.

    A price, since a dive may decide on what breaks it: the bound is lower for it, never too high.
    """
    needs = max((sum(step.under for step in need.steps) for need in problem.cover), default=0)
    wishes = max((request.weight for request in problem.requests), default=0)
    return 2.0 * (needs + wishes) + 1.0


def _of_pair(pair: PairCost | PairLimit, price: float) -> Iterator[Coupling]:
    """Yield for each meeting that one is not there without the other, or that not both are."""
    for meeting in pair.meetings:
        sign = -1 if pair.together else 1
        cells = (
            *((pair.one, day, shift, 1) for day, shift in sorted(meeting.cells)),
            *((pair.other, day, shift, sign) for day, shift in sorted(meeting.others)),
        )
        yield Coupling(cells, -inf, 0.0 if pair.together else 1.0, inf, price)
