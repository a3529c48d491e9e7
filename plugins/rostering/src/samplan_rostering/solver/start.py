"""A first roster, person by person: all hard rules concern one person, so the rows together keep them all.

Each row takes what costs least, given the rows before it; the whole is where the search begins.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from samplan_rostering.solver.parts import PartSolver
from samplan_rostering.solver.problem import Part, Problem, Roster, Row

ROW_WORK = 0.1
"""Work on one row of an ordinary ward; most take a tenth of it."""
HARD_ROW_WORK = 20.0
"""Work on a row that is not found so, its costs left out of account."""


class Starter:
    """Makes the first roster; another thread may interrupt it.

    Afterwards `roster` is None when the time did not suffice, and `impossible` names those who
    can have no row at all.
    """

    def __init__(self, problem: Problem, seed: int, seconds_left: Callable[[], float]) -> None:
        # Shares of nights and weekends mean nothing while most rows are empty.
        self._parts = PartSolver(replace(problem, balances=()))
        self._plain = PartSolver(replace(problem, cover=(), requests=(), weekend_costs=(), balances=()))
        self._seed = seed
        self._seconds_left = seconds_left
        self.roster: Roster | None = None
        self.impossible: list[int] = []

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._parts.interrupt()
        self._plain.interrupt()

    def run(self) -> None:
        """Find a row for each employee, those with the least choice first."""
        problem = self._parts.problem
        needs = Counter(employee for need in problem.cover for employee in need.employees)
        order = sorted(
            problem.whole.employees, key=lambda e: (-len(problem.employees[e].pinned), needs[e], e)
        )
        nothing: Row = (None,) * problem.days
        roster: Roster = (nothing,) * len(order)
        found = 0
        for place, employee in enumerate(order):
            row, infeasible = self._row(roster, employee, self._seconds_left() / (len(order) - place))
            if infeasible:
                self.impossible.append(employee)
            if row is not None:
                roster = (*roster[:employee], row, *roster[employee + 1 :])
                found += 1
        self.roster = roster if found == len(order) else None

    def _row(self, roster: Roster, employee: int, seconds: float) -> tuple[Row | None, bool]:
        """Return a row, and whether there is provably none."""
        part = Part(frozenset({employee}), range(self._parts.problem.days))
        result = self._parts.solve(roster, part, self._seed, ROW_WORK, seconds)
        if not result.rows and not result.infeasible:
            result = self._plain.solve(roster, part, self._seed, HARD_ROW_WORK, seconds)
        return result.rows.get(employee), result.infeasible
