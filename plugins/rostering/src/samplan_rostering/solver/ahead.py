"""Compile the searches for rows ahead of time."""

import numpy as np

from samplan_rostering.solver.problem import EmployeeRules, Problem
from samplan_rostering.solver.rows import RowSearch


def compile_searches() -> None:
    """Compile the searches as the first solve would; the result is kept beside the code.

    `NUMBA_CACHE_DIR` names another folder, where the code cannot be written to.
    """
    rules = EmployeeRules(id="", min_minutes=0, max_minutes=1, max_run=1, max_per_shift=(1,))
    search = RowSearch(Problem(2, ("",), ((1,), (1,)), (), (rules,)))
    cells, weekends = np.zeros((2, 2)), np.zeros(0)
    search.cheapest(0, cells, weekends)
    search.through(0, cells, weekends)
