"""Re-planning: the past stays, changes are few, priced by notice and told exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.explain.news import Away, News, Prices, forced, with_news
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Contract,
    DatedRequirement,
    Employee,
    HeldSkill,
    Pin,
    RosterType,
    WardData,
    WeeklyRequirement,
)
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.parts import PartSolver
from samplan_rostering.solver.problem import Part
from samplan_rostering.solver.replan.plan import Replan, ReplanOptions, replan
from samplan_rostering.solver.replan.rows import assignments_of, with_row_locked
from samplan_rostering.solver.replan.tolerance import tolerant
from samplan_rostering.solver.solve import roster_of

Make = Callable[..., WardData]
QUIET = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
BROAD = frozenset({Rule.REST_AFTER_SHIFT, Rule.ABSENCE, Rule.SKILL, Rule.CONTRACT, Rule.ROSTER_TYPE})


def nurses(small_ward: Make, days: int = 21) -> WardData:
    """Return a ward of three nurses without limits of hours; one is needed by day on every weekday."""
    ward = small_ward(7, days, hours_band_minutes=100_000, weight_uneven_weekends=0, weight_uneven_nights=0)
    start = ward.period.start
    return replace(
        ward,
        employees=tuple(
            Employee(code, code, "Sjuksköterska", skills=(HeldSkill("SSK"),)) for code in ("E1", "E2", "E3")
        ),
        contracts=tuple(
            Contract(code, start - timedelta(days=90), None, Decimal(100), RosterType.ROTATION_20, 2180)
            for code in ("E1", "E2", "E3")
        ),
        weekly_requirements=tuple(
            WeeklyRequirement(
                day, shift, "SSK", int(shift == "D" and day < 5), int(shift == "D" and day < 5), None
            )
            for day in range(7)
            for shift in ("D", "K", "N")
        ),
    )


def by_day(ward: WardData, code: str = "E1") -> list[Assignment]:
    """Let one nurse work every weekday."""
    return [Assignment(code, day, "D") for day in range(ward.period.days) if day % 7 < 5]


def sick(ward: WardData, code: str, first: int, last: int) -> WardData:
    absence = Absence(code, ward.period.date_of(first), ward.period.date_of(last), AbsenceKind.SICK)
    return replace(ward, absences=(*ward.absences, absence))


def told(answer: Replan) -> list[tuple[str, int, str, str, int, bool]]:
    return [
        (c.cell.employee, c.cell.day, c.cell.before, c.cell.after, c.price, c.forced) for c in answer.changes
    ]


def test_a_colleague_who_is_free_takes_over_from_the_sick_one(small_ward: Make) -> None:
    ward = sick(nurses(small_ward), "E1", 2, 2)
    answer = replan(ward, [*by_day(ward), Assignment("E2", 3, "K")], ReplanOptions(first=2, today=1))
    changes = told(answer)
    assert changes[0] == ("E1", 2, "D", "", 0, True)
    assert [(c[0] in {"E2", "E3"}, *c[1:]) for c in changes[1:]] == [(True, 2, "", "D", 100, False)]
    assert (answer.price, answer.gaps, answer.broken, answer.kept) == (100, (), (), ())
    assert [change.notice for change in answer.changes] == [1, 1]
    assert answer.effect.points == -(1000 + 30)


def test_who_is_away_beyond_the_period_loses_the_shifts_within_it(small_ward: Make) -> None:
    ward = nurses(small_ward)
    away = News((Away("E1", ward.period.date_of(15), date.max),))
    lost = forced(ward, away, by_day(ward), 0)
    assert [(c.employee, c.day, c.before, c.after) for c in lost] == [
        ("E1", day, "D", "") for day in range(15, 19)
    ]


def test_who_is_away_for_a_part_of_the_day_loses_the_shifts_that_reach_into_it(small_ward: Make) -> None:
    ward = nurses(small_ward)
    on, cells = ward.period.date_of, [*by_day(ward), Assignment("E2", 1, "N"), Assignment("E2", 2, "K")]
    early = News((Away("E1", on(1), on(2), time(6), time(8)), Away("E2", on(2), on(2), time(6), time(8))))
    lost = forced(ward, early, cells, 0)
    assert [(c.employee, c.day, c.before) for c in lost] == [("E1", 1, "D"), ("E1", 2, "D"), ("E2", 1, "N")]
    assert len(forced(ward, early, cells, 2)) == 1, "what has begun before today stays"
    late = News((Away("E1", on(1), on(1), time(20), time(0)),))
    assert forced(ward, late, cells, 0) == ()
    assert with_news(ward, late).absences[-1].clock == (1200, 1440)


def test_short_notice_costs_more_and_who_was_told_already_most(small_ward: Make) -> None:
    ward = nurses(small_ward)
    prices = Prices(later=50, soon=100, told=70)
    published = by_day(ward)
    for day, price in ((14, 50), (13, 100)):
        answer = replan(
            sick(ward, "E1", 15, 15), published, ReplanOptions(first=1, today=15 - day, prices=prices)
        )
        assert answer.price == price
    for called in ("E2", "E3"):
        options = ReplanOptions(first=1, today=1, prices=prices, told=frozenset({(called, 15)}))
        answer = replan(sick(ward, "E1", 15, 15), published, options)
        (taken,) = [change for change in answer.changes if not change.forced]
        assert taken.cell.employee not in {"E1", called}
    both = frozenset({("E2", 15), ("E3", 15)})
    answer = replan(
        sick(ward, "E1", 15, 15), published, ReplanOptions(first=1, today=1, prices=prices, told=both)
    )
    assert answer.price == 120


def test_a_target_that_is_not_met_is_not_worth_a_change(small_ward: Make) -> None:
    ward = nurses(small_ward)
    needs = tuple(replace(row, minimum=0) for row in ward.weekly_requirements)
    ward = replace(ward, weekly_requirements=needs)
    answer = replan(sick(ward, "E1", 2, 2), by_day(ward), ReplanOptions(first=2, today=2))
    assert told(answer) == [("E1", 2, "D", "", 0, True)]


def test_new_demand_is_met_and_gaps_of_before_stay_as_they_are(small_ward: Make) -> None:
    before = nurses(small_ward)
    published = [cell for cell in by_day(before) if cell.day != 7]  # a gap that was published
    more = DatedRequirement(before.period.date_of(5), "N", "SSK", 1, 1, None)
    ward = replace(before, dated_requirements=(more,))
    answer = replan(ward, published, ReplanOptions(first=3, today=3), before)
    assert [(c.cell.day, c.cell.after) for c in answer.changes] == [(5, "N")]
    assert [(gap.day, gap.shift) for gap in answer.gaps] == [(7, "D")]
    wide = replan(ward, published, ReplanOptions(first=3, today=3, everywhere=True, seconds=6), before)
    assert wide.gaps == ()
    assert wide.broken == ()


def test_what_the_past_has_broken_is_told_and_not_refused(small_ward: Make) -> None:
    ward = nurses(small_ward)
    published = [cell for cell in by_day(ward) if cell.day != 4]
    published += [Assignment("E2", 0, "N"), Assignment("E2", 1, "D"), Assignment("E1", 5, "D")]
    published += [Assignment("E1", 4, "D"), Assignment("E1", 6, "D")]
    answer = replan(sick(ward, "E1", 9, 9), published, ReplanOptions(first=8, today=8))
    assert {violation.rule for violation in answer.kept} >= {Rule.REST_AFTER_SHIFT, Rule.CONSECUTIVE_DAYS}
    assert {cell for cell in answer.assignments if cell.day < 8} == {c for c in published if c.day < 8}
    assert [violation for violation in answer.broken if violation.day is not None] == []
    assert (9, "D") in {(cell.day, cell.shift) for cell in answer.assignments}


def test_a_run_that_is_too_long_already_ends_at_the_first_day(small_ward: Make) -> None:
    ward = nurses(small_ward)
    published = [Assignment("E1", day, "D") for day in range(9)]
    answer = replan(ward, published, ReplanOptions(first=7, today=7))
    assert {c.cell.day for c in answer.changes if c.cell.employee == "E1" and not c.cell.after} == {7}
    assert (Rule.CONSECUTIVE_DAYS, 0, 7) in {(v.rule, v.day, v.measured) for v in answer.kept}


def test_a_shift_locked_in_the_new_absence_is_a_clash_and_nothing_changes(small_ward: Make) -> None:
    ward = sick(nurses(small_ward), "E1", 2, 2)
    ward = replace(ward, pins=(Pin("E1", ward.period.date_of(2), "D"),))
    answer = replan(ward, by_day(ward), ReplanOptions(first=1, today=1))
    assert answer.changes == ()
    (clash,) = answer.clashes
    assert {part.rule for part in clash.parts} == {Rule.PIN, Rule.ABSENCE}


def test_what_is_no_roster_of_the_ward_is_refused(small_ward: Make) -> None:
    ward = nurses(small_ward)
    for cell in (Assignment("X", 0, "D"), Assignment("E1", -1, "D"), Assignment("E1", 0, "X")):
        with pytest.raises(ValueError, match="not one of this ward"):
            replan(ward, [cell], ReplanOptions(first=0, today=0))
    with pytest.raises(ValueError, match="outside the period"):
        replan(ward, [], ReplanOptions(first=22, today=0))


@st.composite
def rosters(draw: st.DrawFn, ward: WardData) -> list[Assignment]:
    """Rosters without regard to any rule."""
    choice = st.sampled_from(["D", "K", "N", "", "", "", ""])
    days = ward.period.days
    rows = {p.code: draw(st.lists(choice, min_size=days, max_size=days)) for p in ward.employees}
    return [
        Assignment(code, day, shift) for code, row in rows.items() for day, shift in enumerate(row) if shift
    ]


@QUIET
@given(data=st.data())
def test_any_roster_can_be_gone_on_from(small_ward: Make, data: st.DataObject) -> None:
    ward = small_ward(5, 14)
    published = data.draw(rosters(ward))
    first = data.draw(st.integers(1, 14))
    answer = replan(ward, published, ReplanOptions(first=first, today=0, seconds=1))
    assert {c for c in answer.assignments if c.day < first} == {c for c in published if c.day < first}
    if answer.clashes:
        assert len(answer.assignments) <= len(published)
        return
    new = evaluate_ward(ward, answer.assignments)
    # What the past has broken may go on for a day: the rest after a shift that should not have been.
    lawful = [v for v in new.violations if v.employee not in {kept.employee for kept in answer.kept}]
    assert not [v for v in lawful if v.rule in BROAD and (v.day or 0) >= first]
    assert {*answer.kept, *answer.broken} == set(new.violations)
    old, now = ({(c.employee, c.day): c.shift for c in cells} for cells in (published, answer.assignments))
    places = {place for place in {*old, *now} if old.get(place) != now.get(place)}
    assert {(c.cell.employee, c.cell.day) for c in answer.changes} == places
    assert all(
        c.cell == CellChange(*_cell(c.cell), old.get(_cell(c.cell), ""), now.get(_cell(c.cell), ""))
        for c in answer.changes
    )
    assert answer.price == sum(0 if c.forced else 100 if c.notice < 14 else 50 for c in answer.changes)


def _cell(change: CellChange) -> tuple[str, int]:
    return change.employee, change.day


@QUIET
@given(data=st.data())
def test_a_roster_that_is_over_breaks_none_of_the_tolerant_rules(
    small_ward: Make, data: st.DataObject
) -> None:
    ward = small_ward(3, 14)
    plain = problem_from_ward(ward)
    roster = roster_of(plain, data.draw(rosters(ward)))
    problem = tolerant(plain, roster, 14)
    for employee in range(3):
        part = Part(frozenset({employee}), range(14))
        locked = with_row_locked(problem, employee, roster)
        found = PartSolver(locked).solve(roster, part, 1, 5, 10)
        assert found.rows == {employee: roster[employee]}
    assert roster_of(plain, assignments_of(plain, roster)) == roster
