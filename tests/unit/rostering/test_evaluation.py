"""The independent evaluator finds a planted breach of every hard rule, and prices by hand-counted sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.timeline import Timeline, longest_rest
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Contract,
    Employee,
    Period,
    Pin,
    RosterType,
    RuleProfile,
    ShiftKind,
    ShiftType,
    Unit,
    WardData,
    WeeklyRequirement,
)
from samplan_rostering.domain.ward_rules.case import Person

START = date(2027, 1, 4)  # a Monday
FREE = RuleProfile(hours_band_minutes=100_000)


def one_person(roster_type: RosterType = RosterType.ROTATION_20, rules: RuleProfile = FREE) -> WardData:
    """Return a ward of one person, with a day, an evening and a night shift wanted each day."""
    shifts = (
        ShiftType("D", "Dag", ShiftKind.DAY, time(7, 0), time(15, 30), 30, 480),
        ShiftType("K", "Kväll", ShiftKind.EVENING, time(14, 0), time(21, 30), 30, 420),
        ShiftType("N", "Natt", ShiftKind.NIGHT, time(21, 0), time(7, 0), 0, 600),
        ShiftType("L", "Lång", ShiftKind.DAY, time(6, 0), time(21, 0), 60, 840),
    )
    return WardData(
        unit=Unit("P", "Prov"),
        period=Period(START, START + timedelta(days=13)),
        skills=(),
        shift_types=shifts,
        employees=(Employee("E1", "Prov Person", "ssk"),),
        contracts=(Contract("E1", START, None, Decimal(100), roster_type, 2180),),
        weekly_requirements=tuple(
            WeeklyRequirement(day, shift.code, None, 0, 0, None) for day in range(7) for shift in shifts
        ),
        rules=rules,
    )


def cells(*shifts: str) -> list[Assignment]:
    """Return the row of the one person: a shift's code a day, '-' for a free day."""
    return [Assignment("E1", day, shift) for day, shift in enumerate(shifts) if shift != "-"]


def broken(ward: WardData, row: list[Assignment]) -> set[Rule]:
    return {violation.rule for violation in evaluate_ward(ward, row).violations}


def test_a_good_row_breaks_nothing() -> None:
    assert broken(one_person(), cells("D", "D", "-", "K", "K", "-", "-", "D")) == set()


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("KD", Rule.REST_AFTER_SHIFT),
        ("ND", Rule.REST_AFTER_SHIFT),
        ("L", Rule.SHIFT_LENGTH),
        ("DDDDDD", Rule.CONSECUTIVE_DAYS),
        ("NNNN", Rule.CONSECUTIVE_NIGHTS),
        ("DKN-DKN", Rule.WEEKLY_REST),
    ],
)
def test_a_planted_breach_is_found(row: str, rule: Rule) -> None:
    assert rule in broken(one_person(), cells(*row))


def test_daily_rest_is_counted_within_the_persons_own_day() -> None:
    """AB § 13: eleven hours in each 24-hour period from the own day break, not merely between shifts."""
    ward = one_person()
    row = cells("-", "D", "-")  # 07:00-15:30: seven hours before it and eight and a half after, on its date
    assert broken(ward, row) == set()
    midnight = replace(ward, employees=(replace(ward.employees[0], day_break=time(0, 0)),))
    (breach,) = evaluate_ward(midnight, row).violations
    assert (breach.rule, breach.day, breach.measured, breach.limit) == (Rule.DAILY_REST, 1, 510, 660)
    assert breach.source == "AB13-DV"


def test_a_part_of_a_day_closes_what_overlaps_it_and_counts_by_its_length() -> None:
    ward = one_person()

    def away(start: time, end: time, *, days: int = 1, kind: AbsenceKind = AbsenceKind.VACATION) -> WardData:
        absence = Absence("E1", START, START + timedelta(days - 1), kind, start, end)
        return replace(ward, absences=(*ward.absences, absence))

    morning = away(time(8), time(12))
    assert [shift for shift in "DKNL" if Rule.ABSENCE in broken(morning, cells(shift))] == ["D", "L"]
    assert Rule.ABSENCE not in broken(away(time(15, 30), time(21)), cells("D")), "the end is no part of it"
    assert Rule.ABSENCE in broken(away(time(22), time(0)), cells("N"))
    assert Rule.ABSENCE in broken(away(time(6), time(8), days=2), cells("N")), "the night reaches into it"
    hours = [Person.of(each, each.employees[0]) for each in (ward, morning, away(time(0), time(0)))]
    whole = 2180 * 2
    assert [person.target_minutes() for person in hours] == [whole, whole - 240, round(whole * 13 / 14)]
    assert [person.credited_minutes(range(14)) for person in hours] == [0, 240, round(whole / 14)]
    assert Person.of(away(time(8), time(9), kind=AbsenceKind.TRAINING), ward.employees[0]).credited_minutes(
        range(14)
    ) == 0, "only vacation and sick leave count as worked"  # fmt: skip


def test_what_the_input_closes_is_closed() -> None:
    ward = one_person()
    away = replace(ward, absences=(Absence("E1", START, START, AbsenceKind.VACATION),))
    assert Rule.ABSENCE in broken(away, cells("D"))
    evening_before = replace(
        away, absences=(Absence("E1", START + timedelta(1), START + timedelta(1), AbsenceKind.SICK),)
    )
    assert Rule.ABSENCE in broken(evening_before, cells("N"))
    assert Rule.PIN in broken(replace(ward, pins=(Pin("E1", START, None),)), cells("D"))
    assert Rule.PIN in broken(replace(ward, pins=(Pin("E1", START, "K"),)), cells("D"))
    assert Rule.CONTRACT in broken(replace(ward, contracts=()), cells("D"))
    assert Rule.SKILL in broken(replace(ward, weekly_requirements=()), cells("D"))
    assert Rule.ROSTER_TYPE in broken(one_person(RosterType.DAY), cells("N"))
    assert Rule.ROSTER_TYPE in broken(one_person(RosterType.NIGHT), cells("D"))
    assert Rule.ONE_SHIFT in broken(ward, [*cells("D"), Assignment("E1", 0, "N")])
    assert Rule.UNKNOWN in broken(ward, [Assignment("E9", 0, "D")])
    assert Rule.UNKNOWN in broken(ward, [Assignment("E1", 99, "D")])


def test_contract_hours_are_a_band_around_the_period() -> None:
    ward = one_person(rules=RuleProfile(hours_band_minutes=0, hours_band_percent=0))
    (short,) = [v for v in evaluate_ward(ward, cells("D")).violations if v.rule is Rule.HOURS_MIN]
    assert (short.measured, short.limit, short.source) == (480, 2 * 2180, "AB13-BP")
    much = one_person(rules=RuleProfile(hours_band_minutes=0, hours_band_percent=0))
    much = replace(much, contracts=(replace(much.contracts[0], percentage=Decimal(5)),))
    assert Rule.HOURS_MAX in broken(much, cells("D", "D", "D"))


def test_a_night_over_the_october_change_is_an_hour_longer() -> None:
    ward = replace(one_person(), period=Period(date(2027, 10, 25), date(2027, 11, 7)))
    timeline = Timeline(ward)
    assert timeline.paid_minutes(5, "N") == 660  # Saturday to Sunday 31 October 2027
    assert timeline.paid_minutes(4, "N") == 600
    begin, end = timeline.interval(5, "N")
    assert longest_rest((begin, end), []) == 660


def test_soft_terms_are_priced_as_counted_by_hand() -> None:
    ward = one_person()
    needs = tuple(
        replace(row, minimum=1, target=2, maximum=2) for row in ward.weekly_requirements if row.shift == "D"
    )
    ward = replace(ward, weekly_requirements=needs)
    judged = evaluate_ward(ward, cells("D"))
    assert judged.uncovered == 13
    assert judged.breakdown[Term.UNDER_MINIMUM] == 13 * 1000
    assert judged.breakdown[Term.UNDER_TARGET] == (13 * 2 + 1) * 30
    assert judged.breakdown[Term.OVER_MAXIMUM] == 0


def test_a_benchmark_roster_is_judged_by_its_own_rules(own_instance: str) -> None:
    instance = parse_curtois(own_instance)
    row = [Assignment("A", day, "E") for day in (0, 1, 2, 3, 4, 5)] + [
        Assignment("B", 0, "L"),
        Assignment("B", 1, "E"),
    ]
    found = {(v.employee, v.rule) for v in evaluate_curtois(instance, row).violations}
    assert {
        ("A", Rule.ABSENCE),
        ("A", Rule.HOURS_MAX),
        ("A", Rule.MAX_SHIFTS),
        ("A", Rule.CONSECUTIVE_DAYS),
        ("B", Rule.SUCCESSION),
        ("B", Rule.HOURS_MIN),
        ("C", Rule.HOURS_MIN),
    } <= found
    assert evaluate_curtois(instance, row).breakdown[Term.SHIFT_ON] == 3
    lone = [Assignment("B", day, "E") for day in (0, 1, 3, 5, 6)]
    rules = {v.rule for v in evaluate_curtois(instance, lone).violations if v.employee == "B"}
    assert Rule.MIN_CONSECUTIVE in rules
