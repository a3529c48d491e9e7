"""A first roster, person by person: all hard rules concern one person, so the rows together keep them all.

Each row takes what helps the coverage most, given the rows before it; the whole is where the search begins.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL, CpModel, CpSolver, LinearExpr

from samplan_rostering.solver.model import Row, add_row
from samplan_rostering.solver.problem import Cell, CoverRow, Problem

RowCells = tuple[int | None, ...]
ROW_SECONDS = 2.0
"""What one row may take; most take a few hundredths."""


@dataclass(frozen=True, slots=True)
class Start:
    """Rows by employee, None where none was found in time, and who can have none at all."""

    rows: tuple[RowCells | None, ...]
    impossible: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Whether every employee has a row."""
        return all(row is not None for row in self.rows)


def first_roster(problem: Problem, seed: int, stopped: Callable[[], bool]) -> Start:
    """Return a row for each employee, those with the least choice first; ends early when `stopped`."""
    rows: dict[int, RowCells | None] = {}
    impossible: list[int] = []
    present: Counter[tuple[int, int, int]] = Counter()
    needs = _needs_of(problem)
    order = sorted(
        range(len(problem.employees)), key=lambda e: (-len(problem.employees[e].pinned), len(needs[e]))
    )
    for employee in order:
        if stopped():
            break
        status, row = _solve_row(problem, employee, _gains(problem, employee, needs[employee], present), seed)
        rows[employee] = row
        if status == INFEASIBLE:
            impossible.append(employee)
        if row is not None:
            for index, need in needs[employee]:
                present[(index, need.day, need.shift)] += row[need.day] == need.shift
    return Start(tuple(rows.get(e) for e in range(len(problem.employees))), tuple(sorted(impossible)))


def read_row(solver: CpSolver, row: Row, days: int) -> RowCells:
    """Return the shift of each day as the solver has it."""
    shifts = {day: shift for (day, shift), var in row.cells.items() if solver.boolean_value(var)}
    return tuple(shifts.get(day) for day in range(days))


def _needs_of(problem: Problem) -> list[list[tuple[int, CoverRow]]]:
    """Return, by employee, the needs that the employee can count for, with their numbers."""
    needs: list[list[tuple[int, CoverRow]]] = [[] for _ in problem.employees]
    for index, need in enumerate(problem.cover):
        for employee in need.employees:
            needs[employee].append((index, need))
    return needs


def _gains(
    problem: Problem, employee: int, needs: list[tuple[int, CoverRow]], present: Counter[tuple[int, int, int]]
) -> dict[Cell, int]:
    """Return what working each cell saves, given who is there already; negative where it costs."""
    gains: dict[Cell, int] = defaultdict(int)
    for index, need in needs:
        there = present[(index, need.day, need.shift)]
        for step in need.steps:
            gains[need.day, need.shift] += step.under if there < step.level else -step.over
    for request in problem.requests:
        if request.employee == employee:
            for cell in request.cells:
                gains[cell] += request.weight if request.wanted else -request.weight
    return gains


def _solve_row(
    problem: Problem, employee: int, gains: dict[Cell, int], seed: int
) -> tuple[object, RowCells | None]:
    cp = CpModel()
    row = add_row(cp, problem, problem.employees[employee])
    weekends = {day for days in problem.weekends for day in days}
    cp.maximize(LinearExpr.sum([_worth(cell, gains, weekends) * var for cell, var in row.cells.items()]))
    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = ROW_SECONDS
    solver.parameters.relative_gap_limit = 0.02
    status = solver.solve(cp)
    found = status in (OPTIMAL, FEASIBLE)
    return status, read_row(solver, row, problem.days) if found else None


def _worth(cell: Cell, gains: dict[Cell, int], weekends: set[int]) -> int:
    """Return what a cell is worth: what it saves, and a little less on weekends, which are to be spread."""
    return 2 * gains.get(cell, 0) - (cell[0] in weekends)
