"""The soft costs of one employee, and where the search for rows keeps each of the sums over windows.

A sum of few values is remembered by the row graph. One more is counted along the path, where hours need not
be. All others are left to the master problem, which sees the mean of the rows it mixes: its bound stays
valid, and rows are looked at before they become part of a roster.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

from samplan_rostering.solver.soft import (
    CombinationCost,
    RunCost,
    WholeWeekend,
    WindowCost,
    WindowLimit,
)

if TYPE_CHECKING:
    from samplan_rostering.solver.problem import EmployeeRules, Problem

MOST_REMEMBERED = 6
"""Combinations of sums that the row graph tells apart on one day; each multiplies its nodes."""

MOST_COUNTED = 100
"""Combinations of counts of limited shifts that the search for rows tells apart."""

Window = WindowLimit | WindowCost


@dataclass(frozen=True, slots=True)
class OwnCosts:
    """What one employee's row may cost, and how each window is kept: in one of the last three."""

    combinations: tuple[CombinationCost, ...] = ()
    runs: tuple[RunCost, ...] = ()
    whole_weekends: tuple[WholeWeekend, ...] = ()
    windows: tuple[WindowCost, ...] = ()
    remembered: tuple[Window, ...] = ()
    counted: Window | None = None
    loose: tuple[Window, ...] = ()

    @property
    def exact(self) -> tuple[WindowCost, ...]:
        """The costs of windows that are not left to the master."""
        kept = self.remembered if self.counted is None else (*self.remembered, self.counted)
        return soft_windows(kept)


def own_costs(problem: "Problem") -> Mapping[int, OwnCosts]:
    """Return the costs of each employee."""
    combinations: dict[int, list[CombinationCost]] = defaultdict(list)
    runs: dict[int, list[RunCost]] = defaultdict(list)
    weekends: dict[int, list[WholeWeekend]] = defaultdict(list)
    windows: dict[int, list[WindowCost]] = defaultdict(list)
    for combination in problem.combination_costs:
        combinations[combination.employee].append(combination)
    for run in problem.run_costs:
        runs[run.employee].append(run)
    for whole in problem.whole_weekends:
        weekends[whole.employee].append(whole)
    for window in problem.window_costs:
        windows[window.employee].append(window)
    return {
        employee: OwnCosts(
            tuple(combinations[employee]),
            tuple(runs[employee]),
            tuple(weekends[employee]),
            tuple(windows[employee]),
            *_places(problem, rules, windows[employee]),
        )
        for employee, rules in enumerate(problem.employees)
    }


def limits_of_shifts(
    problem: "Problem", rules: "EmployeeRules"
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return shift and limit of those that the search for rows counts, the scarcest, and of the others.

    A limit that nobody could reach is among neither, nor is one of none at all.
    """
    reach = -(-problem.days * rules.max_run // (rules.max_run + rules.min_off))
    counted, others, combinations = [], [], 1
    for limit, shift in sorted(
        (limit, shift)
        for shift, limit in enumerate(rules.max_per_shift)
        if limit is not None and 0 < limit < reach
    ):
        if combinations * (limit + 1) <= MOST_COUNTED:
            combinations *= limit + 1
            counted.append((shift, limit))
        else:
            others.append((shift, limit))
    return counted, others


def cap(window: Window) -> int:
    """Return the sum from which on more makes no difference but by the unit: what a memory has to hold."""
    return max(window.low or 0, window.high or 0, 0)


def unit(window: Window) -> int:
    """Return what all amounts of a window are multiples of."""
    return gcd(*(amount for row in window.amounts for amount in row)) or 1


def _places(
    problem: "Problem", rules: "EmployeeRules", costs: list[WindowCost]
) -> tuple[tuple[Window, ...], Window | None, tuple[Window, ...]]:
    """Return which windows the graph remembers, which one is counted, and which are left to the master."""
    remembered: list[Window] = []
    others: list[Window] = []
    load = [1] * problem.days
    windows: list[Window] = [*rules.window_limits, *costs]
    for window in sorted(windows, key=lambda w: (len(w.days), w.days.start)):
        values = cap(window) // unit(window) + 1
        if values * max((load[day] for day in window.days), default=1) <= MOST_REMEMBERED:
            remembered.append(window)
            for day in window.days:
                load[day] *= values
        else:
            others.append(window)
    counted = others.pop() if others and not _hours_bind(problem, rules) else None
    return tuple(remembered), counted, tuple(others)


def _hours_bind(problem: "Problem", rules: "EmployeeRules") -> bool:
    most = sum(max(row, default=0) for row in problem.minutes)
    return rules.min_minutes > 0 or rules.max_minutes < most


def soft_windows(windows: tuple[Window, ...]) -> tuple[WindowCost, ...]:
    """Return the windows that are no hard rules."""
    return tuple(window for window in windows if isinstance(window, WindowCost))
