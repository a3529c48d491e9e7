"""The soft terms: as expressions of the model, and priced for a given roster."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import gcd

from ortools.sat.python.cp_model import CpModel, LinearExpr, LinearExprT

from samplan_rostering.domain.rules import Term
from samplan_rostering.solver.own_costs import soft_windows
from samplan_rostering.solver.problem import Balance, Cell, Part, Problem, Roster, Row, WeekendCost
from samplan_rostering.solver.soft_model import add_soft
from samplan_rostering.solver.soft_price import pair_costs, path_costs, window_costs

_Cells = Sequence[Mapping[Cell, LinearExprT]]
_Weekends = Sequence[Sequence[LinearExprT]]
_Costs = list[LinearExprT]


def add_costs(cp: CpModel, problem: Problem, part: Part, cells: _Cells, weekends: _Weekends) -> None:
    """Minimise the soft terms that a part can change; what is kept stands as numbers in place of variables.

    `cells` and `weekends` tell by employee what is worked.
    """
    costs: _Costs = []
    _add_cover(cp, problem, part, cells, costs)
    _add_requests(problem, part, cells, costs)
    for cost in problem.weekend_costs:
        if cost.employee in part.employees:
            _add_weekends(cp, cost, weekends[cost.employee], costs)
    for balance in problem.balances:
        if not part.employees.isdisjoint(balance.employees):
            places = range(len(balance.employees))
            counts = [_count(problem, balance, place, cells, weekends) for place in places]
            _add_balance(cp, balance, counts, problem.days, costs)
    add_soft(cp, problem, part, cells, costs)
    if costs:
        cp.minimize(LinearExpr.sum(costs))


def breakdown(problem: Problem, roster: Roster) -> dict[Term, int]:
    """Price a roster: the cost of every soft term that the problem has."""
    costs: dict[Term, int] = defaultdict(int)
    staff: dict[Cell, set[int]] = defaultdict(set)
    for employee, row in enumerate(roster):
        for day, shift in enumerate(row):
            if shift is not None:
                staff[day, shift].add(employee)
    for need in problem.cover:
        present = len(need.employees & staff[need.day, need.shift])
        for step in need.steps:
            shortage = step.level - present
            costs[step.term] += step.under * max(shortage, 0) + step.over * max(-shortage, 0)
    for employee, row in enumerate(roster):
        for term, cost in _own_costs(problem, employee, row):
            costs[term] += cost
    for balance in problem.balances:
        counts = _worked_counts(problem, balance, roster)
        costs[balance.term] += balance.weight * sum(_excesses(balance.shares, counts))
    for term, cost in pair_costs(problem, roster):
        costs[term] += cost
    return dict(costs)


def own_cost(problem: Problem, employee: int, row: Row) -> int:
    """Price what an employee's row costs by itself, but for windows that are left to the master."""
    loose = window_costs(soft_windows(problem.costs_of(employee).loose), row)
    return sum(cost for _, cost in _own_costs(problem, employee, row)) - sum(cost for _, cost in loose)


def weekend_cost(problem: Problem, employee: int, row: Row) -> int:
    """Price the weekends of an employee's row."""
    return sum(cost for _, cost in _weekend_costs(problem, employee, row))


def counted_cost(problem: Problem, employee: int, row: Row) -> int:
    """Price what the search for rows counts from nothing: combinations, runs, and windows that it keeps."""
    exact = window_costs(problem.costs_of(employee).exact, row)
    return sum(cost for costs in (path_costs(problem, employee, row), exact) for _, cost in costs)


def worked_weekends(problem: Problem, employee: int, row: Row) -> set[int]:
    """Return the numbers of the weekends worked, -1 being the one before the period."""
    worked = {i for i, days in enumerate(problem.weekends) if any(row[day] is not None for day in days)}
    cost = problem.weekends_of.get(employee)
    return worked if cost is None else worked | cost.worked_before


def _own_costs(problem: Problem, employee: int, row: Row) -> Iterator[tuple[Term, int]]:
    for request in problem.requests_of(employee):
        worked = any(row[day] == shift for day, shift in request.cells)
        yield request.term, request.weight * (worked != request.wanted)
    yield from _weekend_costs(problem, employee, row)
    yield from path_costs(problem, employee, row)
    yield from window_costs(problem.costs_of(employee).windows, row)


def _weekend_costs(problem: Problem, employee: int, row: Row) -> Iterator[tuple[Term, int]]:
    cost = problem.weekends_of.get(employee)
    if cost is not None:
        weekends = worked_weekends(problem, employee, row)
        inside = sum(index >= 0 for index in weekends)
        adjacent = sum(index + 1 in weekends for index in weekends)
        yield Term.WEEKENDS_OVER, cost.over * max(inside - cost.free, 0)
        yield Term.WEEKENDS_ADJACENT, cost.adjacent * adjacent


def _add_cover(cp: CpModel, problem: Problem, part: Part, cells: _Cells, costs: _Costs) -> None:
    for need in problem.cover:
        if need.day not in part.days or part.employees.isdisjoint(need.employees):
            continue
        cell = (need.day, need.shift)
        worked = [cells[employee][cell] for employee in need.employees if cell in cells[employee]]
        present = LinearExpr.sum(worked)
        for step in need.steps:
            if step.under and step.level > 0:
                missing = cp.new_int_var(0, step.level, "")
                cp.add(present + missing >= step.level)
                costs.append(step.under * missing)
            if step.over and step.level < len(worked):
                excess = cp.new_int_var(0, len(worked) - step.level, "")
                cp.add(present - excess <= step.level)
                costs.append(step.over * excess)


def _add_requests(problem: Problem, part: Part, cells: _Cells, costs: _Costs) -> None:
    for request in problem.requests:
        if request.employee in part.employees:
            own = cells[request.employee]
            worked = LinearExpr.sum([own[cell] for cell in request.cells if cell in own])
            costs.append(request.weight * (1 - worked) if request.wanted else request.weight * worked)


def _add_weekends(cp: CpModel, cost: WeekendCost, weekends: Sequence[LinearExprT], costs: _Costs) -> None:
    worked = [1 if index in cost.worked_before else weekend for index, weekend in enumerate(weekends)]
    if cost.over and cost.free < len(worked):
        over = cp.new_int_var(0, len(worked) - cost.free, "")
        cp.add(LinearExpr.sum(worked) - over <= cost.free)
        costs.append(cost.over * over)
    if cost.adjacent:
        chain = [1 if -1 in cost.worked_before else 0, *worked]
        for one, two in pairwise(chain):
            both = cp.new_bool_var("")
            cp.add(LinearExpr.sum([one, two]) - both <= 1)
            costs.append(cost.adjacent * both)


def _count(problem: Problem, balance: Balance, place: int, cells: _Cells, weekends: _Weekends) -> LinearExprT:
    employee = balance.employees[place]
    if balance.cells:
        return LinearExpr.sum([var for cell, var in cells[employee].items() if cell in balance.cells[place]])
    if balance.shifts is None:
        before = {i for c in problem.weekend_costs if c.employee == employee for i in c.worked_before}
        return LinearExpr.sum([1 if i in before else w for i, w in enumerate(weekends[employee])])
    return LinearExpr.sum([var for (_, shift), var in cells[employee].items() if shift in balance.shifts])


def _add_balance(
    cp: CpModel, balance: Balance, counts: Sequence[LinearExprT], days: int, costs: _Costs
) -> None:
    """Charge each whole unit beyond one from the even share, without fractions.

    With count n, share w of W and group total N: excess * W >= |n * W - N * w| - W. Counts that are brought
    along are part of n and N.
    """
    shares = _reduced(balance.shares)
    whole = sum(shares)
    before, carried = sum(balance.carried), sum(map(abs, balance.carried))
    total = cp.new_int_var(before, before + days * len(counts), "")
    cp.add(total == LinearExpr.sum(list(counts)) + before)
    for share, count, own in zip(shares, counts, balance.carried, strict=True):
        excess = cp.new_int_var(0, days + carried, "")
        distance = [count + own, total, excess]
        cp.add(LinearExpr.weighted_sum(distance, [whole, -share, -whole]) <= whole)
        cp.add(LinearExpr.weighted_sum(distance, [-whole, share, -whole]) <= whole)
        costs.append(balance.weight * excess)


def _reduced(shares: Sequence[int]) -> list[int]:
    divisor = gcd(*shares)
    return [share // divisor for share in shares]


def _excesses(shares: Sequence[int], counts: Sequence[int]) -> list[int]:
    """Return the whole units beyond one from the even share, by employee."""
    whole, total = sum(shares), sum(counts)
    distances = [abs(count * whole - total * share) for share, count in zip(shares, counts, strict=True)]
    return [max(-(-distance // whole) - 1, 0) for distance in distances]


def _worked_counts(problem: Problem, balance: Balance, roster: Roster) -> list[int]:
    counted = _counts(problem, balance, roster)
    return [count + before for count, before in zip(counted, balance.carried, strict=True)]


def _counts(problem: Problem, balance: Balance, roster: Roster) -> list[int]:
    if balance.cells:
        counted = zip(balance.employees, balance.cells, strict=True)
        return [len(cells.intersection(enumerate(roster[e]))) for e, cells in counted]
    if balance.shifts is not None:
        return [sum(shift in balance.shifts for shift in roster[e]) for e in balance.employees]
    worked = (worked_weekends(problem, e, roster[e]) for e in balance.employees)
    return [sum(index >= 0 for index in weekends) for weekends in worked]
