"""A proven bound and good rows by column generation.

The master problem prices the cells, each employee's cheapest row at those prices joins it, and so
on until none is cheaper than what is there. At any prices the cheapest rows together with the
shared part give a lower bound (Lagrange). Prices are smoothed towards those of the best bound so
far (Wentges 1997, doi 10.1016/S0969-6016(97)00002-8), without which they swing for long.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Executor
from math import inf
from typing import TypeVar

from samplan_rostering.solver.best import Best
from samplan_rostering.solver.master import Master
from samplan_rostering.solver.objective import counted_cost
from samplan_rostering.solver.pool import Pool
from samplan_rostering.solver.problem import Row
from samplan_rostering.solver.row_graph import Floats
from samplan_rostering.solver.rows import RowSearch

SMOOTHING = 0.6
ROWS_AT_A_TIME = 2
GAIN = 1e-6
Result = TypeVar("Result")
SHARE = 0.4
"""Share of the time left after which the bound has to do for the time being."""
SEEDS = 40
"""Rows an employee has in a part's master to begin with."""
SAFETY = 1e-3
"""The linear solver is right to about 1e-6; costs are whole numbers, so this loses nothing."""


class Bounder:
    """Generates columns until the bound is reached; another thread may interrupt it."""

    def __init__(
        self, best: Best, search: RowSearch, seconds: Callable[[], float], pool: Executor | None = None
    ) -> None:
        self._best = best
        self._search = search
        self._seconds = seconds
        self._executor = pool
        self._stopped = False
        self._nothing: Row = (None,) * best.problem.days
        self._pools = [Pool(best.problem, employee) for employee in best.problem.whole.employees]
        self.master = Master(best.problem)
        self._centre: Floats | None = None
        self._highest = -inf
        self._converged = False
        self.searches = 0

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._stopped = True

    def alone(self) -> None:
        """Use no thread but one's own from now on."""
        self._executor = None

    def run(self) -> None:
        """Raise the bound until no cheaper row is left, or its share of the time is used; again: go on."""
        if not self.master.columns:
            for employee, row in enumerate(self._best.roster):
                self.add(employee, row)
        if not self._converged:
            self._converge(self._seconds() * (1 - SHARE))
            self._exclude()

    def _exclude(self) -> None:
        """Note what the prices of the best bound say about each cell."""
        excess = [] if self._centre is None else self._excess(self._centre)
        if excess:
            self._best.exclude(excess, self._highest - SAFETY)

    def part(self, kept: Mapping[int, Row], closed: Mapping[int, Floats]) -> Master:
        """Return a master for those whose rows are not kept, with the best rows they are known to have.

        `closed` adds infinite cost to the cells that an employee may not work.
        """
        master = Master(self._best.problem, kept)
        prices = self.master.no_prices() if self._centre is None else self._centre
        for employee, shut in closed.items():
            cells, weekends = self.master.cell_costs(employee, prices)
            for row in self._pools[employee].cheapest(cells + shut, weekends, SEEDS):
                if self._search.keeps_limits(employee, row):
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

    def improve_rows(
        self, master: Master, closed: Mapping[int, Floats], employees: Collection[int]
    ) -> list[int]:
        """Add the cheapest rows of some employees at a master's present prices; return who has new ones.

        `closed` adds infinite cost to the cells that an employee may not work.
        """
        prices, rents = master.prices(), master.rents()
        self.searches += len(employees)

        def search(employee: int) -> list[Row]:
            cells, weekends = master.cell_costs(employee, prices)
            below = rents[employee] - GAIN - self._base(master, employee, prices)
            return self._search.cheapest(employee, cells + closed[employee], weekends, below, ROWS_AT_A_TIME)[
                0
            ]

        gained = []
        for employee in employees:
            new = [row for row in search(employee) if not master.has(employee, row)]
            for row in new:
                master.add(employee, row)
                self._pools[employee].add(row)
            if new:
                gained.append(employee)
        return gained

    def _converge(self, until: float) -> None:
        """Generate rows from the prices of the best bound.

        Ends when no row is left that the master gains by, or when only `until` seconds are left.
        """
        self._converged = False
        while not self._stopped and self._seconds() > until:
            objective = self.master.solve()
            prices, rents = self.master.prices(), self.master.rents()
            at = prices if self._centre is None else SMOOTHING * self._centre + (1 - SMOOTHING) * prices
            bound, gained = self._round(at, prices, rents)
            if not gained and self._centre is not None and not self._stopped:
                at = prices
                bound, gained = self._round(at, prices, rents)
            if bound > self._highest:
                self._highest, self._centre = bound, at
                self._best.raise_bound(bound - SAFETY)
            if not gained or objective - self._highest < GAIN * max(abs(objective), 1.0):
                self._converged = not self._stopped
                break

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
        found = self._map(lambda employee: self._cheapest(employee, at), range(len(self._pools)))
        for employee, (rows, least) in enumerate(found):
            if self._stopped:
                return -inf, False
            for row in rows:
                if not self.master.has(employee, row) and self._gains(employee, row, prices, rents):
                    self.add(employee, row)
                    gained = True
            bound += self._base(self.master, employee, at) + least
        return bound, gained

    def _cheapest(self, employee: int, at: Floats) -> tuple[list[Row], float]:
        """Return an employee's cheapest rows at some prices, and a proven least cost of any."""
        if self._stopped:
            return [], -inf
        cells, weekends = self.master.cell_costs(employee, at)
        pool = self._pools[employee]
        known = pool.cheapest(cells, weekends, 1)
        least = pool.price(known[0], cells, weekends) if known else inf
        rows, least = self._search.cheapest(employee, cells, weekends, least - GAIN, ROWS_AT_A_TIME)
        return [*rows, *known], least

    def _map(self, task: Callable[[int], Result], employees: Collection[int]) -> Iterable[Result]:
        """Return what a task gives for each employee, in their order."""
        executor = self._executor
        return map(task, employees) if executor is None else executor.map(task, employees)

    def _base(self, master: Master, employee: int, prices: Floats) -> float:
        """Return what a row costs beyond what the search for rows counts."""
        counted = counted_cost(master.problem, employee, self._nothing)
        return master.price_of(employee, self._nothing, prices) - counted

    def _gains(self, employee: int, row: Row, prices: Floats, rents: Mapping[int, float]) -> bool:
        return self.master.price_of(employee, row, prices) < rents[employee] - GAIN

    def add(self, employee: int, row: Row) -> None:
        """Let an employee have a row."""
        self.master.add(employee, row)
        self._pools[employee].add(row)
