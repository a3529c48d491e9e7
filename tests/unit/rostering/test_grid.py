"""The roster grid, coverage and hours as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_rostering import labels
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.curtois_text import TextExpected
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Contract,
    DatedRequirement,
    Employee,
    HeldSkill,
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
from samplan_rostering.queries.rosters.checks import check_ward
from samplan_rostering.queries.rosters.coverage import Level, coverage
from samplan_rostering.queries.rosters.grid import roster_grid
from samplan_rostering.queries.rosters.hours import hours_by_employee
from samplan_rostering.services.periods.sources import EXPECTED

MONDAY = date(2027, 1, 4)
WARD = WardData(
    unit=Unit("A", "Avdelning"),
    period=Period(MONDAY, date(2027, 1, 17)),
    skills=(Skill("SSK", "Sjuksköterska"),),
    shift_types=(
        ShiftType("D", "Dag", ShiftKind.DAY, time(7), time(15, 30), 30, 480),
        ShiftType("N", "Natt", ShiftKind.NIGHT, time(21), time(7), 0, 600),
    ),
    employees=(
        Employee("A", "Alva", "Sjuksköterska", skills=(HeldSkill("SSK", None, date(2027, 1, 5)),)),
        Employee("B", "Bo", "Undersköterska"),
    ),
    contracts=tuple(
        Contract(code, date(2020, 1, 1), None, Decimal(50), RosterType.ROTATION_20, 2180) for code in "AB"
    ),
    weekly_requirements=(
        WeeklyRequirement(0, "D", None, 1, 2, 2),
        WeeklyRequirement(0, "D", "SSK", 1, 1, None),
        WeeklyRequirement(1, "D", "SSK", 1, 1, None),
    ),
    dated_requirements=(DatedRequirement(date(2027, 1, 11), "D", None, 0, 0, 0),),
    absences=(Absence("B", date(2027, 1, 1), date(2027, 1, 6), AbsenceKind.SICK),),
    wishes=(
        Wish("A", MONDAY, WishKind.WANT, "D", 1),
        Wish("A", date(2027, 1, 5), WishKind.OFF, None, 1),
        Wish("B", date(2027, 1, 8), WishKind.AVOID, "N", 1),
    ),
    pins=(Pin("B", date(2027, 1, 7), None),),
)


def test_people_count_where_they_hold_the_skill_that_day() -> None:
    cells = [Assignment("A", 0, "D"), Assignment("A", 1, "D"), Assignment("A", 7, "D")]
    needs = {(need.day, need.skill): need for need in coverage(WARD, cells)}

    assert [(key, need.staffed, need.level) for key, need in needs.items()] == [
        ((0, None), 1, Level.BELOW_TARGET),
        ((0, "SSK"), 1, Level.MET),
        ((1, "SSK"), 1, Level.MET),
        ((7, None), 1, Level.ABOVE_MAXIMUM),  # the exception replaces the weekly row
        ((7, "SSK"), 0, Level.BELOW_MINIMUM),  # no longer valid
        ((8, "SSK"), 0, Level.BELOW_MINIMUM),
    ]
    assert needs[0, None].missing == 1
    assert needs[7, None].missing == 0


def test_hours_are_those_of_the_shifts_against_the_contract_without_absence() -> None:
    hours = hours_by_employee(WARD, [Assignment("A", 0, "D"), Assignment("A", 2, "N")])

    assert (hours["A"].rostered, hours["A"].contract, hours["A"].deviation) == (1080, 2180, -1100)
    assert (hours["B"].rostered, hours["B"].contract) == (0, round(2180 * 11 / 14))


def test_the_grid_has_a_cell_for_each_person_and_day() -> None:
    grid = roster_grid(WARD, [Assignment("A", 0, "D"), Assignment("A", 1, "D")], {("A", 1): ("brott",)})
    first, second = grid.people

    assert [len(person.cells) for person in grid.people] == [14, 14]
    assert [(week.number, week.days) for week in grid.weeks] == [(1, 7), (2, 7)]
    assert [day.on for day in grid.holidays] == [date(2027, 1, 6)]
    assert [cell.shift.code if cell.shift else None for cell in first.cells[:3]] == ["D", "D", None]
    assert first.cells[1].breaches == ("brott",)
    assert [mark.met for cell in first.cells for mark in cell.wishes] == [True, False]
    assert [mark.met for cell in second.cells for mark in cell.wishes] == [True]
    assert [cell.absence is not None for cell in second.cells[:5]] == [True, True, True, False, False]
    assert [cell.day.number for cell in second.cells if cell.locked] == [3]
    assert first.percentages == (50,)
    assert [(row.shift.code, row.skill and row.skill.code) for row in grid.coverage] == [
        ("D", None),
        ("D", "SSK"),
    ]
    assert [need.day for need in grid.unmet] == [0, 7, 8]


def test_weekends_and_holidays_are_red() -> None:
    grid = roster_grid(WARD, [], {})
    assert [day.number for day in grid.days if day.red] == [2, 5, 6, 12, 13]


def test_a_period_may_begin_and_end_within_a_week() -> None:
    short = replace(WARD, period=Period(date(2026, 12, 31), date(2027, 1, 4)), wishes=(), pins=())
    grid = roster_grid(replace(short, dated_requirements=()), [], {})
    assert [(week.number, week.days) for week in grid.weeks] == [(53, 4), (1, 1)]


def test_a_check_names_people_dates_figures_and_sources() -> None:
    check = check_ward(WARD, evaluate_ward(WARD, [Assignment("B", 0, "N"), Assignment("X", 0, "D")]))
    by_rule = {breach.rule: breach for breach in check.breaches}

    assert by_rule["unknown"].row is None
    assert by_rule["absence"].row == 2
    assert "Bo: " in by_rule["absence"].text
    assert "2027-01-04" in by_rule["absence"].text
    assert "AB13-BP" in by_rule["hours_min"].text
    assert check.uncovered > 0
    assert check.objective == sum(check.breakdown.values())


def test_every_rule_term_and_fault_has_words() -> None:
    assert set(labels.RULES) == set(Rule)
    assert set(labels.TERMS) == set(Term)
    assert set(EXPECTED) == set(TextExpected)
    for expected, text in EXPECTED.items():
        data = {"count": "1", "low": "0", "high": "9"}
        assert str(text(data)) == expected % data


@pytest.mark.parametrize(
    ("minutes", "sign", "shown"),
    [(90, False, "1:30"), (-45, True, "−0:45"), (60, True, "+1:00"), (0, True, "0:00")],
)
def test_minutes_are_shown_as_hours(minutes: int, sign: bool, shown: str) -> None:
    assert labels.clock_minutes(minutes, sign=sign) == shown


def test_public_holidays_have_their_swedish_names() -> None:
    assert public_holiday(date(2027, 6, 26)) == "Midsommardagen"
    assert public_holiday(date(2027, 1, 3)) is None  # a plain Sunday


@given(st.integers(1, 50), st.data())
def test_coverage_counts_each_person_once_a_row(seed: int, data: st.DataObject) -> None:
    ward = demo_ward(seed)
    cell = st.builds(
        Assignment,
        st.sampled_from([person.code for person in ward.employees]),
        st.integers(0, ward.period.days - 1),
        st.sampled_from([shift.code for shift in ward.shift_types]),
    )
    cells = data.draw(st.lists(cell, unique_by=lambda item: (item.employee, item.day), max_size=40))
    working = {(item.day, item.shift) for item in cells}
    for need in coverage(ward, cells):
        present = sum((item.day, item.shift) == (need.day, need.shift) for item in cells)
        assert 0 <= need.staffed <= present
        assert need.staffed == 0 or (need.day, need.shift) in working
