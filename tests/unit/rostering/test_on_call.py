"""On-call duty and standby: rosters that just keep a rule and that just break it, judged and compiled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from rostering_plans import CALL, DAY, MINUTE, Plan, check, permission, setting, shift
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import (
    Employee,
    RosterType,
    WeeklyRequirement,
)
from samplan_rostering.queries.figures.roster_counts import Tally, count_roster
from samplan_rostering.queries.rosters.hours import hours_by_employee
from samplan_rostering.queries.rosters.standing import Standing
from samplan_rostering.solver.solution import SolveOptions, Status
from samplan_rostering.solver.solve import solve_ward

OVER_20 = (shift("L", "08:00", "04:00", on_call=690), shift("X", "08:00", "04:01", on_call=691))
STANDBY = (
    DAY, shift("B", "15:00", "07:00", standby=960), shift("b", "07:00", "07:00", standby=960),
    shift("X", "18:00", "22:00"), shift("M", "17:59", "22:00"), shift("S", "10:00", "01:00", standby=900),
    shift("Y", "11:00", "15:00"), shift("Z", "12:00", "16:00"),
)  # fmt: skip
PLANS = {
    "13 hours of work and on-call duty": Plan(
        rule=Rule.SHIFT_LENGTH, settings=(), keeps="A", breaks="B",
        types=(shift("A", "08:00", "08:00", 270, 660), shift("B", "08:00", "08:00", 271, 659)),
    ),
    "20 hours by permission": Plan(
        rule=Rule.SHIFT_LENGTH, types=OVER_20, keeps="L", breaks="X", settings=(permission(1200),)
    ),
    "20 hours by no permission": Plan(
        rule=Rule.SHIFT_LENGTH, types=(*OVER_20, DAY), keeps="D", breaks="L", settings=()
    ),
    "24 hours by dispensation": Plan(
        rule=Rule.SHIFT_LENGTH, types=(shift("A", "08:00", "08:00", 900),), keeps="A", breaks="----A",
        start=date(2027, 10, 26),  # the last night is an hour longer
    ),
    "rest as long as the duty": Plan(
        rule=Rule.REST_AFTER_SHIFT,
        types=(OVER_20[0], shift("M", "00:00", "08:00"), shift("N", "23:59", "07:00")),
        keeps="L-M", breaks="LN",
    ),
    "standby breaks no rest": Plan(
        rule=Rule.REST_AFTER_SHIFT,
        types=(shift("A", "07:00", "07:00", 0, 660), shift("B", "07:00", "07:00", 1, 659)),
        keeps="AAAAA", breaks="AABA",
    ),
    "daily rest from the day break": Plan(
        rule=Rule.DAILY_REST,
        types=(shift("A", "19:00", "08:00", 780), shift("B", "19:00", "08:01", 780)),
        keeps="A", breaks="B", settings=(),
    ),
    "daily rest over the change to winter time": Plan(
        rule=Rule.DAILY_REST,
        types=(shift("A", "19:00", "08:00", 780), shift("B", "19:00", "09:00", 780)),
        keeps="----A", breaks="----B", start=date(2027, 10, 26), settings=(),
    ),
    "rest after standby, which may go on": Plan(
        rule=Rule.STANDBY_REST, types=STANDBY, keeps="B-BX-bbX", breaks="bbM", days=8,
        settings=(setting("standby_rest"),),
    ),
    "no work straight after standby": Plan(
        rule=Rule.STANDBY_REST, types=STANDBY, keeps="BB-D", breaks="BD", past=((1, "D"),),
        settings=(setting("standby_rest"),),
    ),
    "rest after standby at the end of a month": Plan(
        rule=Rule.STANDBY_REST, types=STANDBY, keeps="------BX", breaks="------BM",
        start=date(2027, 1, 25), days=8, settings=(setting("standby_rest"),),
    ),
    "rest after standby over the change to winter time": Plan(
        rule=Rule.STANDBY_REST, types=STANDBY, keeps="-----SY", breaks="SY", start=date(2027, 10, 25),
        settings=(setting("standby_rest"),),
    ),
    "rest after standby over the change to summer time": Plan(
        rule=Rule.STANDBY_REST, types=STANDBY, keeps="SZ", breaks="-----SZ", start=date(2027, 3, 22),
        settings=(setting("standby_rest"),),
    ),
    "no weekly rest in standby": Plan(
        rule=Rule.WEEKLY_REST, day_break=time(0, 0),
        types=(DAY, shift("A", "00:00", "12:00", 0, 720), shift("B", "00:00", "12:01", 0, 721)),
        keeps="DDDDDA-", breaks="DDDDDB-",
    ),
    "48 hours in four weeks": Plan(
        rule=Rule.ON_CALL_HOURS, types=(CALL, MINUTE), days=28,
        keeps="J------J------J", breaks="J------J------J------m",
    ),
    "four weeks of the past": Plan(
        rule=Rule.ON_CALL_HOURS, types=(CALL, MINUTE, shift("H", "08:00", "16:00", 480)), days=14,
        past=((22, "J"), (8, "J")), keeps="J--H", breaks="J--Hm",
    ),
    "50 hours in a month, duty over its end": Plan(
        rule=Rule.ON_CALL_HOURS, types=(CALL, MINUTE, shift("T", "08:00", "18:00", 600)),
        start=date(2027, 1, 25), days=14, past=((14, "J"), (12, "J")), keeps="T-----J--J",
        breaks="Tm----J", settings=(setting("on_call_hours", reference="month"), permission(1440)),
    ),
    "four weeks over the change to winter time": Plan(
        rule=Rule.ON_CALL_HOURS, types=(CALL, MINUTE, shift("K", "17:00", "08:00", 900)),
        start=date(2027, 10, 25), keeps="J-K--J", breaks="J-J--J",
    ),
    "four weeks over the change to summer time": Plan(
        rule=Rule.ON_CALL_HOURS, types=(CALL, MINUTE, shift("H", "12:00", "13:00", 60)),
        start=date(2027, 3, 22), keeps="J-JH-J", breaks="J-JHmJ",
    ),
    "48 hours a week, on-call duty included": Plan(
        rule=Rule.AVERAGE_TOTAL, types=(DAY, CALL, MINUTE), keeps="DDDDJ", breaks="DDDDJ-m",
        settings=(permission(1440), setting("average_total", weeks=1)),
    ),
    "40 ordinary hours a week": Plan(
        rule=Rule.AVERAGE_ORDINARY, types=(DAY, CALL, shift("n", "12:00", "12:01")), keeps="DDDDDJ",
        breaks="DDDDDJn", settings=(setting("average_ordinary", weeks=4),),
    ),
    "physicians' ordinary hours": Plan(
        rule=Rule.PHYSICIAN_WINDOW,
        types=(shift("A", "12:00", "08:00", 660), shift("B", "12:00", "08:00", 659), CALL),
        keeps="A----J", breaks="B", settings=(setting("physician_window"),),
    ),
    "on-call duty at night on a day roster": Plan(
        rule=Rule.ROSTER_TYPE, types=(CALL, shift("N", "16:00", "08:00", 959)), keeps="J----J", breaks="N",
        roster_type=RosterType.DAY,
    ),
    "breaks of ordinary work": Plan(
        rule=Rule.BREAKS, types=(shift("A", "08:00", "08:00", 1140), shift("B", "08:00", "08:00", 1139)),
        keeps="A", breaks="B",
    ),
    "nights on call in a row": Plan(
        rule=Rule.CONSECUTIVE_NIGHTS, types=(CALL, shift("B", "16:00", "08:00", 0, 960)), keeps="JJJBJ",
        breaks="JJJJ",
    ),
    "working days in a row": Plan(
        rule=Rule.CONSECUTIVE_DAYS, types=(DAY, shift("B", "16:00", "08:00", 0, 960)), keeps="DDDBDDD",
        breaks="DDDDDD",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANS)
def test_what_just_keeps_a_rule_and_what_just_breaks_it(name: str) -> None:
    check(PLANS[name])


def test_on_call_duty_is_no_time_of_the_contract() -> None:
    plan = replace(PLANS["48 hours in four weeks"], types=(DAY, CALL))
    cells = [Assignment("E", 0, "J"), Assignment("E", 3, "D")]
    assert validate(plan.ward) == []
    assert hours_by_employee(plan.ward, cells)["E"].rostered == 480


def test_standby_is_neither_a_quick_return_nor_ends_a_rest() -> None:
    types = DAY, shift("B", "16:00", "06:00", standby=840), shift("K", "15:00", "06:00", standby=360)
    ward = replace(PLANS["48 hours in four weeks"], types=types).ward
    rows = {"D-D": (0, 1), "DBD": (0, 1), "KD-": (1, 1), "BD-": (0, 0)}
    for row, made_of in rows.items():
        cells = tuple(Assignment("E", day, code) for day, code in enumerate(row) if code != "-")
        counts = count_roster(ward, Standing(ward, cells, (), ()))
        found = counts.months[date(2027, 1, 1)].get("quick_returns", Tally())
        assert (found.part, found.whole) == made_of, row


def test_the_parts_of_a_shift_turn_by_the_clock_over_a_clock_change() -> None:
    """The night to 31 October has 25 hours: the hour that comes twice is on-call duty here."""
    plan = Plan(
        rule=Rule.DAILY_REST, types=(shift("A", "12:00", "12:00", 360, 540),), keeps="", breaks="",
        start=date(2027, 10, 30),
    )  # fmt: skip
    timeline = Timeline(plan.ward)
    assert (timeline.on_call_minutes(0, "A"), timeline.standby_minutes(0, "A")) == (420, 540)
    assert timeline.paid_minutes(0, "A") == 540


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"on_call_minutes": 961}, "on_call_minutes"),
        ({"standby_minutes": -1}, "standby_minutes"),
        ({"standby_minutes": 961, "on_call_minutes": 0}, "standby_minutes"),
        ({"paid_minutes": 60}, "paid_minutes"),
        ({"break_minutes": 30}, "break_minutes"),
        ({"on_call_minutes": 900}, "paid_minutes"),
    ],
)
def test_parts_that_do_not_add_up_are_refused(changed: dict[str, int], field: str) -> None:
    ward = PLANS["48 hours in four weeks"].ward
    assert validate(ward) == []
    faults = validate(replace(ward, shift_types=(replace(CALL, **changed), MINUTE)))
    assert field in {fault.field for fault in faults}


def test_the_search_shares_the_duty_within_the_limit() -> None:
    """A fortnight asks for a night on call each day, of which three people may have three each."""
    plan = replace(PLANS["48 hours in four weeks"], days=14)
    ward = replace(
        plan.ward,
        shift_types=(CALL,),
        employees=tuple(Employee(code, code, "Läkare") for code in "ABC"),
        contracts=tuple(replace(plan.ward.contracts[0], employee=code) for code in "ABC"),
        weekly_requirements=tuple(WeeklyRequirement(day, "J", None, 1, 1, 1) for day in range(7)),
    )
    found = solve_ward(ward, SolveOptions(seconds=20, workers=1, deterministic_seconds=5))
    assert found.status is Status.OPTIMAL
    assert evaluate_ward(ward, found.assignments).violations == ()
    assert [sum(cell.employee == code for cell in found.assignments) for code in "ABC"] == [3, 3, 3]
