"""The linear master problem over known rows: which mix of each employee's rows costs least.

Its prices (duals) tell what a cell is worth to the whole. Each need is one constraint whose slacks
carry the piecewise linear cost of people missing and in excess.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

import numpy as np
from ortools.linear_solver import pywraplp

from samplan_rostering.solver.couplings import Coupling, couplings
from samplan_rostering.solver.objective import own_cost, worked_weekends
from samplan_rostering.solver.own_costs import limits_of_shifts
from samplan_rostering.solver.problem import Balance, Cell, CoverRow, Problem, Row
from samplan_rostering.solver.row_graph import Floats, Ints

_TINY = 1e-9
_KEEP_BASIS = "use_preprocessing:false use_scaling:false use_dual_simplex:false"
_AFTER_BAR = "use_preprocessing:false use_scaling:false use_dual_simplex:true"
"""Without preprocessing and scaling the solver goes on from its last basis when rows have been added."""


@dataclass(frozen=True, slots=True)
class _Slack:
    """A variable that belongs to no employee."""

    cost: float
    low: float
    high: float
    adds: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What an employee's count of some cells, else of shifts (None: weekends), adds to constraints."""

    shifts: frozenset[int] | None
    adds: tuple[tuple[int, float], ...]
    cells: frozenset[Cell] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A row that an employee may have; `cells` are its shifts by day as numbers, a free day the last."""

    employee: int
    row: Row
    cells: Ints
    variable: pywraplp.Variable


class Master:
    """Grows by rows; solved again from where it was.

    Those whose rows are `kept` stand as numbers in the constraints, which are numbered alike in every master.
    """

    def __init__(self, problem: Problem, kept: Mapping[int, Row] | None = None) -> None:
        self.problem = problem
        self._kept = kept or {}
        self._kept_cost = sum(own_cost(problem, employee, row) for employee, row in self._kept.items())
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(_KEEP_BASIS)
        self._solver.Objective().SetMinimization()
        self._constraints: list[pywraplp.Constraint] = []
        self._slacks: list[_Slack] = []
        self._choice = {
            employee: self._solver.Constraint(1.0, 1.0)
            for employee in range(len(problem.employees))
            if employee not in self._kept
        }
        self._counted: list[list[_Counted]] = [[] for _ in problem.employees]
        cells = self._add_needs()
        for coupling in couplings(problem):
            self._add_coupling(coupling, cells)
        self._cells = [_columns(own) for own in cells]
        for balance in problem.balances:
            self._add_balance(balance)
        self._add_limits()
        self._rows: set[tuple[int, Row]] = set()
        self.columns: list[Column] = []
        self._barred = False

    def add(self, employee: int, row: Row) -> None:
        """Let the employee have a row; one that is known already changes nothing."""
        if (employee, row) in self._rows:
            return
        self._rows.add((employee, row))
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._solver.Objective().SetCoefficient(variable, float(own_cost(self.problem, employee, row)))
        self._choice[employee].SetCoefficient(variable, 1.0)
        amounts: dict[int, float] = defaultdict(float)
        for constraint, amount in self._adds(employee, row):
            amounts[constraint] += amount
        for constraint, amount in amounts.items():
            self._constraints[constraint].SetCoefficient(variable, amount)
        cells = self._numbers(row)
        self.columns.append(Column(employee, row, cells, variable))

    def solve(self) -> float:
        """Solve; return the objective.

        Raises:
            ArithmeticError: the linear solver gave up.
        """
        self._solver.SetSolverSpecificParametersAsString(_AFTER_BAR if self._barred else _KEEP_BASIS)
        self._barred = False
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            # Going on from the last basis may fail where a fresh start does not.
            self._solver.SetSolverSpecificParametersAsString("use_preprocessing:true")
            status = self._solver.Solve()
            if status != pywraplp.Solver.OPTIMAL:
                raise ArithmeticError("the linear master problem could not be solved")
        return float(self._solver.Objective().Value()) + self._kept_cost

    def bar(self, allowed: Callable[[int, Ints], bool]) -> None:
        """Forget the columns that are not allowed any more, for good."""
        self._barred = True
        for column in self.columns:
            if not allowed(column.employee, column.cells):
                column.variable.SetUb(0.0)
        self.columns = [column for column in self.columns if allowed(column.employee, column.cells)]

    def prices(self) -> Floats:
        """Return the price of each constraint that rows share."""
        return np.array([constraint.dual_value() for constraint in self._constraints])

    def no_prices(self) -> Floats:
        """Return prices of nothing."""
        return np.zeros(len(self._constraints))

    def rents(self) -> dict[int, float]:
        """Return by employee what a row may cost at these prices to be worth choosing."""
        return {employee: constraint.dual_value() for employee, constraint in self._choice.items()}

    def has(self, employee: int, row: Row) -> bool:
        """Tell whether the employee may have a row."""
        return (employee, row) in self._rows

    def shared_value(self, prices: Floats) -> float:
        """Return what constraints and slacks contribute to the Lagrangian bound at some prices.

        Minus infinity where prices lie outside of what the slacks allow.
        """
        value = 0.0
        for price, item in zip(prices, self._constraints, strict=True):
            if abs(price) > _TINY:
                value += price * (item.lb() if price > 0 else item.ub())
        for slack in self._slacks:
            reduced = slack.cost - sum(prices[constraint] * amount for constraint, amount in slack.adds)
            if abs(reduced) > _TINY * max(slack.cost, 1.0):
                value += reduced * (slack.low if reduced > 0 else slack.high)
        return value

    def cell_costs(self, employee: int, prices: Floats) -> tuple[Floats, Floats]:
        """Return the cost of each cell (last column: a free day) and of each weekend worked, less prices."""
        problem = self.problem
        cells = np.zeros((problem.days, len(problem.shifts) + 1))
        weekends = np.zeros(len(problem.weekends))
        for request in problem.requests_of(employee):
            for day, shift in request.cells:
                cells[day, shift] += -request.weight if request.wanted else request.weight
        days, shifts, constraints, amounts = self._cells[employee]
        np.subtract.at(cells, (days, shifts), prices[constraints] * amounts)
        for counted in self._counted[employee]:
            price = sum(prices[constraint] * amount for constraint, amount in counted.adds)
            if counted.cells is not None:
                for day, shift in counted.cells:
                    cells[day, shift] -= price
            elif counted.shifts is None:
                weekends -= price
            else:
                cells[:, sorted(counted.shifts)] -= price
        return cells, weekends

    def price_of(self, employee: int, row: Row, prices: Floats) -> float:
        """Return the cost of a row at some prices."""
        added = sum(prices[constraint] * amount for constraint, amount in self._adds(employee, row))
        return float(own_cost(self.problem, employee, row) - added)

    def _constraint(self, low: float, high: float) -> int:
        self._constraints.append(self._solver.Constraint(low, high))
        return len(self._constraints) - 1

    def _slack(self, cost: float, low: float, high: float, *adds: tuple[int, float]) -> None:
        variable = self._solver.NumVar(low, high, "")
        self._solver.Objective().SetCoefficient(variable, cost)
        for constraint, amount in adds:
            self._constraints[constraint].SetCoefficient(variable, amount)
        self._slacks.append(_Slack(cost, low, high, adds))

    def _add_needs(self) -> list[list[tuple[int, int, int, int]]]:
        """Add the needs; return by employee the day, shift, constraint and amount of each cell's share."""
        own: list[list[tuple[int, int, int, int]]] = [[] for _ in self.problem.employees]
        for need in self.problem.cover:
            constraint = self._add_need(need)
            for employee in need.employees:
                own[employee].append((need.day, need.shift, constraint, 1))
        return own

    def _add_coupling(self, coupling: Coupling, cells: list[list[tuple[int, int, int, int]]]) -> None:
        """Add a sum over cells; those kept stand as numbers."""
        there = sum(
            amount
            for employee, day, shift, amount in coupling.cells
            if employee in self._kept and self._kept[employee][day] == shift
        )
        endless = self._solver.infinity()
        low = coupling.low - there if coupling.low > -inf else -endless
        constraint = self._constraint(low, coupling.high - there if coupling.high < inf else endless)
        for employee, day, shift, amount in coupling.cells:
            cells[employee].append((day, shift, constraint, amount))
        if coupling.low > -inf and coupling.under < inf:
            self._slack(coupling.under, 0.0, endless, (constraint, 1.0))
        if coupling.high < inf and coupling.over < inf:
            self._slack(coupling.over, 0.0, endless, (constraint, -1.0))

    def _add_need(self, need: CoverRow) -> int:
        """Add a need: the people present, made up to the level where neither side costs anything."""
        levels = sorted({step.level for step in need.steps})
        turn = max((step.level for step in need.steps if step.under), default=0)
        there = sum(self._kept[e][need.day] == need.shift for e in need.employees if e in self._kept)
        constraint = self._constraint(turn - there, turn - there)
        edges = sorted({0, turn, *(level for level in levels if level < turn)})
        for low, high in pairwise(edges):
            cost = sum(step.under for step in need.steps if step.level >= high)
            cost -= sum(step.over for step in need.steps if step.level <= low)
            self._slack(cost, 0.0, high - low, (constraint, 1.0))
        above: list[float] = [turn, *(level for level in levels if level > turn)]
        for start, end in zip(above, [*above[1:], inf], strict=True):
            cost = sum(step.over for step in need.steps if step.level <= start)
            self._slack(float(cost), 0.0, min(end - start, self._solver.infinity()), (constraint, -1.0))
        return constraint

    def _add_balance(self, balance: Balance) -> None:
        """Add the even shares: |count - share of total| is at most one, or each unit beyond costs."""
        whole = sum(balance.shares)
        cells = balance.cells or (None,) * len(balance.employees)
        counted = [_Counted(balance.shifts, (), own) for own in cells]
        fixed = list(balance.carried)
        for place, employee in enumerate(balance.employees):
            if employee in self._kept:
                fixed[place] += self._count(counted[place], employee, self._kept[employee])
        total = self._constraint(-sum(fixed), -sum(fixed))
        shares = []
        for place, (employee, share) in enumerate(zip(balance.employees, balance.shares, strict=True)):
            own = fixed[place]
            above, below = (self._constraint(-self._solver.infinity(), 1.0 + side) for side in (-own, own))
            self._slack(balance.weight, 0.0, self._solver.infinity(), (above, -1.0), (below, -1.0))
            adds = ((total, 1.0), (above, 1.0), (below, -1.0))
            self._counted[employee].append(replace(counted[place], adds=adds))
            shares += [(above, -share / whole), (below, share / whole)]
        before = sum(balance.carried)
        most = before + self.problem.days * len(balance.employees)
        self._slack(0.0, float(before), float(most), (total, -1.0), *shares)

    def _add_limits(self) -> None:
        """Add the limits of shifts of one kind that a row on its own may not keep."""
        for employee, rules in enumerate(self.problem.employees):
            for shift, limit in limits_of_shifts(self.problem, rules)[1]:
                constraint = self._constraint(-self._solver.infinity(), limit)
                self._counted[employee].append(_Counted(frozenset({shift}), ((constraint, 1.0),)))

    def _adds(self, employee: int, row: Row) -> Iterator[tuple[int, float]]:
        days, shifts, constraints, amounts = self._cells[employee]
        worked = self._numbers(row)[days] == shifts
        yield from zip(constraints[worked].tolist(), amounts[worked].tolist(), strict=True)
        for counted in self._counted[employee]:
            count = self._count(counted, employee, row)
            if count:
                yield from ((constraint, count * amount) for constraint, amount in counted.adds)

    def _numbers(self, row: Row) -> Ints:
        free = len(self.problem.shifts)
        return np.array([free if shift is None else shift for shift in row], dtype=np.int64)

    def _count(self, counted: _Counted, employee: int, row: Row) -> int:
        """Return how many of what is counted a row has."""
        shifts = counted.shifts
        if counted.cells is not None:
            return len(counted.cells.intersection(enumerate(row)))
        if shifts is None:
            return sum(index >= 0 for index in worked_weekends(self.problem, employee, row))
        return sum(shift in shifts for shift in row if shift is not None)


def _columns(items: list[tuple[int, int, int, int]]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return rows of four as four arrays."""
    days, shifts, constraints, amounts = np.array(items, dtype=np.int64).reshape(-1, 4).T
    return days, shifts, constraints, amounts
