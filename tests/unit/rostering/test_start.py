"""The first roster: it keeps the numbers of shifts, also where all savings lie on limited ones."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.rules import Term
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.problem import CoverRow, CoverStep, EmployeeRules, Problem
from samplan_rostering.solver.rows import RowSearch
from samplan_rostering.solver.start import Starter

DAYS, SHIFTS = 28, ("A", "B", "C", "D", "E")
HOURS = ((8, 8, 10, 12, 8),) * DAYS


def wanted(savings: list[int]) -> tuple[CoverRow, ...]:
    """Return a need of one person for each shift and day, each kind with its own price."""
    return tuple(
        CoverRow(day, shift, frozenset({0}), (CoverStep(Term.UNDER_TARGET, 1, under=under),))
        for shift, under in enumerate(savings)
        for day in range(DAYS)
    )


@settings(max_examples=25, deadline=None)
@given(
    limits=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    savings=st.lists(st.integers(0, 3000), min_size=4, max_size=4),
)
def test_numbers_of_shifts_are_kept_where_the_rest_has_to_be_worked_on_others(
    limits: list[int], savings: list[int]
) -> None:
    own = EmployeeRules("A", min_minutes=140, max_minutes=168, max_run=5, max_per_shift=(*limits, None))
    problem = Problem(DAYS, SHIFTS, HOURS, (), (own,), cover=wanted(savings))
    starter = Starter(problem, RowSearch(problem), 1, lambda: 60.0)
    starter.run()
    assert starter.roster is not None
    (row,) = starter.roster
    assert all(row.count(shift) <= limit for shift, limit in enumerate(limits))
    assert 140 <= sum(HOURS[day][shift] for day, shift in enumerate(row) if shift is not None) <= 168
    assert sum(breakdown(problem, starter.roster).values()) <= DAYS * sum(savings)
