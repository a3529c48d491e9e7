"""Refuses problems that name what does not exist, or whose figures are too large to be exact."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from samplan_rostering.solver.check_rules import check_rules
from samplan_rostering.solver.soft import (
    FREE,
    Cell,
    CombinationCost,
    PairCost,
    PairLimit,
    RunCost,
    WindowCost,
    WindowLimit,
)

if TYPE_CHECKING:
    from samplan_rostering.solver.problem import Balance, Problem

MOST_COST = 1 << 53
"""Whole numbers above are not all exact in doubles, in which linear solvers count; CP-SAT's end at 2^63."""


def check(problem: "Problem") -> None:
    """Raise ValueError that says what is wrong with a problem."""
    shifts = len(problem.shifts)
    if len(problem.minutes) != problem.days or any(len(row) != shifts for row in problem.minutes):
        raise ValueError("minutes must have one row per day and one column per shift")
    if any(amount < 0 for row in problem.minutes for amount in row):
        raise ValueError("minutes must not be negative")
    check_rules(problem)
    _check_shared(problem)
    _check_own(problem)
    for pair in problem.pairs:
        _check_weights("a pair", pair.weight)
        _check_pair(problem, pair)
    for limit in problem.pair_limits:
        _check_pair(problem, limit)
    most = sum(_most_costs(problem))
    if most >= MOST_COST:
        raise ValueError(
            f"weights are too large: a roster could cost {most}, at most {MOST_COST - 1} is exact"
        )


def _check_shared(problem: "Problem") -> None:
    people = range(len(problem.employees))
    for need in problem.cover:
        _check_cells(problem, "cover", [(need.day, need.shift)])
        _check_people(problem, "cover", need.employees)
        _check_weights("cover", *(part for step in need.steps for part in (step.under, step.over)))
        if any(step.level < 0 for step in need.steps):
            raise ValueError("cover needs a negative number of people")
    for request in problem.requests:
        _check_people(problem, "a request", [request.employee])
        _check_cells(problem, "a request", request.cells)
        _check_weights("a request", request.weight)
    for cost in problem.weekend_costs:
        _check_people(problem, "a cost of weekends", [cost.employee])
        _check_weights("a cost of weekends", cost.over, cost.adjacent)
    for balance in problem.balances:
        _check_balance(problem, balance)
    if len({cost.employee for cost in problem.weekend_costs}) < len(problem.weekend_costs):
        raise ValueError("an employee has more than one cost of weekends")
    for employee in people:
        for window in problem.employees[employee].window_limits:
            _check_window(problem, window)


def _check_balance(problem: "Problem", balance: "Balance") -> None:
    _check_people(problem, "a balance", balance.employees)
    _check_weights("a balance", balance.weight, *balance.shares)
    if len(balance.shares) != len(balance.employees) or sum(balance.shares) <= 0:
        raise ValueError("a balance needs a share for each employee, some above 0")
    if not {len(balance.cells), len(balance.before)} <= {0, len(balance.employees)}:
        raise ValueError("a balance needs cells and counts for each employee, or for none")
    for cells in balance.cells:
        _check_cells(problem, "a balance", cells)


def _check_own(problem: "Problem") -> None:
    for combination in problem.combination_costs:
        _check_people(problem, "a combination", [combination.employee])
        _check_cells(problem, "a combination", (cell for cell in combination.cells if cell[1] != FREE))
        _check_weights("a combination", combination.weight)
        _check_days_differ(combination)
    for run in problem.run_costs:
        _check_people(problem, "a run", [run.employee])
        _check_run(problem, run)
    for window in problem.window_costs:
        _check_people(problem, "a window", [window.employee])
        _check_weights("a window", window.weight)
        _check_window(problem, window)
    for whole in problem.whole_weekends:
        _check_people(problem, "a whole weekend", [whole.employee])
        _check_weights("a whole weekend", whole.weight)


def _check_people(problem: "Problem", what: str, employees: Iterable[int]) -> None:
    unknown = [employee for employee in employees if not 0 <= employee < len(problem.employees)]
    if unknown:
        raise ValueError(f"{what} names the employee {unknown[0]}, who does not exist")


def _check_cells(problem: "Problem", what: str, cells: Iterable[Cell]) -> None:
    for day, shift in cells:
        if not 0 <= day < problem.days or not 0 <= shift < len(problem.shifts):
            raise ValueError(f"{what} names a day or shift that does not exist: day {day}, shift {shift}")


def _check_weights(what: str, *weights: int) -> None:
    if any(weight < 0 for weight in weights):
        raise ValueError(f"{what} has a negative weight: {min(weights)}")


def _check_days_differ(combination: CombinationCost) -> None:
    if not combination.cells:
        raise ValueError("a combination has no cells")
    if len({day for day, _ in combination.cells}) < len(combination.cells):
        raise ValueError("a combination names two cells of one day")


def _check_run(problem: "Problem", run: RunCost) -> None:
    _check_weights("a run", run.under, run.over)
    if any(not 0 <= shift < len(problem.shifts) for shift in run.shifts or ()):
        raise ValueError("a run names a shift that does not exist")
    if not 0 <= run.low <= run.high or run.before < 0:
        raise ValueError(f"a run must have 0 <= low <= high and no negative past: {run.low}, {run.high}")


def _check_window(problem: "Problem", window: WindowLimit | WindowCost) -> None:
    days = window.days
    if days.step != 1 or not 0 <= days.start < days.stop <= problem.days:
        raise ValueError(f"a window must have days from 0 to {problem.days - 1}: {days}")
    shifts = len(problem.shifts)
    if len(window.amounts) != len(days) or any(len(row) != shifts for row in window.amounts):
        raise ValueError("the amounts of a window must have one row per day and one column per shift")
    if any(amount < 0 for row in window.amounts for amount in row):
        raise ValueError("the amounts of a window must not be negative")
    if window.low is not None and window.high is not None and window.low > window.high:
        raise ValueError(f"a window has its low above its high: {window.low}, {window.high}")


def _check_pair(problem: "Problem", pair: PairCost | PairLimit) -> None:
    _check_people(problem, "a pair", [pair.one, pair.other])
    if pair.one == pair.other:
        raise ValueError(f"a pair names the employee {pair.one} twice")
    for meeting in pair.meetings:
        for cells in (meeting.cells, meeting.others):
            _check_cells(problem, "a pair", cells)
            if len({day for day, _ in cells}) > 1:
                raise ValueError("the cells of a meeting must be of one day")


def _most_costs(problem: "Problem") -> Iterator[int]:
    """Yield what each soft cost comes to at most."""
    days, weekends = problem.days, len(problem.weekends)
    for need in problem.cover:
        staff = len(need.employees)
        yield sum(step.under * step.level + step.over * staff for step in need.steps)
    yield sum(request.weight for request in problem.requests)
    yield sum((abs(c.free) + weekends + 1) * (c.over + c.adjacent) for c in problem.weekend_costs)
    for balance in problem.balances:
        # The model multiplies counts by the whole of the shares.
        counts = days * len(balance.employees) + sum(map(abs, balance.before))
        yield max(balance.weight, sum(balance.shares)) * counts
    yield sum(combination.weight for combination in problem.combination_costs)
    yield sum((run.under * run.low + run.over) * (days + 1) for run in problem.run_costs)
    for window in problem.window_costs:
        most = sum(max(row, default=0) for row in window.amounts)
        yield window.weight * (most + abs(window.low or 0) + abs(window.high or 0))
    yield sum(whole.weight * weekends for whole in problem.whole_weekends)
    yield sum(pair.weight * len(pair.meetings) for pair in problem.pairs)
    yield sum(max(row, default=0) for row in problem.minutes)
