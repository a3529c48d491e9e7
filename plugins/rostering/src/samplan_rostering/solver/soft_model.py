"""The costs and windows of `soft` in the CP-SAT model."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr, LinearExprT, LiteralT

from samplan_rostering.solver.own_costs import OwnCosts, Window
from samplan_rostering.solver.soft import (
    FREE,
    Cell,
    CombinationCost,
    PairCost,
    PairLimit,
    RunCost,
    WindowCost,
)
from samplan_rostering.solver.stretches import add_stretches

if TYPE_CHECKING:
    from samplan_rostering.solver.problem import EmployeeRules, Part, Problem

_Own = Mapping[Cell, LinearExprT]
_Costs = list[LinearExprT]


def add_soft(cp: CpModel, problem: "Problem", part: "Part", cells: Sequence[_Own], costs: _Costs) -> None:
    """Add the costs that a part can change; `cells` tells by employee what is worked."""
    for employee in sorted(part.employees):
        _Person(cp, problem, cells[employee], costs).add(problem.costs_of(employee))
    for pair in problem.pairs:
        if not part.employees.isdisjoint((pair.one, pair.other)):
            _add_pair(cp, pair, cells, costs)


def limit_windows(cp: CpModel, rules: "EmployeeRules", cells: _Own) -> None:
    """Add the hard rules on sums over windows of one employee."""
    for window in rules.window_limits:
        total = _total(window, cells)
        if window.low is not None and window.low > 0:
            cp.add(total >= window.low)
        if window.high is not None:
            cp.add(total <= window.high)


class _Person:
    """Adds the costs of one employee's row."""

    def __init__(self, cp: CpModel, problem: "Problem", cells: _Own, costs: _Costs) -> None:
        self._cp, self._problem, self._cells, self._costs = cp, problem, cells, costs
        self._days_with: dict[frozenset[int], list[IntVar]] = {}

    def add(self, own: OwnCosts) -> None:
        """Add all costs."""
        for combination in own.combinations:
            self._combination(combination)
        for run in self._without_stretches(own):
            self._run(run)
        for window in own.windows:
            self._window(window)
        weekends = [days for days in self._problem.weekends if len(days) > 1]
        for whole in own.whole_weekends:
            worked = self._with(None)
            for first, second in weekends:
                half = self._cp.new_bool_var("")
                self._cp.add(worked[first] + worked[second] == 1).only_enforce_if(half)
                self._cp.add(worked[first] == worked[second]).only_enforce_if(~half)
                self._costs.append(whole.weight * half)

    def _without_stretches(self, own: OwnCosts) -> list[RunCost]:
        """Add the costs of one kind of work and of days off; return the other runs."""
        every = frozenset(range(len(self._problem.shifts)))
        work = next((run for run in own.runs if run.shifts == every), None)
        off = next((run for run in own.runs if run.shifts is None), None)
        if work is None or off is None:
            return list(own.runs)
        add_stretches(self._cp, self._with(None), work, off, self._costs)
        return [run for run in own.runs if run is not work and run is not off]

    def _with(self, shifts: frozenset[int] | None) -> list[IntVar]:
        """Return by day whether one of the shifts (None: any) is worked."""
        every = frozenset(range(len(self._problem.shifts)))
        chosen = every if shifts is None else shifts
        if chosen not in self._days_with:
            days = []
            for day in range(self._problem.days):
                inside = self._cp.new_bool_var("")
                cells = [self._cells[day, s] for s in sorted(chosen) if (day, s) in self._cells]
                self._cp.add(LinearExpr.sum(cells) == inside)
                days.append(inside)
            self._days_with[chosen] = days
        return self._days_with[chosen]

    def _combination(self, cost: CombinationCost) -> None:
        if possible(cost.cells, self._cells):
            whole = self._cp.new_bool_var("")
            self._cp.add(LinearExpr.sum([kept(cost.cells, self._cells), -whole]) <= len(cost.cells) - 1)
            self._costs.append(cost.weight * whole)

    def _run(self, cost: RunCost) -> None:
        inside: list[LiteralT] = [*self._with(cost.shifts)]
        if cost.shifts is None:
            inside = [~worked for worked in self._with(None)]
        if cost.over:
            for literals in _too_long(cost, inside):
                self._charge(literals, cost.over)
        if cost.under:
            for literals, short in _too_short(cost, inside):
                self._charge(literals, cost.under * short)

    def _charge(self, literals: list[LiteralT], weight: int) -> None:
        """Charge a cost when all the literals are true."""
        if len(literals) == 1:
            self._costs.append(weight * literals[0])
            return
        charged = self._cp.new_bool_var("")
        self._cp.add_bool_or([charged, *(~literal for literal in literals)])
        self._costs.append(weight * charged)

    def _window(self, window: WindowCost) -> None:
        total = _total(window, self._cells)
        most = sum(max(row, default=0) for row in window.amounts)
        if window.low is not None and window.low > 0:
            missing = self._cp.new_int_var(0, window.low, "")
            self._cp.add(LinearExpr.sum([total, missing]) >= window.low)
            self._costs.append(window.weight * missing)
        if window.high is not None and window.high < most:
            excess = self._cp.new_int_var(0, most - window.high, "")
            self._cp.add(LinearExpr.sum([total, -excess]) <= window.high)
            self._costs.append(window.weight * excess)


def possible(combination: Iterable[Cell], cells: _Own) -> bool:
    """Tell whether every shift of a combination may be worked."""
    return all(cell[1] == FREE or cell in cells for cell in combination)


def kept(combination: Iterable[Cell], cells: _Own) -> LinearExprT:
    """Return how many cells of a combination are as it says; a free day is one without any other cell."""
    worked = [cells[cell] for cell in combination if cell[1] != FREE]
    free = {day for day, shift in combination if shift == FREE}
    others = [var for (day, _), var in cells.items() if day in free] if free else []
    return LinearExpr.sum(worked) - LinearExpr.sum(others) + len(free)


def _too_long(cost: RunCost, inside: list[LiteralT]) -> Iterator[list[LiteralT]]:
    """Yield by day beyond the limit the days that make it so."""
    for day in range(len(inside)):
        first = day - cost.high
        if first >= -cost.before:
            yield inside[max(first, 0) : day + 1]


def _too_short(cost: RunCost, inside: list[LiteralT]) -> Iterator[tuple[list[LiteralT], int]]:
    """Yield what makes a run too short, and by how much: the day before it, its days, the day after."""
    if 0 < cost.before < cost.low:
        yield [~inside[0]], cost.low - cost.before
    for last in range(len(inside) - 1):
        for first in range(max(last - cost.low + 2, 0), last + 1):
            length = last - first + 1 + (cost.before if first == 0 else 0)
            if length < cost.low:
                before = [~inside[first - 1]] if first else []
                yield [*before, *inside[first : last + 1], ~inside[last + 1]], cost.low - length


def _total(window: Window, cells: _Own) -> LinearExprT:
    worked = [
        (cells[day, shift], amount)
        for day, row in zip(window.days, window.amounts, strict=True)
        for shift, amount in enumerate(row)
        if amount and (day, shift) in cells
    ]
    return LinearExpr.weighted_sum([cell for cell, _ in worked], [amount for _, amount in worked])


def limit_pairs(cp: CpModel, problem: "Problem", part: "Part", cells: Sequence[_Own]) -> None:
    """Add the hard rules on two people of whom one or both are of the part."""
    for limit in problem.pair_limits:
        if not part.employees.isdisjoint((limit.one, limit.other)):
            for total, most in _meetings(limit, cells):
                cp.add(total <= most)


def _add_pair(cp: CpModel, pair: PairCost, cells: Sequence[_Own], costs: _Costs) -> None:
    for total, most in _meetings(pair, cells):
        missed = cp.new_bool_var("")
        cp.add(LinearExpr.sum([total, -missed]) <= most)
        costs.append(pair.weight * missed)


def _meetings(pair: PairCost | PairLimit, cells: Sequence[_Own]) -> Iterator[tuple[LinearExprT, int]]:
    """Yield of each meeting a sum over cells, and what it is at most where the two are as they should be."""
    one, other = cells[pair.one], cells[pair.other]
    sign, most = (-1, 0) if pair.together else (1, 1)
    for meeting in pair.meetings:
        here = [one[cell] for cell in sorted(meeting.cells) if cell in one]
        there = [other[cell] for cell in sorted(meeting.others) if cell in other]
        amounts = [1] * len(here) + [sign] * len(there)
        yield LinearExpr.weighted_sum([*here, *there], amounts), most
