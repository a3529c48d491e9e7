"""A first roster, person by person: hard rules concern one person, so the rows together keep them all.

Where one is on two people, who comes later keeps to the rows of who came before; where that cannot be, the
rows of all who are linked are made together.

Each row takes what costs least, given the rows before it; the whole is where the search begins.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np

from samplan_rostering.solver.pairs import linked, shut_cells
from samplan_rostering.solver.parts import PartSolver
from samplan_rostering.solver.problem import Part, Problem, Roster, Row
from samplan_rostering.solver.row_graph import Floats
from samplan_rostering.solver.rows import RowSearch
from samplan_rostering.solver.soft import PairLimit
from samplan_rostering.solver.soft_price import outside, window_sum

HARD_ROW_WORK = 20.0
"""Work on a row that the search of the graph does not find; its costs are left out of account."""
WIDTHS = (50_000, 400_000, 4_000_000)
"""Partial rows kept in a search; the next where none was found."""
PRICED_TRIES, LIMIT_TRIES = 4, 24
"""How often the price of a shift that a row has too many of is doubled, and how often a row is looked for.

Afterwards such a shift is left open on the days where it is worth most, as many as there may be.
"""


class Starter:
    """Makes the first roster; another thread may interrupt it.

    Afterwards `roster` is None when the time did not suffice, `impossible` names those who can have no row at
    all, and `clashing` the rules on two people that cannot be kept beside the rules of each.
    """

    def __init__(
        self, problem: Problem, search: RowSearch, seed: int, seconds_left: Callable[[], float]
    ) -> None:
        self._problem, self._search = problem, search
        self._plain = PartSolver(replace(problem.without_costs, pair_limits=()))
        self._linked = PartSolver(problem.without_costs)
        self._seed = seed
        self._seconds_left = seconds_left
        self._present: Counter[int] = Counter()
        self._needs: list[list[int]] = [[] for _ in problem.employees]
        for index, need in enumerate(problem.cover):
            for employee in need.employees:
                self._needs[employee].append(index)
        self._rows: dict[int, Row] = {}
        self.roster: Roster | None = None
        self.impossible: list[int] = []
        self.clashing: list[PairLimit] = []

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._plain.interrupt()
        self._linked.interrupt()

    def run(self) -> None:
        """Find a row for each employee, those with the least choice first, who follow others last."""
        problem = self._problem
        followers = {limit.one for limit in problem.pair_limits if limit.together}
        order = sorted(
            problem.whole.employees,
            key=lambda e: (e in followers, -len(problem.employees[e].pinned), len(self._needs[e]), e),
        )
        for place, employee in enumerate(order):
            if self._seconds_left() <= 0:
                return
            if employee not in self._rows:
                self._make(employee, self._seconds_left() / (len(order) - place))
        if len(self._rows) == len(order):
            self.roster = tuple(self._rows[employee] for employee in range(len(order)))

    def _make(self, employee: int, seconds: float) -> None:
        """Make a row, beside others the rows of all who are linked where there is none."""
        row, infeasible = self._row(employee, seconds)
        if infeasible:
            self.impossible.append(employee)
        elif row is not None:
            self._rows[employee] = row
            self._count(employee, row, 1)
        elif len(group := linked(self._problem, employee)) > 1:
            self._make_together(group, seconds)

    def _make_together(self, group: frozenset[int], seconds: float) -> None:
        result = self._linked.solve(
            self._nothing, Part(group, range(self._problem.days)), self._seed, HARD_ROW_WORK, seconds
        )
        for employee in group.intersection(self._rows):
            self._count(employee, self._rows.pop(employee), -1)
        for employee, row in result.rows.items():
            self._rows[employee] = row
            self._count(employee, row, 1)
        if result.infeasible:
            found = [limit for limit in self._problem.pair_limits if limit.one in group]
            self.clashing += [limit for limit in found if limit not in self.clashing]

    @property
    def _nothing(self) -> Roster:
        return ((None,) * self._problem.days,) * len(self._problem.employees)

    def _count(self, employee: int, row: Row, times: int) -> None:
        for index in self._needs[employee]:
            need = self._problem.cover[index]
            self._present[index] += times * (row[need.day] == need.shift)

    def _row(self, employee: int, seconds: float) -> tuple[Row | None, bool]:
        """Return a row beside those of others, and whether there is provably none beside any."""
        shut = shut_cells(self._problem, employee, self._rows)
        free = not shut.any()
        for costs, widths in ((self._costs(employee), WIDTHS[:-1]), (self._plain_costs(employee), WIDTHS)):
            row, impossible = self._within_limits(employee, costs + shut, widths)
            if row is not None:
                return row, False
            if impossible:
                return None, free
        if not free:
            return None, False
        whole = Part(frozenset({employee}), range(self._problem.days))
        result = self._plain.solve(self._nothing, whole, self._seed, HARD_ROW_WORK, seconds)
        return result.rows.get(employee), result.infeasible

    def _within_limits(
        self, employee: int, cells: Floats, widths: tuple[int, ...]
    ) -> tuple[Row | None, bool]:
        """Return a cheap row that keeps the limits of shifts and windows, and whether there is none."""
        price = np.zeros((self._problem.days, len(self._problem.shifts) + 1))
        for attempt in range(LIMIT_TRIES):
            found, least = self._cheapest(employee, cells + price, widths)
            if not found:
                return None, least == inf and not np.isinf(price).any()
            if self._search.keeps_limits(employee, found[0]):
                return found[0], False
            if attempt < PRICED_TRIES:
                self._raise(price, employee, found[0], 2.0**attempt)
            else:
                self._shut(price, employee, found[0], cells)
        return None, False

    def _cheapest(self, employee: int, cells: Floats, widths: tuple[int, ...]) -> tuple[list[Row], float]:
        """Return a cheap row at some costs, if one is found, and a least cost of any."""
        weekends = np.zeros(len(self._problem.weekends))
        found: list[Row] = []
        for wide in widths:
            found, least = self._search.cheapest(employee, cells, weekends, wide=wide)
            if found or least == inf:
                break
        return found, least

    def _raise(self, price: Floats, employee: int, row: Row, amount: float) -> None:
        """Make the shifts dearer that a row has too many of, or cheaper where it has too few."""
        rules = self._problem.employees[employee]
        for shift, limit in enumerate(rules.max_per_shift):
            if limit is not None and row.count(shift) > limit:
                price[:, shift] += amount
        for window in rules.window_limits:
            if outside(window, row):
                sums = np.array(window.amounts, dtype=np.float64)
                dearer = window.high is not None and window_sum(window, row) > window.high
                days = slice(window.days.start, window.days.stop)
                price[days, :-1] += (amount if dearer else -amount) * sums / max(sums.max(), 1.0)

    def _shut(self, price: Floats, employee: int, row: Row, cells: Floats) -> None:
        """Leave the shifts that a row has too many of open on its best days only, as many as there may be."""
        for shift, limit in enumerate(self._problem.employees[employee].max_per_shift):
            days = [day for day, worked in enumerate(row) if worked == shift]
            if limit is not None and len(days) > limit:
                kept = sorted(days, key=lambda day: cells[day, shift])[:limit]
                price[np.setdiff1d(np.arange(len(row)), kept), shift] = inf

    def _plain_costs(self, employee: int) -> Floats:
        """Return costs by which a row is found most easily: only shifts of limited number cost something."""
        limited = [limit is not None for limit in self._problem.employees[employee].max_per_shift]
        return np.tile(np.array([*limited, False], dtype=np.float64), (self._problem.days, 1))

    def _costs(self, employee: int) -> Floats:
        """Return what each cell costs, given who is there already; negative where it saves."""
        problem = self._problem
        cells = np.zeros((problem.days, len(problem.shifts) + 1))
        for index in self._needs[employee]:
            need = problem.cover[index]
            there = self._present[index]
            for step in need.steps:
                cells[need.day, need.shift] += step.over if there >= step.level else -step.under
        for request in problem.requests_of(employee):
            for day, shift in request.cells:
                cells[day, shift] += -request.weight if request.wanted else request.weight
        return cells
