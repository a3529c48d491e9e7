"""What is decided already while a roster is made out of a fractional one.

Cells are decided, not rows: a fractional roster mixes rows of an employee that agree on most days, so that
deciding a day costs little where deciding a row would cost much.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from math import inf

import numpy as np

from samplan_rostering.solver.master import Column
from samplan_rostering.solver.problem import Part, Problem, Roster, Row
from samplan_rostering.solver.row_graph import Floats, Ints

OPEN = -1
SURE = 0.95
"""Cells with at least this share in the fractional roster are decided at once."""
SHARES = 0.03, 0.08
"""Range of the share of the open cells that is decided in one step beside those that are sure."""
PRESENT = 1e-7
CERTAIN = 1 - 1e-4


@dataclass(frozen=True, slots=True)
class _Mixed:
    """The columns that make up an employee's fractional row, and their shares."""

    columns: list[Column]
    shares: list[float]


class Decisions:
    """Decided cells of the employees of a part; the number after the last shift is a free day."""

    def __init__(self, problem: Problem, part: Part, roster: Roster) -> None:
        self._free = len(problem.shifts)
        self._days = np.arange(problem.days)
        self.employees = sorted(part.employees)
        self._cells = {e: np.full(problem.days, OPEN, dtype=np.int64) for e in self.employees}
        self.closed = {e: np.zeros((problem.days, self._free + 1)) for e in self.employees}
        for employee in self.employees:
            for day, cell in enumerate(self._numbers(roster[employee])):
                if day not in part.days:
                    self._decide(employee, day, int(cell))

    def allow(self, employee: int, cells: Ints) -> bool:
        """Tell whether a row, by day the number of its shift, is in line with what is decided."""
        decided = self._cells[employee]
        return bool(((decided == OPEN) | (decided == cells)).all())

    @property
    def open(self) -> list[int]:
        """Those of whom not everything is decided."""
        return [employee for employee in self.employees if (self._cells[employee] == OPEN).any()]

    def rows(self) -> dict[int, Row]:
        """Return the rows once everything is decided."""
        return {
            employee: tuple(None if cell == self._free else int(cell) for cell in cells)
            for employee, cells in self._cells.items()
        }

    @property
    def days_open(self) -> int:
        """How many days of all employees are not decided."""
        return sum(int((cells == OPEN).sum()) for cells in self._cells.values())

    def decide(
        self, columns: Iterable[Column], keeps: Callable[[int, Row], bool], share_of_rest: float
    ) -> None:
        """Decide what is nearly certain in a solved master, and a share of the rest.

        Every employee keeps a column that is in line with all that is decided.
        """
        mixed = self._mixed(columns, keeps)
        likely = sorted(
            (
                (share, employee, int(day), int(cell))
                for employee in self.open
                for day, cell, share in self._likely(employee, mixed[employee])
            ),
            reverse=True,
        )
        left = max(1, int(share_of_rest * len(likely)))
        for share, employee, day, cell in likely:
            if share < SURE and left <= 0:
                break
            own = mixed[employee].columns
            agreeing = [column for column in own if column.cells[day] == cell]
            if agreeing:
                own[:] = agreeing
                self._decide(employee, day, cell)
                left -= share < CERTAIN

    def _mixed(self, columns: Iterable[Column], keeps: Callable[[int, Row], bool]) -> dict[int, _Mixed]:
        """Return what each row is mixed of; where no part keeps the limits, all that would do."""
        mixed: dict[int, _Mixed] = defaultdict(lambda: _Mixed([], []))
        absent: list[Column] = []
        for column in columns:
            share = column.variable.solution_value()
            if share <= PRESENT:
                absent.append(column)
            elif keeps(column.employee, column.row):
                mixed[column.employee].columns.append(column)
                mixed[column.employee].shares.append(share)
        without = {employee for employee in self.open if not mixed[employee].columns}
        for column in absent:
            if column.employee in without and keeps(column.employee, column.row):
                mixed[column.employee].columns.append(column)
                mixed[column.employee].shares.append(PRESENT)
        return mixed

    def _likely(self, employee: int, mixed: _Mixed) -> Iterable[tuple[int, int, float]]:
        """Yield the open days, with the likeliest cell of each and its share."""
        shares: Floats = np.zeros((len(self._days), self._free + 1))
        for column, share in zip(mixed.columns, mixed.shares, strict=True):
            shares[self._days, column.cells] += share
        for day in np.flatnonzero(self._cells[employee] == OPEN):
            cell = shares[day].argmax()
            yield int(day), int(cell), float(shares[day, cell])

    def _decide(self, employee: int, day: int, cell: int) -> None:
        self._cells[employee][day] = cell
        self.closed[employee][day] = inf
        self.closed[employee][day, cell] = 0.0

    def _numbers(self, row: Row) -> Collection[int]:
        return [self._free if shift is None else shift for shift in row]
