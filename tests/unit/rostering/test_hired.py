"""Those who are hired: the same rules on rest as own staff, none on employment, and nothing by the search."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.recommend import recommend
from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.hired import Hired, WorkElsewhere
from samplan_rostering.domain.locks import LockChoice, with_locks
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.scenario.base import chosen
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import (
    Contract,
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
from samplan_rostering.queries.figures.of_roster import key_figures
from samplan_rostering.queries.rosters.fairness import fairness
from samplan_rostering.queries.rosters.grid import roster_grid
from samplan_rostering.solver.solution import SolveOptions
from samplan_rostering.solver.solve import solve_ward
from samplan_rostering.workbook import read_ward, write_ward

MONDAY = date(2027, 3, 1)
VIKA = Employee("V-7", "", "Sjuksköterska", skills=(HeldSkill("SSK"),), hired=Hired("Vikarie AB"))


def ward_of(hired: Employee = VIKA, *pins: Pin, evening: time = time(20, 30)) -> WardData:
    """Return two weeks with somebody employed and somebody hired; the evening shift may end later."""
    return WardData(
        unit=Unit("A1", "Avdelning 1"),
        period=Period(MONDAY, MONDAY + timedelta(days=13)),
        skills=(Skill("SSK", "Sjuksköterska"),),
        shift_types=(
            ShiftType("D", "Dag", ShiftKind.DAY, time(7), time(15, 30), 30, 480),
            ShiftType("K", "Kväll", ShiftKind.EVENING, time(13), evening, 30, 420),
            ShiftType("N", "Natt", ShiftKind.NIGHT, time(21), time(7), 0, 600),
        ),
        employees=(Employee("E1", "Egen", "Sjuksköterska", skills=(HeldSkill("SSK"),)), hired),
        contracts=(Contract("E1", date(2020, 1, 1), None, Decimal(50), RosterType.ROTATION_20, 2180),),
        weekly_requirements=tuple(
            WeeklyRequirement(day, shift, "SSK", 1, 1, None) for day in range(7) for shift in "DKN"
        ),
        pins=pins,
    )


def broken(ward: WardData, *cells: tuple[int, str]) -> set[tuple[Rule, int | None]]:
    found = evaluate_ward(ward, [Assignment("V-7", day, shift) for day, shift in cells]).violations
    return {(violation.rule, violation.day) for violation in found if violation.employee == "V-7"}


def test_rest_just_breaks_and_just_holds() -> None:
    rest = replace(VIKA, day_break=time(7))  # the rest from 20:00 to 7:00 is 11 h within its own 24 hours
    ward = ward_of(rest, evening=time(20))
    assert broken(ward, (0, "K"), (1, "D")) == set()
    late = ward_of(rest, evening=time(20, 1))
    assert broken(late, (0, "K"), (1, "D")) == {(Rule.REST_AFTER_SHIFT, 1), (Rule.DAILY_REST, 0)}
    nights = [(day, "N") for day in range(4)]
    assert broken(ward_of(), *nights[:3]) == set()
    assert (Rule.CONSECUTIVE_NIGHTS, 0) in broken(ward_of(), *nights)


def elsewhere(*begins: str, hours: float = 8.5, standby: float = 0) -> tuple[WorkElsewhere, ...]:
    """Return shifts of V-7 in another ward, by when they begin in UTC, an hour before the ward's clocks."""
    found = []
    for text in begins:
        start = datetime.fromisoformat(text).replace(tzinfo=UTC)
        ends = start + timedelta(hours=hours)
        found.append(WorkElsewhere("V-7", start, ends - timedelta(hours=standby), ends))
    return tuple(found)


@pytest.mark.parametrize(
    ("work", "found"),
    [
        # The evening ends at 20, the own 24 hours begin at 7: 11 h are left until 7, not quite until 6:59.
        (elsewhere("2027-03-02T06:00"), set()),
        (elsewhere("2027-03-02T05:59"), {(Rule.REST_AFTER_SHIFT, 0), (Rule.DAILY_REST, 0)}),
        # From another ward's end at 2:00 there are 11 h to 13; what its night leaves is told there.
        (elsewhere("2027-02-28T16:30"), set()),
        (elsewhere("2027-02-28T16:31"), {(Rule.REST_AFTER_SHIFT, 0)}),
        # At the same time in two wards; standby is no work to rest from.
        (elsewhere("2027-03-01T13:00"), {(Rule.REST_AFTER_SHIFT, 0)}),
        (elsewhere("2027-03-02T05:59", hours=4, standby=4), set()),
        # What the other wards have broken among themselves is told there.
        (elsewhere("2027-03-08T06:00", "2027-03-08T20:00", "2027-03-09T06:00"), set()),
    ],
)
def test_rest_is_judged_over_all_wards(
    work: tuple[WorkElsewhere, ...], found: set[tuple[Rule, int | None]]
) -> None:
    """The own evening shift is from 13 to 20 on the first Monday; the other ward's shifts take 8.5 h."""
    ward = ward_of(replace(VIKA, day_break=time(7)), evening=time(20))
    assert broken(replace(ward, elsewhere=work), (0, "K")) == found
    assert broken(replace(ward, elsewhere=work)) == set(), "without own shifts nothing is broken here"
    own = tuple(replace(one, employee="E1") for one in work)
    assert broken(replace(ward, elsewhere=own), (0, "K")) == set(), "it is somebody else's work"


def test_the_weekly_rest_is_one_over_all_wards() -> None:
    """Own days of 7 to 15:30 until Friday; work on Sunday from 3:30 leaves 36 h, earlier it does not."""
    days = [(day, "D") for day in range(5)]
    for begins, rules in (("2027-03-07T02:30", set()), ("2027-03-07T02:29", {(Rule.WEEKLY_REST, 0)})):
        work = elsewhere(begins, "2027-03-07T20:00", hours=4)
        assert broken(replace(ward_of(), elsewhere=work), *days) == rules, begins
    assert broken(ward_of(), *days) == set()


def test_there_is_no_contract_to_keep_but_what_was_agreed_on() -> None:
    many = [(day, "D") for day in (0, 1, 2, 3, 4, 6, 7, 8, 9, 10)]
    assert broken(ward_of(), *many) == set(), "no limit was agreed on"
    tenth = replace(VIKA, hired=Hired("Vikarie AB", most_minutes=10 * 480))
    assert broken(ward_of(tenth), *many) == set()
    less = replace(VIKA, hired=Hired("Vikarie AB", most_minutes=10 * 480 - 1))
    assert broken(ward_of(less), *many) == {(Rule.HOURS_MAX, None)}
    week = replace(VIKA, hired=Hired("Vikarie AB", MONDAY, MONDAY + timedelta(days=6)))
    assert broken(ward_of(week), (6, "D"), (7, "D")) == {(Rule.CONTRACT, 7)}
    until = replace(VIKA, skills=(HeldSkill("SSK", None, MONDAY),))
    assert broken(ward_of(until), (0, "D"), (1, "D")) == {(Rule.SKILL, 1)}


def test_what_is_about_employment_costs_nothing() -> None:
    weekends = [Assignment("V-7", day, "D") for day in (5, 6, 12, 13)]
    spared = {Term.WEEKENDS_OVER, Term.WEEKENDS_ADJACENT, Term.UNEVEN_WEEKENDS}
    of_hired = evaluate_ward(ward_of(), weekends).breakdown
    assert {term for term in spared if of_hired.get(term)} == set()
    own = replace(VIKA, hired=None)
    contract = Contract("V-7", date(2020, 1, 1), None, Decimal(50), RosterType.ROTATION_20, 2180)
    ward = ward_of(own)
    employed = replace(ward, contracts=(*ward.contracts, contract))
    assert evaluate_ward(employed, weekends).breakdown[Term.WEEKENDS_OVER] > 0


def test_the_search_keeps_what_somebody_is_hired_for_and_gives_nothing_more() -> None:
    pins = Pin("V-7", MONDAY, "N"), Pin("V-7", MONDAY + timedelta(days=5), "D")
    ward = ward_of(VIKA, *pins)
    for choice in (LockChoice.PERIOD, LockChoice.NOTHING):
        found = solve_ward(with_locks(ward, choice), SolveOptions(seconds=1, workers=1, seed=1)).assignments
        assert {(c.day, c.shift) for c in found if c.employee == "V-7"} == {(0, "N"), (5, "D")}
        assert any(c.employee == "E1" for c in found)
        assert evaluate_ward(ward, found).violations == ()


def test_somebody_hired_counts_but_is_not_suggested() -> None:
    ward = ward_of()
    worked = [Assignment("V-7", 0, "D")]
    judge = Judge(ward, worked)
    assert (0, "D") not in {(gap.day, gap.shift) for gap in judge.before.gaps}
    found = recommend(judge, 1, "D", "SSK")
    assert {change.employee for s in found.suggestions for change in s.effect.changes} == {"E1"}
    assert [person.employee for person in fairness(ward, worked).people] == ["E1"]
    figures = key_figures(ward, worked)
    assert figures.rostered_minutes == 0
    assert figures.agency_minutes == 480 + 13 * 480 + 14 * (420 + 600)
    assert [p.code for p in chosen(ward, (), ())] == ["E1"]
    assert [p.code for p in chosen(ward, ("V-7",), ())] == ["V-7"]


def test_the_grid_has_a_row_without_signs_of_locks() -> None:
    ward = ward_of(VIKA, Pin("V-7", MONDAY, "D"), Pin("E1", MONDAY, None))
    rows = roster_grid(ward, [Assignment("V-7", 0, "D")], {}).people
    assert [row.employee.code for row in rows] == ["E1", "V-7"]
    assert [row.cells[0].locked for row in rows] == [True, False]
    assert (rows[1].hours.rostered, rows[1].percentages) == (480, ())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_workbook_gives_hired_people_back(language: str) -> None:
    full = replace(VIKA, hired=Hired("Vikarie AB", MONDAY, MONDAY + timedelta(days=9), 80 * 60 + 30))
    for hired in (VIKA, full):
        ward = ward_of(hired, Pin("V-7", MONDAY, "D"))
        assert read_ward(write_ward(ward, language)) == ward  # type: ignore[arg-type] # a literal


def test_wrong_input_is_told() -> None:
    def faults(ward: WardData) -> list[tuple[str, str, Expected]]:
        return [(fault.entity, fault.field, fault.expected) for fault in validate(ward)]

    assert faults(ward_of()) == []
    wrong = Hired(" ", MONDAY, MONDAY - timedelta(days=1), 0)
    assert faults(ward_of(replace(VIKA, hired=wrong))) == [
        ("employee", "supplier", Expected.CODE),
        ("employee", "hired_to", Expected.NOT_BEFORE),
        ("employee", "most_minutes", Expected.BETWEEN),
    ]
    ward = ward_of()
    employed = replace(
        ward,
        contracts=(*ward.contracts, replace(ward.contracts[0], employee="V-7")),
        wishes=(Wish("V-7", MONDAY, WishKind.OFF, None, 1),),
    )
    assert faults(employed) == [
        ("contract", "employee", Expected.OWN_STAFF),
        ("wish", "employee", Expected.OWN_STAFF),
    ]
