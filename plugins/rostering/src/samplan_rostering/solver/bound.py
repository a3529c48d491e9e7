"""A proven bound and good rows by column generation.

The master problem prices the cells, each employee's cheapest row at those prices joins it, and so
on until none is cheaper than what is there. At any prices the cheapest rows together with the
shared part give a lower bound (Lagrange). Prices are smoothed towards those of the best bound so
far (Wentges 1997, doi 10.1016/S0969-6016(97)00002-8), without which they swing for long.
"""

from collections.abc import Callable, Collection, Mapping
from math import inf

import numpy as np

from samplan_rostering.solver.best import Best
from samplan_rostering.solver.master import Master
from samplan_rostering.solver.objective import counted_cost, weekend_cost, worked_weekends
from samplan_rostering.solver.problem import Problem, Row
from samplan_rostering.solver.row_graph import Floats
from samplan_rostering.solver.rows import RowSearch

SMOOTHING = 0.6
ROWS_AT_A_TIME = 2
GAIN = 1e-6
FIRST_SHARE, SHARE = 0.25, 0.4
"""Shares of the time after which the bound without, and with, counted shifts has to do."""
SEEDS = 40
"""Rows an employee has in a part's master to begin with."""
SAFETY = 1e-3
"""The linear solver is right to about 1e-6; costs are whole numbers, so this loses nothing."""


class Bounder:
    """Generates columns until the bound is reached; another thread may interrupt it."""

    def __init__(self, best: Best, search: RowSearch, seconds: Callable[[], float]) -> None:
        self._best = best
        self._search = search
        self._seconds = seconds
        self._stopped = False
        self._nothing: Row = (None,) * best.problem.days
        self._pools = [_Pool(best.problem, employee) for employee in best.problem.whole.employees]
        self.master = Master(best.problem)
        self._centre = self.master.no_prices()

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._stopped = True

    def run(self) -> None:
        """Raise the bound until no cheaper row is left, or its share of the time is used.

        The limits of shifts of one kind make the search for rows slow and are first left to the master.
        """
        for employee, row in enumerate(self._best.roster):
            self.add(employee, row)
        begin = self._seconds()
        self._search.counting = False
        share = FIRST_SHARE if self._search.has_limits else SHARE
        centre, highest = self._converge(None, -inf, begin * (1 - share))
        self._search.counting = True
        if self._search.has_limits and not self._best.proven:
            self._keep(self._search.keeps_limits)
            centre, highest = self._converge(centre, highest, begin * (1 - SHARE))
        self._centre = self.master.no_prices() if centre is None else centre
        excess = [] if centre is None else self._excess(centre)
        if excess:
            self._best.exclude(excess, highest - SAFETY)

    def part(self, kept: Mapping[int, Row], closed: Mapping[int, Floats]) -> Master:
        """Return a master for those whose rows are not kept, with the best rows they are known to have.

        `closed` adds infinite cost to the cells that an employee may not work.
        """
        master = Master(self._best.problem, kept)
        for employee, shut in closed.items():
            cells, weekends = self.master.cell_costs(employee, self._centre)
            for row in self._pools[employee].cheapest(cells + shut, weekends, SEEDS):
                master.add(employee, row)
        return master

    def beside(self) -> "Bounder":
        """Return another one that knows the same rows, for another thread."""
        other = Bounder(self._best, RowSearch(self._best.problem), self._seconds)
        other._centre = self._centre
        for employee, pool in enumerate(self._pools):
            for row in list(pool.rows):
                other.know(employee, row)
        return other

    def know(self, employee: int, row: Row) -> None:
        """Note a row that an employee may have."""
        self._pools[employee].add(row)

    def improve_rows(self, master: Master, closed: Mapping[int, Floats], employees: Collection[int]) -> bool:
        """Add the cheapest rows of some employees at a master's present prices; tell if any is new.

        `closed` adds infinite cost to the cells that an employee may not work.
        """
        prices, rents = master.prices(), master.rents()
        gained = False
        for employee in employees:
            cells, weekends = master.cell_costs(employee, prices)
            below = rents[employee] - GAIN - self._base(master, employee, prices)
            rows, _ = self._search.cheapest(
                employee, cells + closed[employee], weekends, below, ROWS_AT_A_TIME
            )
            for row in rows:
                if not master.has(employee, row):
                    master.add(employee, row)
                    self._pools[employee].add(row)
                    gained = True
        return gained

    def _keep(self, wanted: Callable[[int, Row], bool]) -> None:
        """Build the master anew from the rows that are wanted."""
        rows = [(c.employee, c.row) for c in self.master.columns if wanted(c.employee, c.row)]
        self.master = Master(self._best.problem)
        for pool in self._pools:
            pool.empty()
        for employee, row in (*rows, *enumerate(self._best.roster)):
            self.add(employee, row)

    def _converge(self, centre: Floats | None, highest: float, until: float) -> tuple[Floats | None, float]:
        """Generate rows from some prices with their bound; return the prices of the best bound, and it.

        Ends when no row is left that the master gains by, or when only `until` seconds are left.
        """
        while not self._stopped and self._seconds() > until:
            objective = self.master.solve()
            prices, rents = self.master.prices(), self.master.rents()
            at = prices if centre is None else SMOOTHING * centre + (1 - SMOOTHING) * prices
            bound, gained = self._round(at, prices, rents)
            if not gained and centre is not None and not self._stopped:
                at = prices
                bound, gained = self._round(at, prices, rents)
            if bound > highest:
                highest, centre = bound, at
                self._best.raise_bound(highest - SAFETY)
            if not gained or objective - highest < GAIN * max(abs(objective), 1.0):
                break
        return centre, highest

    def _excess(self, at: Floats) -> list[Floats]:
        """Return by employee and cell how much more than the cheapest row those through the cell cost."""
        excess = []
        for employee in range(len(self._pools)):
            cells, weekends = self.master.cell_costs(employee, at)
            if self._stopped:
                return []
            known = self._pools[employee].cheapest(cells, weekends, 1)
            price = self._pools[employee].price(known[0], cells, weekends)
            _, least = self._search.cheapest(employee, cells, weekends, price - GAIN)
            excess.append(self._search.through(employee, cells, weekends) - least)
        return excess

    def _round(self, at: Floats, prices: Floats, rents: Mapping[int, float]) -> tuple[float, bool]:
        """Add each employee's cheapest rows at some prices; return the bound there, and if any row is new."""
        bound = self.master.shared_value(at)
        gained = False
        for employee in range(len(self._pools)):
            if self._stopped:
                return -inf, False
            least, new = self._price(self.master, employee, at, prices, rents)
            bound += least
            gained = gained or new
        return bound, gained

    def _price(
        self, master: Master, employee: int, at: Floats, prices: Floats, rents: Mapping[int, float]
    ) -> tuple[float, bool]:
        """Add an employee's cheapest rows at some prices, where the master gains by them."""
        cells, weekends = master.cell_costs(employee, at)
        pool = self._pools[employee]
        known = pool.cheapest(cells, weekends, 1)
        least = pool.price(known[0], cells, weekends) if known else inf
        rows, least = self._search.cheapest(employee, cells, weekends, least - GAIN, ROWS_AT_A_TIME)
        gained = False
        for row in (*rows, *known):
            if not master.has(employee, row) and self._gains(master, employee, row, prices, rents):
                master.add(employee, row)
                pool.add(row)
                gained = True
        return self._base(master, employee, at) + least, gained

    def _base(self, master: Master, employee: int, prices: Floats) -> float:
        """Return what a row costs beyond what the search for rows counts."""
        counted = counted_cost(master.problem, employee, self._nothing)
        return master.price_of(employee, self._nothing, prices) - counted

    def _gains(
        self, master: Master, employee: int, row: Row, prices: Floats, rents: Mapping[int, float]
    ) -> bool:
        return master.price_of(employee, row, prices) < rents[employee] - GAIN

    def add(self, employee: int, row: Row) -> None:
        """Let an employee have a row."""
        self.master.add(employee, row)
        self._pools[employee].add(row)


class _Pool:
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
