"""What a search puts first and what it may not change: goals, locks, the price of changes, the curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.goals import GOALS, GoalName, with_goal
from samplan_rostering.domain.locks import LockChoice, with_locks
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import Absence, AbsenceKind, Pin, RuleProfile, WardData
from samplan_rostering.solver.solution import SolveOptions
from samplan_rostering.solver.solve import solve_ward
from samplan_rostering.web.solving.curve import draw_curve

Make = Callable[..., WardData]


def test_every_goal_has_weights_that_exist_and_a_ward_stays_valid(small_ward: Make) -> None:
    names = {item.name for item in fields(RuleProfile)}
    assert set(GOALS) == set(GoalName)
    for name, goal in GOALS.items():
        assert set(goal.sheet) <= names
        assert validate(with_goal(small_ward(), name)) == []
    assert with_goal(small_ward(), GoalName.BALANCED) == small_ward()


def test_a_goal_weighs_what_it_puts_first_and_nothing_else(small_ward: Make) -> None:
    ward = replace(
        small_ward(),
        settings=(
            RuleSetting("wishes", Level.SOFT, weight=3),
            RuleSetting("cost", Level.OFF, parameters=(("hour", "250"),)),
        ),
    )
    wishes = with_goal(ward, GoalName.WISHES)
    assert wishes.rules.weight_wish == 10 * ward.rules.weight_wish
    assert wishes.settings[0].weight == 30, "also where a line of the profile has the weight"
    assert wishes.rules.weight_under_minimum == ward.rules.weight_under_minimum
    fair = with_goal(ward, GoalName.FAIRNESS)
    assert [s.weight for s in fair.settings if s.rule == "uneven_holidays"] == [80]
    cost = with_goal(ward, GoalName.COST)
    assert [(s.level, s.parameters) for s in cost.settings if s.rule == "cost"] == [
        (Level.SOFT, (("hour", "250"),))
    ]
    everybody = evaluate_ward(cost, [Assignment(ward.employees[0].code, 0, "D")])
    assert everybody.breakdown[Term.COST] == 2000
    heavy = replace(ward, rules=replace(ward.rules, weight_under_minimum=90_000))
    assert with_goal(heavy, GoalName.COVERAGE).rules.weight_under_minimum == 100_000


def test_locks_are_none_the_wards_or_also_the_first_days(small_ward: Make) -> None:
    ward = small_ward(3, 7)
    one, two, three = (person.code for person in ward.employees)
    first = ward.period.start
    ward = replace(
        ward,
        pins=(Pin(one, first, None), Pin(two, ward.period.date_of(6), "D")),
        absences=(Absence(three, first, first, AbsenceKind.SICK),),
    )
    roster = [Assignment(one, 0, "K"), Assignment(one, 1, "D"), Assignment(three, 0, "D")]
    assert with_locks(ward, LockChoice.NOTHING).pins == ()
    assert with_locks(ward, LockChoice.PERIOD, roster, 3) == ward
    locked = with_locks(ward, LockChoice.BEFORE, roster, 2)
    assert set(locked.pins) - set(ward.pins) == {
        Pin(one, first + timedelta(days=1), "D"),
        Pin(two, first, None),
        Pin(two, first + timedelta(days=1), None),
        Pin(three, first + timedelta(days=1), None),
    }
    assert validate(locked) == []


def test_what_is_kept_is_dearer_to_change(small_ward: Make) -> None:
    ward = small_ward(4, 7)
    limits = SolveOptions(seconds=60, workers=1, deterministic_seconds=2)
    start = solve_ward(ward, limits).assignments
    needed = replace(
        ward, weekly_requirements=tuple(replace(r, target=0, minimum=0) for r in ward.weekly_requirements)
    )
    again = solve_ward(needed, limits, start=start, change_price=1000)
    assert set(again.assignments) == set(start), "nothing is worth a change"
    with pytest.raises(KeyError):
        solve_ward(ward, limits, start=(Assignment("nobody", 0, "D"),))


def test_a_curve_falls_to_its_bound_with_labels_apart() -> None:
    curve = draw_curve([(0.5, 9000, None), (2.0, 700, 100), (8.0, 500, 498)])
    assert curve.objective is not None
    assert curve.bound is not None
    assert (curve.objective.value, curve.bound.value) == (500, 498)
    assert curve.objective.path.startswith("M")
    assert curve.bound.label_y - curve.objective.label_y >= 18
    assert [seconds for _, seconds in curve.ticks] == [0, 2, 4, 6, 8]
    assert len(curve.rows) == 3
    empty = draw_curve([(0.0, None, None)])
    assert (empty.objective, empty.bound) == (None, None)
