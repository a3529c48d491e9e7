"""Each rule of a ward says the same to the evaluator and to the model, on random wards and rosters."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Contract,
    Employee,
    HeldSkill,
    PastShift,
    Period,
    Pin,
    RosterType,
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
    Wish,
    WishKind,
)
from samplan_rostering.domain.ward_rules import BY_KEY, RULES, WardRule, rule_set
from samplan_rostering.domain.ward_rules.base import RosterRule
from samplan_rostering.solver.evaluate_problem import broken_rules
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.pairs import broken_pairs
from samplan_rostering.solver.problem import Problem
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.solver.ward_rules import COMPILERS, ProblemBuilder

EXAMPLES = int(os.environ.get("SAMPLAN_EXAMPLES", "8"))
"""Random rosters for each rule; few, for the time that the whole suite takes."""
CODES = ("A", "B", "C")
SHIFTS = (
    ShiftType("D", "Dag", ShiftKind.DAY, time(7, 0), time(15, 30), 30, 480),
    ShiftType("K", "Kväll", ShiftKind.EVENING, time(13, 30), time(22, 0), 0, 510),
    ShiftType("N", "Natt", ShiftKind.NIGHT, time(21, 30), time(7, 15), 0, 585),
    ShiftType("L", "Lång", ShiftKind.DAY, time(5, 30), time(22, 0), 60, 930),
    ShiftType("M", "Midnatt", ShiftKind.NIGHT, time(16, 0), time(0, 0), 30, 450),
    ShiftType("F", "Förmiddag", ShiftKind.DAY, time(8, 0), time(12, 0), 0, 240),
)
DUTIES = (
    SHIFTS[0],
    ShiftType("K", "Beredskap", ShiftKind.NIGHT, time(15, 30), time(7, 0), 0, 0, standby_minutes=930),
    ShiftType("N", "Jour", ShiftKind.NIGHT, time(18, 0), time(7, 15), 0, 0, on_call_minutes=795),
    ShiftType("L", "Dag och jour", ShiftKind.DAY, time(8, 0), time(4, 0), 30, 450, on_call_minutes=720),
    ShiftType("M", "Allt", ShiftKind.EVENING, time(9, 0), time(9, 0), 0, 480, None, 585, 375),
    ShiftType("F", "Natt och beredskap", ShiftKind.NIGHT, time(1, 0), time(1, 0), 0, 75, None, 25, 1340),
)
"""On-call duty and standby, alone and after other work, with turns inside the hours of clock changes."""
STARTS = (date(2027, 3, 24), date(2027, 10, 25), date(2027, 1, 3), date(2027, 5, 1))
"""Before both clock changes, a Sunday, and a holiday on a Saturday."""
PATTERNS = st.lists(st.sampled_from(["D", "N", "-", "*"]), min_size=1, max_size=3).map(" ".join)
MINUTES = st.sampled_from(["240", "420", "540", "600", "660", "900", "2160", "2880"])
COUNT = st.integers(0, 4).map(str)
FIGURES: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "shift_length": {"minutes": MINUTES},
    "recommended_length": {"minutes": MINUTES},
    "breaks": {"minutes": MINUTES, "meal_breaks": st.sampled_from(["", "night", "night, evening"])},
    "early_start": {"earliest": st.sampled_from(["05:00", "06:00", "07:30"])},
    "physician_window": {"professions": st.just("Läkare"), "end": st.sampled_from(["15:30", "21:00"])},
    "night_risk": {"minutes": MINUTES},
    "rest_after_shift": {"minutes": st.sampled_from(["540", "660"])},
    "daily_rest": {"minutes": st.sampled_from(["540", "660", "780"])},
    "weekly_rest": {"minutes": st.sampled_from(["2160", "2820"])},
    "standby_rest": {"minutes": st.sampled_from(["60", "660", "900", "2880"])},
    "quick_return": {"minutes": MINUTES},
    "rest_after_nights": {"minutes": MINUTES},
    "consecutive_days": {"limit": st.integers(1, 4).map(str)},
    "consecutive_nights": {"limit": st.integers(1, 3).map(str)},
    "consecutive_long": {"limit": st.integers(1, 3).map(str), "minutes": MINUTES},
    "hours_min": {"minutes": st.sampled_from(["0", "480"]), "percent": st.sampled_from(["0", "20"])},
    "hours_max": {"minutes": st.sampled_from(["0", "480"]), "percent": st.sampled_from(["0", "20"])},
    "average_total": {"minutes": MINUTES, "weeks": st.sampled_from(["1", "2", "17"])},
    "average_ordinary": {"minutes": MINUTES, "weeks": st.sampled_from(["4", "16"])},
    "night_average": {"minutes": MINUTES, "weeks": st.sampled_from(["1", "17"])},
    "on_call_hours": {
        "reference": st.sampled_from(["weeks", "month"]),
        "minutes": st.sampled_from(["0", "720", "1300", "2880"]),
        "month_minutes": st.sampled_from(["0", "720", "1700", "3000"]),
    },
    "free_days": {"days": st.integers(1, 5).map(str), "weeks": st.sampled_from(["1", "2", "4"])},
    "nights_per_week": {"limit": COUNT},
    "week_spread": {"more": COUNT},
    "shift_count": {"shift": st.sampled_from("DN"), "minimum": COUNT, "maximum": st.sampled_from(["", "4"])},
    "weekends_over": {"percent": st.sampled_from(["0", "34", "50", "100"])},
    "unwanted_pattern": {"pattern": PATTERNS.filter(lambda p: set(p.split()) != {"-"})},
    "wanted_pattern": {"pattern": st.sampled_from(["N", "N N", "- D", "*"]), "then": PATTERNS},
    "fixed_rotation": {"pattern": PATTERNS},
    "skill_mix": {"skill": st.just("SSK"), "shift": st.sampled_from(["", "D"]), "minimum": COUNT},
    "cost": dict.fromkeys(("hour", "night_hour", "weekend_hour", "on_call_hour", "standby_hour"), COUNT),
}


PARTS = st.sampled_from(
    [(), (time(8), time(12)), (time(10), time(15)), (time(21, 30), time(0)), (time(0), time(6))]
)
"""Of which part of its dates an absence is."""


@st.composite
def wards(draw: st.DrawFn) -> WardData:
    """Draw a ward of three people and one to three weeks, without settings."""
    start = draw(st.sampled_from(STARTS))
    days = draw(st.sampled_from([7, 9, 16]))
    code, shift = st.sampled_from(CODES), st.sampled_from([shift.code for shift in SHIFTS])
    ahead = st.integers(0, days - 1).map(lambda day: start + timedelta(day))
    past = draw(st.dictionaries(st.tuples(code, st.integers(1, 9)), shift, max_size=12))
    pins = draw(st.dictionaries(st.tuples(code, ahead), st.none() | shift, max_size=2))
    end = start + timedelta(days - 1)
    return WardData(
        unit=Unit("P", "Prov"),
        period=Period(start, end),
        skills=(Skill("SSK", "Sjuksköterska"),),
        shift_types=draw(st.sampled_from([SHIFTS, DUTIES])),
        employees=tuple(draw(employees(code_, start)) for code_ in CODES),
        contracts=tuple(draw(contracts(code_, start)) for code_ in CODES),
        weekly_requirements=tuple(
            WeeklyRequirement(weekday, kind.code, skill, 0, 1, 1)
            for weekday in range(7)
            for kind in SHIFTS[: draw(st.integers(1, 6))]
            for skill in ("SSK", None)[: draw(st.integers(1, 2))]
        ),
        absences=tuple(
            Absence(draw(code), first, first + timedelta(draw(st.integers(0, 3))), kind, *draw(PARTS))
            for first, kind in draw(st.lists(st.tuples(ahead, st.sampled_from(AbsenceKind)), max_size=3))
        ),
        wishes=tuple(
            Wish(who, on, kind, None if kind is WishKind.OFF else what, 2)
            for who, on, kind, what in draw(
                st.lists(st.tuples(code, ahead, st.sampled_from(WishKind), st.none() | shift), max_size=4)
            )
        ),
        history=tuple(PastShift(who, start - timedelta(back), what) for (who, back), what in past.items()),
        pins=tuple(Pin(who, on, what) for (who, on), what in pins.items()),
    )


@st.composite
def employees(draw: st.DrawFn, code: str, start: date) -> Employee:
    """Draw a person, perhaps with a certificate that runs out."""
    ends = draw(st.none() | st.integers(0, 9).map(lambda day: start + timedelta(day)))
    skills = draw(st.sampled_from([(), (HeldSkill("SSK", None, ends),)]))
    day_break = draw(st.sampled_from([time(19, 0), time(0, 0), time(10, 0)]))
    return Employee(code, code, draw(st.sampled_from(["Läkare", "Sjuksköterska"])), day_break, skills)


@st.composite
def contracts(draw: st.DrawFn, code: str, start: date) -> Contract:
    """Draw a contract that may begin within the period."""
    begins = start + timedelta(draw(st.sampled_from([-40, -40, 3])))
    share = Decimal(draw(st.sampled_from([20, 75, 100])))
    return Contract(code, begins, None, share, draw(st.sampled_from(RosterType)), 2295)


@st.composite
def rules_of(draw: st.DrawFn, kind: type[WardRule], ward: WardData) -> WardData:
    """Draw settings of a rule, and permissions and balances that it may be judged by."""
    start, end = ward.period.start, ward.period.end
    level = draw(st.sampled_from(sorted(kind.levels - {Level.OFF})))
    who = draw(st.sampled_from(CODES if kind.key in {"together", "apart"} else (None, None, "A")))
    others = st.sampled_from([code for code in CODES if code != who])
    figures = {name: draw(values) for name, values in FIGURES.get(kind.key, {}).items()}
    dates = draw(st.sampled_from([(None, None), (start, None), (None, start + timedelta(5))]))
    valid = (start, None) if kind.key == "fixed_rotation" else dates
    setting = RuleSetting(kind.key, level, 3, who, draw(others), tuple(figures.items()), *valid)
    permit = (("reason", "liv och hälsa"), ("negotiated", "2026-12-01"))
    short = RuleSetting(
        "short_rest_permission", Level.HARD, parameters=permit, valid_from=start, valid_to=end
    )
    long = RuleSetting("long_shift_permission", Level.HARD, parameters=permit, valid_from=start, valid_to=end)
    carried = RuleSetting(
        "carried_balance", Level.HARD, employee="A", parameters=(("nights", "3"), ("weekends", "-2"))
    )
    more = draw(st.sets(st.sampled_from([short, long, carried])))
    return replace(ward, settings=(setting, *sorted(more, key=lambda each: each.rule)))


def problem_of(ward: WardData, kind: type[WardRule]) -> Problem:
    """Compile one rule alone."""
    builder = ProblemBuilder(WardFacts(ward))
    for rule in rule_set(ward).rules:
        if isinstance(rule, kind):
            COMPILERS[kind](rule, builder)
    return builder.problem()


@pytest.mark.parametrize(
    "kind", [kind for kind in RULES if issubclass(kind, RosterRule)], ids=lambda k: k.key
)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_evaluator_and_model_agree(kind: type[WardRule], data: st.DataObject) -> None:
    ward = data.draw(rules_of(kind, data.draw(wards())))
    row = st.lists(st.none() | st.integers(0, 5), min_size=ward.period.days, max_size=ward.period.days)
    rows = tuple(tuple(data.draw(row)) for _ in CODES)
    case = rule_set(ward).case(ward)
    for person, given_row in zip(case.people, rows, strict=True):
        person.row = {day: SHIFTS[shift].code for day, shift in enumerate(given_row) if shift is not None}
    problem = problem_of(ward, kind)
    own = [rule for rule in rule_set(ward).rules if isinstance(rule, kind)]
    broken = {breach.employee for rule in own if rule.hard for breach in rule.breaches(case)}
    alone = {code for number, code in enumerate(CODES) if [*broken_rules(problem, number, rows[number])]}
    assert alone | {CODES[limit.one] for limit, _ in broken_pairs(problem, rows)} == broken
    cost = sum(rule.weight * b.amount for rule in own if not rule.hard for b in rule.breaches(case))
    assert sum(breakdown(problem, rows).values()) == cost


def test_every_rule_is_compiled_and_has_a_name_of_its_own() -> None:
    assert set(COMPILERS) == {kind for kind in RULES if issubclass(kind, RosterRule)}
    assert len(BY_KEY) == len(RULES)
    for kind in RULES:
        rule = kind()
        if issubclass(kind, RosterRule):
            assert Level.HARD not in kind.levels or rule.rule
            assert Level.SOFT not in kind.levels or rule.term
