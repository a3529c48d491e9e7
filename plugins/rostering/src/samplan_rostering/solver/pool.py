"""The rows that an employee is known to have, to be priced all at once."""

from math import inf

import numpy as np

from samplan_rostering.solver.objective import counted_cost, weekend_cost, worked_weekends
from samplan_rostering.solver.problem import Problem, Row
from samplan_rostering.solver.row_graph import Floats


class Pool:
    """The rows that an employee is known to have, to be priced all at once."""

    def __init__(self, problem: Problem, employee: int) -> None:
        self._problem, self._employee = problem, employee
        self._weekends = problem.weekends_of.get(employee)
        self._nothing = weekend_cost(problem, employee, (None,) * problem.days)
        self.empty()

    def empty(self) -> None:
        """Forget all rows."""
        self.rows: dict[Row, int] = {}
        self._cells = np.empty((0, self._problem.days), dtype=np.int64)
        self._worked = np.empty((0, len(self._problem.weekends)))
        self._own = np.empty(0)

    def add(self, row: Row) -> None:
        """Note a row; one that is known already changes nothing."""
        if row in self.rows:
            return
        self.rows[row] = len(self.rows)
        free = len(self._problem.shifts)
        cells = np.array([free if shift is None else shift for shift in row], dtype=np.int64)
        before = frozenset[int]() if self._weekends is None else self._weekends.worked_before
        newly = worked_weekends(self._problem, self._employee, row) - before
        worked = np.array([float(i in newly) for i in range(len(self._problem.weekends))])
        own = weekend_cost(self._problem, self._employee, row) - self._nothing
        own += counted_cost(self._problem, self._employee, row)
        self._cells = np.vstack((self._cells, cells))
        self._worked = np.vstack((self._worked, worked))
        self._own = np.append(self._own, own)

    def cheapest(self, cells: Floats, weekends: Floats, count: int) -> list[Row]:
        """Return the cheapest rows at some costs, best first; none of infinite cost."""
        rows, costs = list(self.rows), self._costs(cells, weekends)
        return [rows[place] for place in np.argsort(costs)[:count] if costs[place] < inf]

    def price(self, row: Row, cells: Floats, weekends: Floats) -> float:
        """Return what a known row costs."""
        return float(self._costs(cells, weekends)[self.rows[row]])

    def _costs(self, cells: Floats, weekends: Floats) -> Floats:
        days = np.arange(self._problem.days)
        costs: Floats = cells[days, self._cells].sum(axis=1) + self._worked @ weekends + self._own
        return costs
