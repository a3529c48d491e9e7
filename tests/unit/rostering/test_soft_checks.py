"""What a problem refuses: names that do not exist, figures that cannot be, and sums too large to be exact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.solver.problem import CoverRow, CoverStep, EmployeeRules, Problem
from samplan_rostering.solver.soft import (
    CombinationCost,
    Meeting,
    PairCost,
    RunCost,
    WholeWeekend,
    WindowCost,
    WindowLimit,
    each_day,
)
from samplan_rostering.solver.solution import SolveOptions, Status
from samplan_rostering.solver.solve import solve

DAYS = 5
PLAIN = EmployeeRules(id="A", min_minutes=0, max_minutes=DAYS, max_run=DAYS)


def problem_of(*own: EmployeeRules, **more: object) -> Problem:
    whole: Problem = Problem(DAYS, ("D", "N"), ((1, 1),) * DAYS, ((1, 2), (4,)), own, **more)  # type: ignore[arg-type] # each by its name
    return whole


BAD = [
    ({"combination_costs": (CombinationCost(Term.WISHES, 1, ((0, 0),), 1),)}, "employee 1"),
    ({"combination_costs": (CombinationCost(Term.WISHES, 0, ((5, 0),), 1),)}, "day 5"),
    ({"combination_costs": (CombinationCost(Term.WISHES, 0, ((0, 2),), 1),)}, "shift 2"),
    ({"combination_costs": (CombinationCost(Term.WISHES, 0, ((0, 0), (0, 1)), 1),)}, "one day"),
    ({"combination_costs": (CombinationCost(Term.WISHES, 0, (), 1),)}, "no cells"),
    ({"combination_costs": (CombinationCost(Term.WISHES, 0, ((0, 0),), -1),)}, "negative weight"),
    ({"run_costs": (RunCost(Term.WISHES, 0, frozenset({2}), 1, 2),)}, "shift"),
    ({"run_costs": (RunCost(Term.WISHES, 0, None, 3, 2),)}, "low <= high"),
    ({"run_costs": (RunCost(Term.WISHES, 0, None, 1, 2, over=-1),)}, "negative weight"),
    (
        {"window_costs": (WindowCost(Term.WISHES, 0, range(4, 6), ((1, 1),) * 2, 0, 1, 1),)},
        "days from 0 to 4",
    ),
    ({"window_costs": (WindowCost(Term.WISHES, 0, range(2, 2), (), 0, 1, 1),)}, "days from 0 to 4"),
    ({"window_costs": (WindowCost(Term.WISHES, 0, range(2), ((1, 1),), 0, 1, 1),)}, "one row per day"),
    ({"window_costs": (WindowCost(Term.WISHES, 0, range(1), ((-1, 1),), 0, 1, 1),)}, "not be negative"),
    ({"window_costs": (WindowCost(Term.WISHES, 0, range(1), ((1, 1),), 2, 1, 1),)}, "low above its high"),
    ({"whole_weekends": (WholeWeekend(Term.WISHES, 3, 1),)}, "employee 3"),
    ({"pairs": (PairCost(Term.WISHES, 0, 0, (), True, 1),)}, "twice"),
    ({"pairs": (PairCost(Term.WISHES, 0, 7, (), True, 1),)}, "employee 7"),
    ({"cover": (CoverRow(0, 0, frozenset({0}), (CoverStep(Term.UNDER_COVER, -1, 1),)),)}, "negative number"),
    ({"cover": (CoverRow(0, 0, frozenset({9}), ()),)}, "employee 9"),
    ({"whole_weekends": (WholeWeekend(Term.WISHES, 0, 2**52),)}, "weights are too large"),
    ({"run_costs": (RunCost(Term.WISHES, 0, None, 1, 2, over=2**52),)}, "weights are too large"),
]


@pytest.mark.parametrize(("more", "why"), BAD)
def test_what_cannot_be_is_refused(more: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        problem_of(PLAIN, **more)


def test_a_meeting_is_on_one_day() -> None:
    meeting = Meeting(frozenset({(0, 0), (1, 0)}), frozenset())
    pair = PairCost(Term.WISHES, 0, 1, (meeting,), True, 1)
    with pytest.raises(ValueError, match="of one day"):
        problem_of(PLAIN, replace(PLAIN, id="B"), pairs=(pair,))


def test_a_clash_of_windows_is_named() -> None:
    """The reason for an impossible row names the rule of the window."""
    days = range(DAYS)
    limit = WindowLimit(Rule.WEEKLY_REST, days, each_day(days, (1, 1)), None, 2)
    own = replace(PLAIN, min_minutes=3, window_limits=(limit,))
    found = solve(problem_of(own), SolveOptions(seconds=20, workers=1))
    assert found.status is Status.INFEASIBLE
    assert found.reasons[0].rules == (Rule.WEEKLY_REST, Rule.HOURS_MIN)
