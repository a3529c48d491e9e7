"""Hard rules about two people, the only ones of a ward that rows do not keep or break by themselves."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from samplan_rostering.solver.row_graph import Floats
from samplan_rostering.solver.soft import Cell, Meeting, PairLimit
from samplan_rostering.solver.soft_price import missed, works

if TYPE_CHECKING:
    from samplan_rostering.solver.problem import Problem, Roster, Row


def broken_pairs(problem: "Problem", roster: "Roster") -> Iterator[tuple[PairLimit, Meeting]]:
    """Yield where two people are not as they must be."""
    for limit in problem.pair_limits:
        for meeting in missed(limit, roster[limit.one], roster[limit.other]):
            yield limit, meeting


def keeps_pairs(problem: "Problem", roster: "Roster") -> bool:
    """Tell whether all are as they must be."""
    return next(broken_pairs(problem, roster), None) is None


def linked(problem: "Problem", employee: int) -> frozenset[int]:
    """Return an employee with all whose rows depend on the employee's, directly or through others."""
    group, size = {employee}, 0
    while len(group) > size:
        size = len(group)
        for limit in problem.pair_limits:
            if not group.isdisjoint((limit.one, limit.other)):
                group |= {limit.one, limit.other}
    return frozenset(group)


def shut_cells(problem: "Problem", employee: int, rows: Mapping[int, "Row"]) -> Floats:
    """Return infinite cost for what an employee may not work (last column: be free) beside some rows."""
    shut = np.zeros((problem.days, len(problem.shifts) + 1))
    for limit in problem.pair_limits:
        for meeting in limit.meetings:
            if employee == limit.one and limit.other in rows:
                if works(rows[limit.other], meeting.others) != limit.together:
                    _close(shut, meeting.cells)
            elif employee == limit.other and limit.one in rows and works(rows[limit.one], meeting.cells):
                if limit.together:
                    _close_all_but(shut, meeting)
                else:
                    _close(shut, meeting.others)
    return shut


def _close(shut: Floats, cells: frozenset[Cell]) -> None:
    for day, shift in cells:
        shut[day, shift] = inf


def _close_all_but(shut: Floats, meeting: Meeting) -> None:
    (day,) = {day for day, _ in meeting.others or meeting.cells}
    kept = [shift for _, shift in meeting.others]
    shut[day, [shift for shift in range(shut.shape[1]) if shift not in kept]] = inf
