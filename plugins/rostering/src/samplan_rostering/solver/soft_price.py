"""The price of a roster under the costs of `soft`, straight from their meaning."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from samplan_rostering.domain.rules import Term
from samplan_rostering.solver.soft import (
    FREE,
    Cell,
    Meeting,
    PairCost,
    PairLimit,
    RunCost,
    WindowCost,
    WindowLimit,
)

if TYPE_CHECKING:
    from samplan_rostering.solver.problem import Problem, Roster, Row


def path_costs(problem: "Problem", employee: int, row: "Row") -> Iterator[tuple[Term, int]]:
    """Yield what an employee's row costs by combinations, runs and halves of weekends."""
    own = problem.costs_of(employee)
    for combination in own.combinations:
        worked = all(row[day] == (None if shift == FREE else shift) for day, shift in combination.cells)
        yield combination.term, combination.weight * worked
    for run in own.runs:
        yield run.term, run_cost(run, row)
    for whole in own.whole_weekends:
        pairs = [days for days in problem.weekends if len(days) > 1]
        halves = sum((row[days[0]] is None) != (row[days[1]] is None) for days in pairs)
        yield whole.term, whole.weight * halves


def window_costs(windows: tuple[WindowCost, ...], row: "Row") -> Iterator[tuple[Term, int]]:
    """Yield what a row costs by sums over windows."""
    for window in windows:
        yield window.term, window.weight * outside(window, row)


def pair_costs(problem: "Problem", roster: "Roster") -> Iterator[tuple[Term, int]]:
    """Yield what a roster costs by who works with whom."""
    for pair in problem.pairs:
        yield pair.term, pair.weight * len(missed(pair, roster[pair.one], roster[pair.other]))


def run_cost(cost: RunCost, row: "Row") -> int:
    """Return what the runs of a row cost."""
    price, length = 0, cost.before
    for shift in row:
        if shift is None if cost.shifts is None else shift in cost.shifts:
            length += 1
            price += cost.over * (length > cost.high)
        else:
            price += cost.under * max(cost.low - length, 0) if length else 0
            length = 0
    return price


def window_sum(window: WindowLimit | WindowCost, row: "Row") -> int:
    """Return the sum over a window."""
    worked = ((place, row[day]) for place, day in enumerate(window.days))
    return sum(window.amounts[place][shift] for place, shift in worked if shift is not None)


def outside(window: WindowLimit | WindowCost, row: "Row") -> int:
    """Return by how much the sum over a window lies outside of its limits."""
    total = window_sum(window, row)
    below = 0 if window.low is None else window.low - total
    above = 0 if window.high is None else total - window.high
    return max(below, above, 0)


def missed(pair: PairCost | PairLimit, one: "Row", other: "Row") -> list[Meeting]:
    """Return the meetings at which two people are not as they should be."""
    return [
        meeting
        for meeting in pair.meetings
        if works(one, meeting.cells) and works(other, meeting.others) != pair.together
    ]


def works(row: "Row", cells: Iterable[Cell]) -> bool:
    """Tell whether one of some cells is worked."""
    return any(row[day] == shift for day, shift in cells)
