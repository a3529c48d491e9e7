"""Search for an employee's cheapest rows at given costs of cells and weekends."""

from dataclasses import dataclass
from math import inf

import numpy as np

from samplan_rostering.solver.alike import Alike, alike
from samplan_rostering.solver.own_costs import limits_of_shifts, unit
from samplan_rostering.solver.pricing import cheapest_rows, through_cells
from samplan_rostering.solver.problem import EmployeeRules, Problem, Row
from samplan_rostering.solver.row_graph import Floats, Ints, RowGraph
from samplan_rostering.solver.row_graphs import row_graphs
from samplan_rostering.solver.soft import WindowCost, WindowLimit
from samplan_rostering.solver.soft_price import outside

MOST_LABELS = 4_000_000
"""Where more partial rows than this are needed, the search gives up: about 200 MB."""
WIDE = 1_000_000
"""Partial rows that all days together keep, in equal parts; exact up to a few months of the usual rules."""

_MANY = 1 << 30


@dataclass(frozen=True, slots=True)
class _Own:
    """What the search for one employee's rows needs."""

    alike: Alike | None
    closed: Floats
    hours: tuple[Ints, int, int, tuple[float, float, float], Floats]
    weekends: tuple[int, int, int, int, float]
    numbers: tuple[Ints, Ints, int]
    multipliers: Floats


class RowSearch:
    """Finds rows that keep every rule of an employee.

    Only the scarcest of the shifts of limited number are counted, and some windows not at all: `keeps_limits`
    tells of the rest.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._unit = int(np.gcd.reduce(np.array(problem.minutes, dtype=np.int64).ravel())) or 1
        self._minutes = np.zeros((problem.days, len(problem.shifts) + 1), dtype=np.int64)
        self._minutes[:, :-1] = np.array(problem.minutes, dtype=np.int64) // self._unit
        graphs = row_graphs(problem)
        self._own = [
            self._compile(employee, rules, graph)
            for (employee, rules), graph in zip(enumerate(problem.employees), graphs, strict=True)
        ]

    def cheapest(
        self,
        employee: int,
        cells: Floats,
        weekends: Floats,
        below: float = inf,
        wanted: int = 1,
        *,
        wide: int = WIDE,
    ) -> tuple[list[Row], float]:
        """Return the cheapest rows that cost less than `below`, best first, and a proven least cost of any.

        `cells` has a row per day and a column per shift, the last for a free day; `weekends` what each
        newly worked weekend costs. `wide` is how many partial rows go on, over all days: where that is
        not enough, there may be cheaper rows than those found. An infinite least cost means that there is no
        row at all.
        """
        own = self._own[employee]
        if own.alike is None:
            return [], inf
        priced, meant = own.alike.cheapest(cells + own.closed)
        found, least = cheapest_rows(
            own.alike.graph.arcs,
            (priced, weekends),
            self._limits(own),
            own.multipliers,
            below,
            wanted,
            (MOST_LABELS, wide // len(cells)),
        )
        days = np.arange(len(cells))
        rows = [np.where(row < 0, -1, meant[days, row]).tolist() for row in found]
        return [tuple(None if shift < 0 else shift for shift in row) for row in rows], float(least)

    def through(self, employee: int, cells: Floats, weekends: Floats) -> Floats:
        """Return by cell (the last column is a free day) a proven least cost of the rows through it."""
        own = self._own[employee]
        if own.alike is None:
            return np.full(cells.shape, inf)
        closed = cells + own.closed
        priced, _ = own.alike.cheapest(closed)
        arcs, limits = own.alike.graph.arcs, self._limits(own)
        return own.alike.spread(through_cells(arcs, (priced, weekends), limits, own.multipliers), closed)

    def keeps_limits(self, employee: int, row: Row) -> bool:
        """Tell whether a row keeps the limits of shifts of one kind, and of windows."""
        rules = self._problem.employees[employee]
        few = all(limit is None or row.count(s) <= limit for s, limit in enumerate(rules.max_per_shift))
        return few and not any(outside(window, row) for window in rules.window_limits)

    def _limits(self, own: _Own) -> tuple[object, ...]:
        """Return hours, weekends and numbers as the compiled searches take them."""
        return own.hours, own.weekends, own.numbers

    def _compile(self, employee: int, rules: EmployeeRules, graph: RowGraph | None) -> _Own:
        counted = self._problem.costs_of(employee).counted
        hours = self._hours(rules) if counted is None else self._sum(counted)
        limited = {shift for shift, limit in enumerate(rules.max_per_shift) if limit is not None}
        apart = [
            (hours[0][:, shift].tobytes(), shift if shift in limited else -1)
            for shift in range(len(self._problem.shifts))
        ]
        return _Own(
            alike=None if graph is None or hours[1] > hours[2] else alike(graph, apart),
            closed=self._closed(rules),
            hours=hours,
            weekends=self._weekends(employee, rules),
            numbers=self._numbers(rules),
            multipliers=np.zeros(2 + self._minutes.shape[1]),
        )

    def _hours(self, rules: EmployeeRules) -> tuple[Ints, int, int, tuple[float, float, float], Floats]:
        """Return how hours are counted: minutes, and the least and most of them."""
        least = max(-(-rules.min_minutes // self._unit), 0)
        most = min(rules.max_minutes // self._unit, int(self._minutes.max(axis=1).sum()))
        return self._minutes, least, most, (float(least), float(most), inf), np.zeros(max(most + 1, 0))

    def _sum(
        self, window: WindowLimit | WindowCost
    ) -> tuple[Ints, int, int, tuple[float, float, float], Floats]:
        """Return how the sum over a window is counted in place of hours."""
        one = unit(window)
        amounts = np.zeros_like(self._minutes)
        amounts[window.days.start : window.days.stop, :-1] = np.array(window.amounts, dtype=np.int64) // one
        most = int(amounts.max(axis=1).sum())
        low = -inf if window.low is None else window.low / one
        high = inf if window.high is None else window.high / one
        if isinstance(window, WindowLimit):
            least, most = max(int(np.ceil(max(low, 0))), 0), int(np.floor(min(high, most)))
            return amounts, least, most, (float(least), float(most), inf), np.zeros(max(most + 1, 0))
        sums = np.arange(most + 1)
        price = window.weight * one * np.maximum(np.maximum(low - sums, sums - high), 0.0)
        return amounts, 0, most, (low, high, float(window.weight * one)), price

    def _weekends(self, employee: int, rules: EmployeeRules) -> tuple[int, int, int, int, float]:
        cost = self._problem.weekends_of.get(employee)
        count = len(self._problem.weekends)
        before = 0 if cost is None else sum(index >= 0 for index in cost.worked_before)
        free = count if cost is None or not cost.over else max(cost.free, 0)
        limit = count if rules.max_weekends is None else rules.max_weekends
        cap = limit if limit < count else free if free < count else 0
        over = 0.0 if cost is None else float(cost.over)
        return before, cap, limit if limit < count else _MANY, free if free < count else _MANY, over

    def _numbers(self, rules: EmployeeRules) -> tuple[Ints, Ints, int]:
        """Return how shifts of limited number are counted."""
        radix, limits = (np.zeros(len(self._problem.shifts) + 1, dtype=np.int64) for _ in range(2))
        combinations = 1
        for shift, limit in limits_of_shifts(self._problem, rules)[0]:
            radix[shift], limits[shift] = combinations, limit
            combinations *= limit + 1
        return radix, limits, combinations

    def _closed(self, rules: EmployeeRules) -> Floats:
        """Return infinite cost for what the employee may not work, zero elsewhere."""
        closed = np.zeros(self._minutes.shape)
        for day, shift in rules.blocked_cells():
            closed[day, shift] = inf
        for shift, limit in enumerate(rules.max_per_shift):
            if limit == 0:
                closed[:, shift] = inf
        for day, shift in rules.pinned:
            others = [other for other in range(closed.shape[1]) if other != shift]
            closed[day, others] = inf
        return closed
