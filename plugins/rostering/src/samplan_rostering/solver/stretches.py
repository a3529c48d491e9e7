"""The costs of days of work and days off in a row, as one path through the period in the CP-SAT model.

A row is work and days off by turns. The path takes one stretch after the other, of every length up to what
costs nothing, and day by day beyond. Its linear relaxation is exact, which that of clauses is far from.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr, LinearExprT

from samplan_rostering.solver.soft import Cell, RunCost

if TYPE_CHECKING:
    from samplan_rostering.solver.problem import EmployeeRules, Problem

_Node = tuple[bool, int, bool]
"""Kind (work or off), first day, and whether the stretch has gone on for long before."""
_START, _END = (False, -1, False), (True, -1, False)


def add_stretches(
    cp: CpModel, worked: Sequence[IntVar], work: RunCost, off: RunCost, costs: list[LinearExprT]
) -> None:
    """Charge both costs, given by day whether it is worked."""
    path = _Path(cp, len(worked), {True: work, False: off}, costs)
    path.add()
    for day, works in enumerate(worked):
        cp.add(LinearExpr.sum(path.working[day]) == works)


def is_free(problem: "Problem", rules: "EmployeeRules") -> bool:
    """Tell whether stretches of any length and days off may follow one another as they like."""
    endless = rules.max_run >= problem.days + rules.run_before
    return endless and rules.min_run <= 1 and rules.min_off <= 1 and rules.max_weekends is None


def add_touched(cp: CpModel, problem: "Problem", cells: dict[Cell, IntVar]) -> dict[tuple[int, ...], IntVar]:
    """Add whether one of some days is worked: each day, two on end, and weekends."""
    touched: dict[tuple[int, ...], IntVar] = {}
    for day in range(problem.days):
        touched[day,] = works = cp.new_bool_var("")
        worked = [cells[day, s] for s in range(len(problem.shifts)) if (day, s) in cells]
        cp.add_at_most_one(worked)
        cp.add(LinearExpr.sum(worked) == works)
    for days in (*pairwise(range(problem.days)), *problem.weekends):
        if days not in touched:
            touched[days] = either = cp.new_bool_var("")
            cp.add_max_equality(either, [touched[day,] for day in days])
            cp.add(LinearExpr.sum([touched[day,] for day in days]) >= either)
    return touched


class _Path:
    """One unit flows from the start to the end."""

    def __init__(self, cp: CpModel, days: int, runs: dict[bool, RunCost], costs: list[LinearExprT]) -> None:
        self._cp, self._days, self._runs, self._costs = cp, days, runs, costs
        self._leaving: dict[_Node, list[IntVar]] = defaultdict(list)
        self._entering: dict[_Node, list[IntVar]] = defaultdict(list)
        self.working: dict[int, list[IntVar]] = defaultdict(list)

    def add(self) -> None:
        """Add all stretches."""
        for work in (True, False):
            other = self._runs[not work]
            ended = other.under * max(other.low - other.before, 0) if other.before else 0
            self._stretches(_START, 0, self._runs[work].before, ended, work=work)
            for day in range(1, self._days):
                self._stretches((work, day, False), day, 0, 0, work=work)
                self._arc((work, day, True), day, day + 1, self._runs[work].over, work=work, more=False)
                self._arc((work, day, True), day, day + 1, self._runs[work].over, work=work, more=True)
        for node in {*self._leaving, *self._entering} - {_START, _END}:
            self._cp.add(LinearExpr.sum(self._leaving[node]) == LinearExpr.sum(self._entering[node]))
        self._cp.add_exactly_one(self._leaving[_START])

    def _stretches(self, node: _Node, first: int, before: int, ended: int, *, work: bool) -> None:
        """Add the stretches from a node: up to what costs nothing, and that which goes on."""
        run = self._runs[work]
        most = max(run.high - before, 1)
        for last in range(first + 1, min(first + most, self._days) + 1):
            length = before + last - first
            over = run.over * (max(length - run.high, 0) - max(before - run.high, 0))
            under = run.under * max(run.low - length, 0) if last < self._days else 0
            self._arc(node, first, last, ended + over + under, work=work, more=False)
            if last == first + most:
                self._arc(node, first, last, ended + over, work=work, more=True)

    def _arc(self, node: _Node, first: int, last: int, cost: int, *, work: bool, more: bool) -> None:
        """Add days of one kind up to before `last`, after which the other kind or more of it follows."""
        if more and last >= self._days:
            return
        after = (work if more else not work, last, more) if last < self._days else _END
        arc = self._cp.new_bool_var("")
        self._leaving[node].append(arc)
        self._entering[after].append(arc)
        if cost:
            self._costs.append(cost * arc)
        if work:
            for day in range(first, last):
                self.working[day].append(arc)
