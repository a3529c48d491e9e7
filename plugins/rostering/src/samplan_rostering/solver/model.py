"""The CP-SAT model of a rostering problem: cells worked, and work stretches over them.

A work stretch (block) is a maximal run of work days a..b. Each row is a path through the
days: either a day is spent free, or a block is taken and with it the days off that must
follow. The path replaces window sums for runs and days off. Where weekends are limited the
path also counts the weekends worked so far (a layer each), so that the linear relaxation of
runs, days off and weekends of a row is exact: without the layers the proof of a 28-day
instance takes up to a minute, with them about a second.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import gcd

from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr, LinearExprT

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.objective import add_costs
from samplan_rostering.solver.problem import Blocked, Cell, EmployeeRules, Part, Problem, Roster, Row
from samplan_rostering.solver.soft import FREE
from samplan_rostering.solver.soft_model import kept, limit_pairs, limit_windows, possible
from samplan_rostering.solver.stretches import add_touched, is_free

_MAX_LAYERS = 5
"""More layers than this (long horizons) cost more than the better bound gives."""


@dataclass(frozen=True, slots=True)
class Block:
    """A possible work stretch, from first to last day, as taken on one layer."""

    first: int
    last: int
    var: IntVar

    def touches(self, days: tuple[int, ...]) -> bool:
        """Tell whether some of the days belong to the block."""
        return any(self.first <= day <= self.last for day in days)


@dataclass(frozen=True, slots=True)
class RowVars:
    """Variables of one employee: one per cell that may be worked, and those of the path.

    Where no rule asks for a path, there are in its place those that tell whether one of some days is worked.
    """

    cells: dict[Cell, IntVar]
    blocks: tuple[Block, ...]
    touched: Mapping[tuple[int, ...], IntVar]


@dataclass(frozen=True, slots=True)
class Model:
    """The model, and the variables of the employees whose rows may change."""

    cp: CpModel
    rows: Mapping[int, RowVars]

    def read(self, worked: Callable[[IntVar], bool], days: int) -> dict[int, Row]:
        """Return the rows of a solution, given how to look up a variable."""
        shifts = {
            employee: {day: shift for (day, shift), var in row.cells.items() if worked(var)}
            for employee, row in self.rows.items()
        }
        return {e: tuple(given.get(day) for day in range(days)) for e, given in shifts.items()}


def build_model(
    problem: Problem,
    part: Part | None = None,
    roster: Roster = (),
    closed: Callable[[int, Row], Blocked] | None = None,
) -> Model:
    """Build the model of a problem, or of a part of it with the rest kept as in a roster.

    `closed` gives cells that need not be looked at for an employee who has a row.
    The size grows with employees x days x (shifts + longest run) of what may change.
    """
    cp = CpModel()
    part = part or problem.whole
    rows: dict[int, RowVars] = {}
    cells: list[Mapping[Cell, LinearExprT]] = []
    weekends: list[list[LinearExprT]] = []
    for employee, rules in enumerate(problem.employees):
        if employee in part.employees:
            if closed is not None and roster:
                shut = closed(employee, roster[employee])
                rules = replace(rules, blocked=(*rules.blocked, shut))  # noqa: PLW2901 - a narrower self
            if len(part.days) < problem.days:
                rules = held(problem, rules, roster[employee], part.days)  # noqa: PLW2901 - a narrower self
            rows[employee] = row = add_row(cp, problem, rules)
            cells.append(row.cells)
            weekends.append([worked_weekend(row, days) for days in problem.weekends])
        else:
            kept = roster[employee]
            cells.append({(day, shift): 1 for day, shift in enumerate(kept) if shift is not None})
            weekends.append([any(kept[day] is not None for day in days) for days in problem.weekends])
    limit_pairs(cp, problem, part, cells)
    add_costs(cp, problem, part, cells, weekends)
    return Model(cp, rows)


def held(problem: Problem, rules: EmployeeRules, row: Row, days: range) -> EmployeeRules:
    """Return the rules narrowed so that only some days of a row may change."""
    kept = [(day, shift) for day, shift in enumerate(row) if day not in days]
    closed = frozenset(
        (day, other) for day, shift in kept for other in range(len(problem.shifts)) if other != shift
    )
    pinned = {(day, shift) for day, shift in kept if shift is not None}
    return replace(
        rules,
        pinned=tuple(sorted(pinned.union(rules.pinned))),
        blocked=(*rules.blocked, Blocked(Rule.PIN, closed)),
    )


def worked_weekend(row: RowVars, days: tuple[int, ...]) -> LinearExprT:
    """Return 1 when some of the days (adjacent ones) is worked; two blocks never touch both."""
    if row.touched:
        return row.touched[days]
    return LinearExpr.sum([block.var for block in row.blocks if block.touches(days)])


def add_row(cp: CpModel, problem: Problem, rules: EmployeeRules) -> RowVars:
    """Add the variables and hard rules of one employee."""
    cells = _add_cells(cp, problem, rules)
    if is_free(problem, rules):
        row = RowVars(cells, (), add_touched(cp, problem, cells))
    else:
        row = RowVars(cells, _add_path(cp, problem, rules, {day for day, _ in cells}), {})
        _link(cp, problem, row)
    _limit_totals(cp, problem, rules, row)
    _forbid(cp, rules, row)
    _rest(cp, rules, cells)
    _limit_runs(cp, problem, rules, cells)
    limit_windows(cp, rules, cells)
    return row


def _add_cells(cp: CpModel, problem: Problem, rules: EmployeeRules) -> dict[Cell, IntVar]:
    """Create the cells that may be worked; a pinned cell leaves no other on its day."""
    closed = rules.blocked_cells()
    pinned = dict(rules.pinned)
    cells = {
        (day, shift): cp.new_bool_var("")
        for day in range(problem.days)
        for shift in range(len(problem.shifts))
        if (day, shift) not in closed and pinned.get(day, shift) == shift
    }
    for cell in rules.pinned:
        cp.add_bool_or([cells[cell]] if cell in cells else [])
    return cells


def _spans(days: int, open_days: set[int], rules: EmployeeRules) -> Iterator[tuple[int, int]]:
    """Yield first and last day of every possible block.

    A block at day 0 goes on from the run before the period; the minimum length is waived at
    both borders. A pinned day beside a block would have to belong to it.
    """
    pinned = {day for day, _ in rules.pinned}
    for first in range(days):
        if rules.run_before and 0 < first < rules.min_off:
            continue  # too soon after the run before the period
        limit = rules.max_run - (rules.run_before if first == 0 else 0)
        for last in range(first, min(first + limit, days)):
            if last not in open_days:
                break
            long_enough = last - first + 1 >= rules.min_run or first == 0 or last == days - 1
            if long_enough and first - 1 not in pinned and last + 1 not in pinned:
                yield first, last


def _add_path(cp: CpModel, problem: Problem, rules: EmployeeRules, open_days: set[int]) -> tuple[Block, ...]:
    """Add the path over (day, weekends worked): one unit flows from day 0 to the last day."""
    days = problem.days
    counted, limit = problem.counted_weekends(rules)
    layers = 1 if limit is None or not 0 <= limit < min(len(counted), _MAX_LAYERS) else limit + 1
    entering: dict[tuple[int, int], list[IntVar]] = defaultdict(list)
    leaving: dict[tuple[int, int], list[IntVar]] = defaultdict(list)
    blocks: list[Block] = []
    for layer in range(layers):
        for day in range(days):
            free = cp.new_bool_var("")
            leaving[day, layer].append(free)
            entering[day + 1, layer].append(free)
    for first, last in _spans(days, open_days, rules):
        weekends = sum(any(first <= day <= last for day in weekend) for weekend in counted)
        climb = weekends if layers > 1 else 0
        for layer in range(layers - climb):
            block = Block(first, last, cp.new_bool_var(""))
            leaving[first, layer].append(block.var)
            entering[min(last + 1 + rules.min_off, days), layer + climb].append(block.var)
            blocks.append(block)
    for day in range(days):
        for layer in range(layers):
            start = int((day, layer) == (0, 0))
            cp.add(LinearExpr.sum(leaving[day, layer]) == LinearExpr.sum(entering[day, layer]) + start)
    return tuple(blocks)


def _link(cp: CpModel, problem: Problem, row: RowVars) -> None:
    """Tie blocks to cells day by day."""
    on_day: dict[int, list[IntVar]] = defaultdict(list)
    for block in row.blocks:
        for day in range(block.first, block.last + 1):
            on_day[day].append(block.var)
    shifts = range(len(problem.shifts))
    for day in range(problem.days):
        worked = [row.cells[day, shift] for shift in shifts if (day, shift) in row.cells]
        cp.add_at_most_one(worked)
        cp.add(LinearExpr.sum(worked) == LinearExpr.sum(on_day[day]))


def _limit_totals(cp: CpModel, problem: Problem, rules: EmployeeRules, row: RowVars) -> None:
    minutes = [problem.minutes[day][shift] for day, shift in row.cells]
    unit = gcd(*minutes) or 1
    cp.add_linear_constraint(
        LinearExpr.weighted_sum(list(row.cells.values()), [m // unit for m in minutes]),
        -(-rules.min_minutes // unit),
        rules.max_minutes // unit,
    )
    for shift, limit in enumerate(rules.max_per_shift):
        worked = [var for (_, s), var in row.cells.items() if s == shift]
        if limit is not None and limit < len(worked):
            cp.add(LinearExpr.sum(worked) <= limit)
    counted, limit = problem.counted_weekends(rules)
    if limit is not None:
        # Implied by the layers, where there are such.
        worked_weekends = [worked_weekend(row, days) for days in counted]
        cp.add(LinearExpr.sum(worked_weekends) <= limit)


def _forbid(cp: CpModel, rules: EmployeeRules, row: RowVars) -> None:
    """Exclude combinations of cells.

    Pairs are gathered into bicliques: cells A of one day, none of which may be followed by
    any of B. On consecutive days A + B is at most the number of blocks that touch either
    day, which is stronger than 1 and cuts off most fractional rosters.
    """
    followers: dict[tuple[Cell, int], set[Cell]] = defaultdict(set)
    for forbidden in rules.forbidden:
        if not possible(forbidden.cells, row.cells):
            continue
        if any(shift == FREE for _, shift in forbidden.cells):
            cp.add(kept(forbidden.cells, row.cells) <= len(forbidden.cells) - 1)
        elif len(forbidden.cells) == 2:
            first, second = forbidden.cells
            followers[first, second[0]].add(second)
        else:
            cp.add_bool_or([row.cells[cell].negated() for cell in forbidden.cells])
    bicliques = {
        (day, later, frozenset(after)): [
            cell
            for (cell, other), them in followers.items()
            if (cell[0], other) == (day, later) and them >= after
        ]
        for ((day, _), later), after in followers.items()
    }
    for (day, later, after), before in bicliques.items():
        worked = LinearExpr.sum([row.cells[cell] for cell in (*before, *sorted(after))])
        cp.add(worked <= (worked_weekend(row, (day, later)) if later == day + 1 else 1))


def _rest(cp: CpModel, rules: EmployeeRules, cells: dict[Cell, IntVar]) -> None:
    """Choose a rest in each window, and keep it: no combination that ends it is worked whole."""
    for window in rules.rest_windows:
        chosen = [cp.new_bool_var("") for _ in window.options]
        cp.add_bool_or(chosen)
        for rest, option in zip(chosen, window.options, strict=True):
            ends: dict[tuple[tuple[Cell, ...], int], list[IntVar]] = defaultdict(list)
            for combination in option:
                if all(cell in cells for cell in combination):
                    last = combination[-1]
                    ends[combination[:-1], last[0]].append(cells[last])
            for (others, _), variables in ends.items():
                # The last cells are of one day, so at most one of them is worked.
                parts = [rest, *variables, *(cells[cell] for cell in others)]
                cp.add(LinearExpr.sum(parts) <= 1 + len(others))


def _limit_runs(cp: CpModel, problem: Problem, rules: EmployeeRules, cells: dict[Cell, IntVar]) -> None:
    """Limit runs of days with certain shifts, going on from the days before the period."""
    for run in rules.run_limits:
        for first in range(-min(run.before, run.limit), problem.days - run.limit):
            window = range(max(first, 0), first + run.limit + 1)
            worked = [cells[day, shift] for day in window for shift in run.shifts if (day, shift) in cells]
            cp.add(LinearExpr.sum(worked) <= run.limit - max(-first, 0))
