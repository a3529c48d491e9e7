"""The best roster and the proven bound, shared by all that search."""

from collections.abc import Collection
from math import ceil, inf, isfinite
from threading import Lock

import numpy as np

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.pairs import keeps_pairs
from samplan_rostering.solver.parts import PartResult
from samplan_rostering.solver.problem import Blocked, Problem, Roster, Row
from samplan_rostering.solver.row_graph import Floats

ROUNDING = 1e-6


class Best:
    """Keeps the cheapest roster offered and the highest bound; several threads may use it.

    `roster` and `objective` belong together: read both under `lock`, or either one alone.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.roster: Roster = ()
        self.objective: int | None = None
        self.bound: int | None = None
        self.lock = Lock()
        self._excess: list[Floats] | None = None
        self._excess_over = 0.0

    @property
    def proven(self) -> bool:
        """Whether no roster can be cheaper."""
        return self.objective is not None and self.bound is not None and self.bound >= self.objective

    @property
    def gap(self) -> float:
        """How much dearer than the bound the best roster may be, as a share of it."""
        if self.objective is None or self.bound is None:
            return inf
        return (self.objective - self.bound) / max(self.objective, 1)

    def price(self, roster: Roster) -> int:
        """Return the sum of all soft terms of a roster."""
        return sum(breakdown(self.problem, roster).values())

    def offer(self, roster: Roster) -> None:
        """Keep a roster that breaks no rule on two people if it is the cheapest so far."""
        if not keeps_pairs(self.problem, roster):
            return
        objective = self.price(roster)
        with self.lock:
            if self.objective is None or objective < self.objective:
                self.roster, self.objective = roster, objective

    def adopt(self, base: Roster, result: PartResult) -> None:
        """Keep new rows that were found for a roster, now or a moment ago the best, unless it costs more.

        Another thread may have changed other rows meanwhile: hard rules concern one row at a time, so
        the rows of both go together, unless one on two people is broken.
        """
        with self.lock:
            current = self.roster
            untouched = _same(base, current, result.rows)
            roster = result.placed_in(current if untouched else base)
            if untouched and not keeps_pairs(self.problem, roster):
                untouched, roster = False, result.placed_in(base)
            if not keeps_pairs(self.problem, roster):
                return
            objective = self.price(roster)
            if self.objective is None or objective <= self.objective - (not untouched):
                self.roster, self.objective = roster, objective

    def raise_bound(self, bound: float) -> None:
        """Note a proven bound; costs are whole numbers and never negative, so it may be rounded up."""
        if isfinite(bound):
            with self.lock:
                whole = max(ceil(bound - ROUNDING), 0)
                self.bound = whole if self.bound is None else max(whole, self.bound)

    def exclude(self, excess: list[Floats], bound: float) -> None:
        """Note by employee and cell by how much a roster that works the cell exceeds a bound."""
        self._excess, self._excess_over = excess, bound

    def closed_cells(self, employee: int, row: Row) -> Blocked:
        """Return the cells that no cheaper roster has; those of a row stay open."""
        if self._excess is None or self.objective is None:
            return Blocked(Rule.PIN, frozenset())
        dear = self._excess[employee][:, :-1] + self._excess_over > self.objective - 1
        closed = {(int(day), int(shift)) for day, shift in np.argwhere(dear)}
        return Blocked(Rule.PIN, frozenset(closed.difference(enumerate(row))))


def _same(one: Roster, other: Roster, employees: Collection[int]) -> bool:
    return all(one[employee] == other[employee] for employee in employees)
