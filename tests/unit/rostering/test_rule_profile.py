"""The rule profile: what a ward may set, what is refused, and planted breaches counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Contract,
    Employee,
    HeldSkill,
    PastShift,
    Period,
    RosterType,
    RuleProfile,
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
)
from samplan_rostering.domain.ward_rules import RULES, rule_set
from samplan_rostering.domain.ward_rules.notice import Notice
from samplan_rostering.solver.solution import SolveOptions, Status
from samplan_rostering.solver.solve import solve_ward

START = date(2027, 1, 4)  # a Monday; Wednesday is Epiphany
SHIFTS = (
    ShiftType("D", "Dag", ShiftKind.DAY, time(7, 0), time(15, 30), 30, 480),
    ShiftType("K", "Kväll", ShiftKind.EVENING, time(13, 30), time(22, 0), 0, 510),
    ShiftType("N", "Natt", ShiftKind.NIGHT, time(21, 30), time(7, 15), 0, 585),
    ShiftType("T", "Tidig", ShiftKind.DAY, time(5, 0), time(12, 0), 30, 390),
    ShiftType("L", "Lång", ShiftKind.DAY, time(8, 0), time(1, 0), 60, 960),
    ShiftType("E", "Elva", ShiftKind.DAY, time(7, 0), time(18, 30), 30, 660),
)


def ward(*settings: RuleSetting, days: int = 14, percentage: int = 100) -> WardData:
    """Return a ward of two people in which nothing but some settings binds."""
    return WardData(
        unit=Unit("P", "Prov"),
        period=Period(START, START + timedelta(days - 1)),
        skills=(Skill("SSK", "Sjuksköterska"),),
        shift_types=SHIFTS,
        employees=(
            Employee("E1", "Ett", "Läkare", skills=(HeldSkill("SSK", None, START + timedelta(3)),)),
            Employee("E2", "Två", "Läkare"),
        ),
        contracts=tuple(
            Contract(code, START - timedelta(400), None, Decimal(percentage), RosterType.ROTATION_30, 2060)
            for code in ("E1", "E2")
        ),
        weekly_requirements=tuple(
            WeeklyRequirement(weekday, shift.code, None, 0, 0, None)
            for weekday in range(7)
            for shift in SHIFTS
        ),
        rules=RuleProfile(hours_band_minutes=100_000),
        settings=settings,
    )


def cells(rows: str, code: str = "E1") -> list[Assignment]:
    """Return a row: a shift's code a day, '-' for a free day."""
    return [Assignment(code, day, shift) for day, shift in enumerate(rows) if shift != "-"]


def hard(key: str, employee: str | None = None, other: str | None = None, **figures: object) -> RuleSetting:
    pairs = tuple((name, str(value)) for name, value in figures.items())
    return RuleSetting(key, Level.HARD, None, employee, other, pairs)


def soft(key: str, employee: str | None = None, other: str | None = None, **figures: object) -> RuleSetting:
    return replace(hard(key, employee, other, **figures), level=Level.SOFT, weight=7)


@pytest.mark.parametrize(
    ("setting", "row", "measured", "limit"),
    [
        (hard("breaks"), "K", 510, 300),
        (hard("night_risk"), "N", 585, 480),
        (hard("physician_window"), "--K", None, None),
        (hard("recommended_length"), "E", 690, 600),
        (hard("early_start"), "T", None, None),
        (hard("rest_after_nights"), "N-D", 1425, 2880),
        (hard("quick_return", minutes=960), "DD", 930, 960),
        (hard("consecutive_long"), "EEEEE", 5, 4),
        (hard("forward_rotation"), "N-KD", None, None),
        (hard("average_total", minutes=200, weeks=2), "D", 480, 400),
        (hard("average_ordinary", minutes=200), "D", 480, 400),
        (hard("night_average", minutes=30), "D", 480, 360),
        (hard("free_days", days=9, weeks=2), "DDDDD--DDDD---", 5, 9),
        (hard("nights_per_week", "E1"), "N--N", 2, 1),
        (hard("shift_count", shift="D", maximum=1), "D-D", 2, 1),
        (hard("shift_count", shift="D", minimum=3), "D-D", 2, 3),
        (hard("weekends_over", percent=0), "-----D", 1, 0),
        (hard("weekends_adjacent"), "-----D------D", 2, 1),
        (hard("whole_weekend"), "-----D", None, None),
        (hard("unwanted_pattern", pattern="D - D"), "D-D", None, None),
        (hard("wanted_pattern", pattern="D", then="D"), "D", None, None),
    ],
)
def test_a_planted_breach_of_a_hard_rule_is_found(
    setting: RuleSetting, row: str, measured: int | None, limit: int | None
) -> None:
    given = ward(setting)
    name = Rule.MAX_WEEKENDS if setting.rule == "weekends_over" else Rule(setting.rule)
    found = [v for v in evaluate_ward(given, cells(row)).violations if v.rule is name]
    assert [(v.employee, v.measured, v.limit) for v in found][:1] == [("E1", measured, limit)]
    off = replace(given, settings=(replace(setting, level=Level.OFF),))
    assert name not in {v.rule for v in evaluate_ward(off, cells(row)).violations}


def points(given: WardData, row: list[Assignment], term: Term) -> int:
    return evaluate_ward(given, row).breakdown[term]


def test_soft_rules_cost_their_weight_for_each_breach() -> None:
    assert points(ward(soft("early_start")), cells("T-T"), Term.EARLY_START) == 14
    assert points(ward(soft("skill_mix", skill="SSK")), cells("DDDDD"), Term.SKILL_MIX) == 7 * (14 * 6 - 4)
    both = [*cells("DD", "E1"), *cells("D-D", "E2")]
    assert points(ward(soft("together", "E1", "E2")), both, Term.TOGETHER) == 7
    assert points(ward(soft("apart", "E1", "E2")), both, Term.APART) == 7
    assert points(ward(soft("cost", hour=10, weekend_hour=5)), cells("D----D"), Term.COST) == 7 * (80 + 120)
    assert (
        points(ward(soft("uneven_holidays")), [*cells("--D"), *cells("D", "E2")], Term.UNEVEN_HOLIDAYS) == 0
    )
    owed = hard("carried_balance", "E1", nights=6)
    assert points(ward(soft("uneven_nights")), cells(""), Term.UNEVEN_NIGHTS) == 0
    assert points(ward(soft("uneven_nights"), owed), cells(""), Term.UNEVEN_NIGHTS) == 7 * 2 * 2
    rotation = replace(soft("fixed_rotation", "E1", pattern="D -"), valid_from=START)
    assert points(ward(rotation), cells("D--"), Term.FIXED_ROTATION) == 7 * 6
    assert points(ward(soft("week_spread"), percentage=20), cells("D-D-D"), Term.WEEK_SPREAD) == 7


def test_a_rotations_any_shift_is_let_off_where_a_part_of_a_day_leaves_none() -> None:
    def away(start: time, end: time) -> WardData:
        rotation = replace(soft("fixed_rotation", "E1", pattern="* -"), valid_from=START)
        part = Absence("E1", START, START, AbsenceKind.LEAVE, start, end)
        return replace(ward(rotation), absences=(part,))

    assert points(away(time(6), time(23)), cells(""), Term.FIXED_ROTATION) == 7 * 6
    assert points(away(time(3), time(4)), cells(""), Term.FIXED_ROTATION) == 7 * 7
    rule = replace(away(time(6), time(23)).settings[0], level=Level.HARD, weight=None)
    given = replace(away(time(6), time(23)), settings=(rule,))
    assert solve_ward(given, SolveOptions(seconds=5, workers=1, seed=1)).status is not Status.INFEASIBLE


def test_vacation_and_sick_leave_count_as_worked_and_the_past_counts() -> None:
    """Arbetstidslagen 10 b §: a week of vacation is a week worked by the contract, unpaid leave is none."""
    given = ward(hard("average_total", minutes=2400, weeks=2), days=7)
    past = tuple(PastShift("E1", START - timedelta(back), "D") for back in (3, 4, 5, 6, 7))
    known = replace(given, history=past)
    assert evaluate_ward(known, cells("DDDDD")).violations == ()
    away = replace(
        known, absences=(Absence("E1", START + timedelta(5), START + timedelta(6), AbsenceKind.SICK),)
    )
    (breach,) = [v for v in evaluate_ward(away, cells("EEEEE")).violations if v.rule is Rule.AVERAGE_TOTAL]
    assert (breach.measured, breach.limit) == (5 * 480 + 5 * 660 + 589, 4800)
    unpaid = replace(away, absences=(replace(away.absences[0], kind=AbsenceKind.LEAVE),))
    assert Rule.AVERAGE_TOTAL in {v.rule for v in evaluate_ward(unpaid, cells("EEEEE")).violations}
    assert Rule.AVERAGE_TOTAL not in {v.rule for v in evaluate_ward(unpaid, cells("DDDDD")).violations}


def permit(key: str, **figures: object) -> RuleSetting:
    setting = hard(key, reason="liv och hälsa", negotiated="2026-12-01", **figures)
    return replace(setting, valid_from=START, valid_to=START + timedelta(6))


def test_nine_hours_of_rest_need_a_permission_and_are_made_good() -> None:
    """AB § 13 mom. 8 a: evening until 22:00 and day from 07:00 leave nine hours."""
    row = cells("KD")
    assert Rule.REST_AFTER_SHIFT in {v.rule for v in evaluate_ward(ward(), row).violations}
    allowed = ward(permit("short_rest_permission"))
    assert Rule.REST_AFTER_SHIFT not in {v.rule for v in evaluate_ward(allowed, row).violations}
    later = cells("-------KD")
    assert Rule.REST_AFTER_SHIFT in {v.rule for v in evaluate_ward(allowed, later).violations}
    owed = [v for v in evaluate_ward(allowed, cells("KDT")).violations if v.day == 2]
    assert [(v.rule, v.measured, v.limit) for v in owed if v.rule is Rule.REST_AFTER_SHIFT] == []
    tight = replace(allowed, settings=(permit("short_rest_permission", minutes=540),))
    late = replace(SHIFTS[3], start=time(2, 30), end=time(9, 0))
    tight = replace(tight, shift_types=(*SHIFTS[:3], late, *SHIFTS[4:]))
    (breach,) = [
        v
        for v in evaluate_ward(tight, cells("KDT")).violations
        if (v.rule, v.day) == (Rule.REST_AFTER_SHIFT, 2)
    ]
    assert (breach.measured, breach.limit) == (660, 780)


def test_seventeen_hours_need_a_permission_and_as_long_a_rest() -> None:
    assert Rule.SHIFT_LENGTH in {v.rule for v in evaluate_ward(ward(), cells("L")).violations}
    allowed = ward(permit("long_shift_permission"), RuleSetting("recommended_length", Level.OFF))
    assert evaluate_ward(allowed, cells("L--D")).violations == ()
    (breach,) = [v for v in evaluate_ward(allowed, cells("LK")).violations if v.rule is Rule.REST_AFTER_SHIFT]
    assert (breach.day, breach.measured, breach.limit) == (1, 750, 1020)
    assert Rule.SHIFT_LENGTH in {v.rule for v in evaluate_ward(allowed, cells("-------L")).violations}
    assert validate(allowed) == []
    assert any(fault.entity == "shift_type" for fault in validate(ward()))


@pytest.mark.parametrize(
    ("setting", "field", "expected"),
    [
        (hard("nonsense"), "rule", Expected.KNOWN_RULE),
        (soft("daily_rest"), "level", Expected.LEVEL),
        (hard("quick_return", "E9"), "employee", Expected.KNOWN_EMPLOYEE),
        (hard("quick_return", hours=9), "parameters", Expected.FIGURES),
        (hard("quick_return", minutes="nine"), "parameters", Expected.FIGURES),
        (hard("quick_return", minutes=10**9), "parameters", Expected.BETWEEN),
        (replace(soft("quick_return"), weight=10**9), "weight", Expected.BETWEEN),
        (replace(soft("quick_return"), weight=-1), "weight", Expected.BETWEEN),
        (hard("shift_count", shift="D", minimum=5, maximum=2), "parameters", Expected.SOUND),
        (hard("shift_count", shift="X"), "parameters", Expected.KNOWN_SHIFT),
        (hard("unwanted_pattern", pattern="D X"), "parameters", Expected.KNOWN_SHIFT),
        (hard("unwanted_pattern", pattern="- -"), "parameters", Expected.SOUND),
        (soft("skill_mix", skill="X"), "parameters", Expected.KNOWN_SKILL),
        (soft("together", "E1", "E1"), "other", Expected.SOUND),
        (hard("average_ordinary", weeks=3), "parameters", Expected.SOUND),
        (hard("short_rest_permission"), "parameters", Expected.SOUND),
        (replace(permit("short_rest_permission"), valid_to=None), "valid_to", Expected.SOUND),
        (permit("short_rest_permission", minutes=400), "parameters", Expected.SOUND),
        (
            replace(hard("breaks"), valid_from=START, valid_to=date(2026, 1, 1)),
            "valid_to",
            Expected.NOT_BEFORE,
        ),
    ],
)
def test_what_cannot_be_set_is_refused(setting: RuleSetting, field: str, expected: Expected) -> None:
    found = [(fault.field, fault.expected) for fault in validate(ward(setting)) if fault.entity == "setting"]
    assert (field, expected) in found
    twice = validate(ward(hard("breaks"), hard("breaks")))
    assert [fault.expected for fault in twice if fault.entity == "setting"] == [Expected.UNIQUE]


def test_shorter_rest_and_longer_shifts_cannot_be_had_by_the_sheet_of_limits() -> None:
    lax = replace(ward(), rules=RuleProfile(daily_rest_minutes=540, max_shift_minutes=900))
    fields = {fault.field for fault in validate(lax) if fault.entity == "rules"}
    assert fields == {"daily_rest_minutes", "max_shift_minutes"}


def test_ten_thousand_employees_are_refused_in_words() -> None:
    crowd = tuple(Employee(f"E{number}", "", "") for number in range(10_000))
    found = [f for f in validate(replace(ward(), employees=crowd)) if f.expected is Expected.BETWEEN]
    assert "employee, code: '10000', expected a number from 1 to 3000" in [str(fault) for fault in found]


def test_a_row_for_one_takes_the_place_of_the_rule_for_all() -> None:
    given = ward(hard("consecutive_days", "E1", limit=2))
    both = [*cells("DDD", "E1"), *cells("DDD", "E2")]
    broken = {v.employee for v in evaluate_ward(given, both).violations if v.rule is Rule.CONSECUTIVE_DAYS}
    assert broken == {"E1"}
    kinds = [rule.key for rule in rule_set(given).rules]
    assert kinds.count("consecutive_days") == 2
    assert all(rule.usual in rule.levels for rule in RULES)


def test_notice_is_counted_in_days_from_today() -> None:
    late = list(Notice().late([("E1", 3), ("E1", 20), ("E2", 14)], today=1))
    assert [(b.employee, b.measured, b.limit) for b in late] == [("E1", 2, 14), ("E2", 13, 14)]
    assert rule_set(ward(RuleSetting("notice", Level.OFF))).notice.days == 0


def test_a_ward_with_a_profile_is_rostered_by_it(small_ward: Callable[..., WardData]) -> None:
    given = small_ward(5, 14)
    one, two = given.employees[0].code, given.employees[1].code
    given = replace(
        given,
        settings=(
            hard("nights_per_week", one),
            hard("rest_after_nights"),
            hard("free_days"),
            hard("unwanted_pattern", pattern="D - D"),
            soft("apart", one, two),
            soft("whole_weekend"),
            soft("uneven_holidays"),
        ),
    )
    solution = solve_ward(given, SolveOptions(seconds=3, workers=1))
    assert solution.status in {Status.OPTIMAL, Status.FEASIBLE}
    judged = evaluate_ward(given, solution.assignments)
    assert (judged.violations, judged.objective) == ((), solution.objective)
