"""Each rule of law and agreement: rosters that just keep it and just break it, where clocks and dates turn.

Identifiers and classes are those of the rules that were read for the product (docs/rostering/rules.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from enum import StrEnum

import pytest

from rostering_plans import CALL, DAY, MINUTE, Plan, check, permission, setting, shift
from samplan_rostering.domain.outcome import Extra, LimitKind, limits
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import RosterType, ShiftKind
from samplan_rostering.domain.ward_rules import RULES


class Turn(StrEnum):
    """Where a rule is tried: at the own day break, a month's end, and both clock changes."""

    DAY_BREAK = "day_break"
    MONTH_END = "month_end"
    WINTER = "winter"
    SUMMER = "summer"


MONTH, WINTER, SUMMER = date(2027, 1, 25), date(2027, 10, 25), date(2027, 3, 22)
"""Mondays; the sixth day after is the 31st, or the Sunday of a clock change."""
NIGHTS = (
    shift("A", "19:00", "08:00"), shift("B", "19:00", "08:01"), shift("C", "19:00", "07:00"),
    shift("D", "19:00", "07:01"), shift("E", "19:00", "09:00"), shift("F", "19:00", "09:01"),
)  # fmt: skip
RESTS = (
    shift("N", "21:00", "07:00"), shift("P", "18:00", "22:00"), shift("Q", "17:59", "22:00"),
    shift("S", "14:00", "01:00"), shift("Y", "11:00", "16:00"), shift("y", "10:59", "16:00"),
    shift("Z", "13:00", "16:00"), shift("z", "12:59", "16:00"),
)  # fmt: skip
NOONS = (
    shift("A", "11:00", "13:01"), shift("B", "10:59", "13:01"), shift("C", "10:59", "13:00"),
    shift("D", "10:00", "13:01"), shift("E", "09:59", "13:01"), shift("F", "12:00", "13:01"),
    shift("G", "11:59", "13:01"),
)  # fmt: skip
WEEK = (
    DAY, shift("A", "00:00", "12:00"), shift("B", "00:00", "12:01"), shift("E", "00:00", "07:00"),
    shift("F", "00:00", "07:01"), shift("G", "00:00", "08:00"), shift("H", "00:00", "08:01"),
    shift("I", "00:00", "06:00"), shift("J", "00:00", "06:01"),
)  # fmt: skip
HOURS = (
    DAY, shift("m", "12:00", "12:01"), shift("p", "08:00", "15:00"), shift("q", "07:00", "16:00"),
    shift("N", "20:00", "04:00"),
)  # fmt: skip
PAUSES = (
    shift("A", "07:00", "12:00"), shift("B", "07:00", "12:01"), shift("E", "00:00", "04:00"),
    shift("F", "00:00", "04:01"), shift("G", "00:00", "06:00"), shift("H", "00:00", "06:01"),
    replace(shift("K", "20:00", "01:00"), kind=ShiftKind.EVENING),
    replace(shift("L", "20:00", "01:01"), kind=ShiftKind.EVENING),
)  # fmt: skip
LATE = (shift("A", "13:00", "21:00"), shift("B", "13:00", "21:01"))
STANDBY = (
    DAY, shift("B", "15:00", "07:00", standby=960), shift("S", "10:00", "01:00", standby=900),
    shift("X", "18:00", "22:00"), shift("x", "17:59", "22:00"), shift("Y", "11:00", "15:00"),
    shift("y", "10:59", "15:00"), shift("Z", "13:00", "16:00"), shift("z", "12:59", "16:00"),
)  # fmt: skip
FREE = "NNNNN--NNNNN--NNNNN--NNNN---", "NNNNN--NNNNN--NNNNN--NNNNN--"
DAILY = Plan(rule=Rule.DAILY_REST, types=NIGHTS, keeps="A", breaks="B", days=8, settings=())
OWN_DAY = replace(DAILY, types=NOONS, day_break=time(0, 0))
LENGTH = replace(DAILY, rule=Rule.SHIFT_LENGTH)
AFTER = replace(DAILY, rule=Rule.REST_AFTER_SHIFT, types=RESTS, keeps="NP", breaks="NQ")
WEEKLY = replace(DAILY, rule=Rule.WEEKLY_REST, types=WEEK, days=7, day_break=time(0, 0))
BREAKS = replace(DAILY, rule=Rule.BREAKS, types=PAUSES)
TOTAL = replace(
    DAILY, rule=Rule.AVERAGE_TOTAL, types=HOURS, days=7, keeps="DDDDDD", breaks="DDDDDDm",
    settings=(setting("average_total", weeks=1),),
)  # fmt: skip
ORDINARY = replace(
    TOTAL, rule=Rule.AVERAGE_ORDINARY, keeps="DDDDD", breaks="DDDDDm",
    settings=(setting("average_ordinary", weeks=4),),
)  # fmt: skip
NIGHTLY = replace(
    TOTAL, rule=Rule.NIGHT_AVERAGE, roster_type=RosterType.ROTATION_30,
    settings=(setting("night_average", weeks=1),),
)  # fmt: skip
ON_CALL = replace(
    DAILY, rule=Rule.ON_CALL_HOURS, days=14, settings=(permission(1440),), keeps="J--J--J", breaks="J--J--Jm",
    types=(
        CALL, MINUTE, shift("K", "17:00", "08:00", 900), shift("H", "12:00", "13:00", 60),
        shift("T", "08:00", "18:00", 600),
    ),
)  # fmt: skip
PHYSICIAN = replace(
    DAILY, rule=Rule.PHYSICIAN_WINDOW, types=LATE, days=9, settings=(setting("physician_window"),)
)
FREE_DAYS = replace(
    DAILY, rule=Rule.FREE_DAYS, types=RESTS, days=28, keeps=FREE[0], breaks=FREE[1],
    settings=(setting("free_days"),),
)  # fmt: skip
REST_LEFT = replace(
    DAILY, rule=Rule.STANDBY_REST, types=STANDBY, keeps="BX", breaks="Bx",
    settings=(setting("standby_rest"),),
)  # fmt: skip


def turns(
    plan: Plan,
    month: Plan | None = None,
    winter: tuple[str, str] = ("", ""),
    summer: tuple[str, str] = ("", ""),
) -> dict[Turn, Plan]:
    """Return a plan at each turn: the rows over the clock changes are those of their weeks."""
    last = month or replace(plan, keeps=f"------{plan.keeps}", breaks=f"------{plan.breaks}")
    return {
        Turn.DAY_BREAK: plan,
        Turn.MONTH_END: last if month and month.start != plan.start else replace(last, start=MONTH),
        Turn.WINTER: replace(plan, start=WINTER, keeps=winter[0], breaks=winter[1]),
        Turn.SUMMER: replace(plan, start=SUMMER, keeps=summer[0], breaks=summer[1]),
    }


FRIDAY = date(2027, 1, 29)
LAW: Mapping[str, Mapping[Turn, Plan]] = {
    "ATL-05": turns(
        ORDINARY, replace(ORDINARY, start=FRIDAY), ("DDD-pN-", "DDD-pNm"), ("DDD-qN-", "DDD-qNm")
    ),
    "ATL-06": turns(
        replace(ON_CALL, day_break=time(0, 0)),
        replace(
            ON_CALL, start=MONTH, past=((14, "J"), (12, "J")), keeps="T-----J--J", breaks="Tm----J",
            settings=(setting("on_call_hours", reference="month"), permission(1440)),
        ),
        ("J-K--J", "J-KH-J"),
        ("J-JH-J", "J-JHmJ"),
    ),
    "ATL-10b": turns(TOTAL, replace(TOTAL, start=FRIDAY), ("DDDDpN-", "DDDDpNm"), ("DDDDqN-", "DDDDqNm")),
    "ATL-13": turns(DAILY, None, ("-----A", "-----B"), ("-----A", "-----B")),
    "ATL-13a": turns(NIGHTLY, replace(NIGHTLY, start=FRIDAY), ("DDDDpN-", "DDDDpNm"), ("DDDDqN-", "DDDDqNm")),
    "ATL-14": turns(
        replace(WEEKLY, day_break=time(19, 0), keeps="DDDDDE-", breaks="DDDDDF-"),
        replace(WEEKLY, start=FRIDAY, keeps="DDDDDA-", breaks="DDDDDB-"),
        ("DDDDDG-", "DDDDDH-"),
        ("DDDDDI-", "DDDDDJ-"),
    ),
    "ATL-15": turns(
        BREAKS, replace(BREAKS, start=MONTH, keeps="------K", breaks="------L"),
        ("------E", "------F"), ("------G", "------H"),
    ),
    "AB13-DV": turns(DAILY, None, ("-----A", "-----B"), ("-----A", "-----B")),
    "AB13-DB": turns(
        OWN_DAY, replace(OWN_DAY, start=MONTH, keeps="------C", breaks="------B"),
        ("------D", "------E"), ("------F", "------G"),
    ),
    "AB13-13": turns(LENGTH, None, ("-----C", "-----D"), ("-----E", "-----F")),
    "AB13-13, rest": turns(AFTER, None, ("-----SY", "-----Sy"), ("-----SZ", "-----Sz")),
    "AB13-BE": turns(REST_LEFT, None, ("-----SY", "-----Sy"), ("-----SZ", "-----Sz")),
    "AB13-LK": turns(
        PHYSICIAN, replace(PHYSICIAN, start=date(2027, 3, 29), keeps="--AA", breaks="--AB"),
        ("-------AA", "------A"), ("--------A", "--------B"),
    ),
    "AB13-9F": {
        turn: replace(FREE_DAYS, start=start)
        for turn, start in zip(Turn, (MONTH, MONTH, date(2027, 10, 27), date(2027, 3, 24)), strict=True)
    },
}  # fmt: skip
LAW = {**LAW, "EU-6": LAW["ATL-10b"]}
OUTSIDE: Mapping[str, str] = {
    "ATL-08": "judged of worked time: below",
    "ATL-08Y": "judged of worked time: below",
    "ATL-08a": "the further hours for special reasons are not counted in",
    "ATL-10": "judged of worked time: below",
    "ATL-12": "about changes of a published roster: tests of publishing",
    "AB13-OF": "what is unforeseen is made good outside the roster",
    "AB27-S": "vacation is entered, not planned",
}
"""Rules of law and agreement that no planned roster keeps or breaks."""
READ = frozenset({
    "ATL-05", "ATL-06", "ATL-08", "ATL-08Y", "ATL-08a", "ATL-10", "ATL-10b", "ATL-12", "ATL-13", "ATL-13a",
    "ATL-14", "ATL-15", "EU-6", "AB13-DV", "AB13-DB", "AB13-13", "AB13-OF", "AB13-BE", "AB13-LK", "AB13-9F",
    "AB27-S",
})  # fmt: skip
"""All that were read as law or agreement."""


def test_every_rule_of_law_and_agreement_is_tried_at_every_turn() -> None:
    tried = {name.partition(",")[0] for name in LAW}
    assert tried | set(OUTSIDE) == READ
    assert not tried & set(OUTSIDE)
    assert {name: set(plans) for name, plans in LAW.items() if set(plans) != set(Turn)} == {}
    rules = {plan.rule.value for plans in LAW.values() for plan in plans.values()}
    asked = {kind.key for kind in RULES if kind.source in READ and Level.HARD in kind.levels}
    assert asked <= rules


@pytest.mark.parametrize("turn", Turn)
@pytest.mark.parametrize("name", LAW)
def test_what_just_keeps_the_law_and_what_just_breaks_it(name: str, turn: Turn) -> None:
    check(LAW[name][turn])


@pytest.mark.parametrize(
    ("kind", "most", "step"),
    [
        (LimitKind.OVERTIME_WEEKS, 48 * 60, timedelta(28)),
        (LimitKind.OVERTIME_MONTH, 50 * 60, timedelta(28)),
        (LimitKind.OVERTIME_YEAR, 200 * 60, timedelta(365)),
        (LimitKind.ADDITIONAL_YEAR, 200 * 60, timedelta(365)),
    ],
)
@pytest.mark.parametrize("last", [date(2027, 1, 31), date(2027, 3, 28), date(2027, 10, 31)])
def test_work_beyond_the_ordinary_hours_is_held_against_its_limit(
    kind: LimitKind, most: int, step: timedelta, last: date
) -> None:
    """What lies before the four weeks, the month or the year is not counted with it."""
    additional = kind is LimitKind.ADDITIONAL_YEAR

    def state(amount: int) -> str:
        before = last - step if kind is not LimitKind.OVERTIME_MONTH else last.replace(day=1) - timedelta(1)
        extras = [
            Extra(on, minutes if additional else 0, 0 if additional else minutes)
            for on, minutes in ((before, 600), (last - timedelta(1), 60), (last, amount - 60))
        ]
        uses = limits(extras, last, last, by_month=kind is LimitKind.OVERTIME_MONTH)
        return next(use.state for use in uses if use.kind is kind)

    assert state(most) == "near"
    assert state(most + 1) == "over"
