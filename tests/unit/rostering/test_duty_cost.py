"""What on-call duty and standby cost: in a roster by the ward's prices, and as worked by dated rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.goals import GoalName, with_goal
from samplan_rostering.domain.outcome import Account
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.unsocial import DutyClass, Rate, UnsocialClass, pay_class, rates_for
from samplan_rostering.domain.ward import ShiftKind, ShiftType, WardData, WeeklyRequirement
from samplan_rostering.labels import UNSOCIAL
from samplan_rostering.queries.figures.of_roster import key_figures
from samplan_rostering.queries.outcome.balances import Balance, supplements
from samplan_rostering.queries.outcome.days import Person

DUTY = ShiftType(
    "J", "Jour", ShiftKind.NIGHT, time(16), time(8), 0, 120, on_call_minutes=450, standby_minutes=390
)
"""Two hours of work, seven and a half on call and six and a half of standby."""


@pytest.fixture
def ward(small_ward: Callable[..., WardData]) -> WardData:
    """Somebody on a Monday's duty, at prices for the three kinds of hours."""
    prices = (("hour", "100"), ("on_call_hour", "50"), ("standby_hour", "21"))
    return replace(
        small_ward(people=1, days=7, start=date(2027, 10, 25)),
        shift_types=(DUTY,),
        weekly_requirements=(WeeklyRequirement(0, "J", None, 0, 0, None),),
        settings=(RuleSetting("cost", Level.SOFT, 2, parameters=prices),),
    )


def cost(ward: WardData, day: int) -> int:
    cells = [Assignment(ward.employees[0].code, day, "J")]
    assert key_figures(ward, cells).money == evaluate_ward(ward, cells).breakdown[Term.COST] // 2
    return evaluate_ward(ward, cells).breakdown[Term.COST]


def test_a_roster_is_charged_for_its_duty(ward: WardData) -> None:
    """200 of work, 375 on call and 136.5 of standby, at weight 2; whole points for each shift."""
    assert cost(ward, 0) == 2 * 711
    free = replace(ward, settings=(RuleSetting("cost", Level.SOFT, 2, parameters=(("hour", "100"),)),))
    assert cost(free, 0) == 2 * 200


def test_the_hour_of_a_clock_change_is_charged_as_the_duty_that_it_is(ward: WardData) -> None:
    """The night to 31 October has an hour more after 1:30, when standby has begun: 21 more."""
    assert cost(ward, 5) == 2 * 732


def test_prices_of_duty_alone_are_the_wards_prices(ward: WardData) -> None:
    alone = replace(ward, settings=(RuleSetting("cost", Level.OFF, parameters=(("standby_hour", "30"),)),))
    (line,) = [line for line in with_goal(alone, GoalName.COST).settings if line.rule == "cost"]
    assert (line.level, line.parameters) == (Level.SOFT, (("standby_hour", "30"),))


def test_duty_as_worked_is_priced_by_dated_rates() -> None:
    known = rates_for((), date(2027, 1, 1))
    assert all(known[kind].demo and known[kind].source for kind in DutyClass), "no amount is confirmed"
    own = (Rate(DutyClass.STANDBY, date(2027, 2, 1), Decimal("40.00"), False, "Lokalt avtal"),)
    worked = Account(on_call=450, standby=390, unsocial={UnsocialClass.EVENING: 60})
    nothing = Account()
    person = Balance(Person(None, "E", "", ""), 0, nothing, None, worked, 0, 0)  # type: ignore[arg-type] # not asked for
    rows = {row.kind: row for row in supplements([person], own, date(2027, 2, 1))}
    assert list(rows) == [UnsocialClass.EVENING, DutyClass.ON_CALL, DutyClass.STANDBY]
    assert (rows[DutyClass.STANDBY].amount, rows[DutyClass.STANDBY].minutes) == (Decimal("260.00"), 390)
    before = {row.kind: row for row in supplements([person], own, date(2027, 1, 31))}
    assert before[DutyClass.STANDBY].rate == known[DutyClass.STANDBY]
    assert all(str(UNSOCIAL[kind]) for kind in rows)


def test_only_classes_have_rates() -> None:
    assert pay_class("on_call") is DutyClass.ON_CALL
    assert pay_class("A_night") is UnsocialClass.GREAT_HOLIDAY_NIGHT
    with pytest.raises(ValueError, match="jour"):
        pay_class("jour")
