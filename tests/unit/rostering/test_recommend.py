"""What is suggested for a gap closes it, breaks nothing, and does exactly what it says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from explaining import PROFILE, QUIET, Make, assert_exact, rosters
from samplan_rostering.domain.explain.candidates import Kind
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.recommend import recommend
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    WardData,
    WeeklyRequirement,
)


@QUIET
@given(data=st.data())
def test_a_suggestion_does_exactly_what_it_says(small_ward: Make, data: st.DataObject) -> None:
    ward = small_ward(7, 14, hours_band_minutes=data.draw(st.sampled_from([480, 3000, 100_000])))
    ward = replace(ward, settings=data.draw(st.sampled_from([(), PROFILE])))
    roster = data.draw(rosters(ward, 3))
    judge = Judge(ward, roster)
    if not judge.before.gaps:
        return
    gap = data.draw(st.sampled_from(judge.before.gaps))
    judge.first = data.draw(st.integers(0, gap.day))
    answer = recommend(judge, gap.day, gap.shift, gap.skill)
    assert answer.call_off == (answer.suggestions == ()) == (answer.reasons is not None)
    ranks = [(len(s.effect.broken), s.effect.points) for s in answer.suggestions]
    assert ranks == sorted(ranks)
    for suggestion in answer.suggestions:
        effect = suggestion.effect
        assert_exact(ward, roster, judge, effect)
        assert effect.opened == ()
        assert all(change.day >= judge.first for change in effect.changes), "what is over stays"
        assert (gap.day, gap.shift, gap.skill) in {(g.day, g.shift, g.skill) for g in effect.closed}
        allowed = {Rule.HOURS_MAX} if suggestion.kind is Kind.EXTRA else set()
        assert {violation.rule for violation in effect.broken} <= allowed


def team(small_ward: Make, **needs: int) -> WardData:
    """Return a ward of three nurses without limits of hours, and a need of each shift of the first day."""
    ward = small_ward(7, 7, hours_band_minutes=100_000)
    nurses = tuple(ward.employees[index] for index in (4, 5, 6))
    rows = tuple(WeeklyRequirement(0, shift, "SSK", least, least, None) for shift, least in needs.items())
    later = tuple(WeeklyRequirement(day, shift, "SSK", 0, 0, None) for day in range(1, 7) for shift in "DKN")
    codes = {person.code for person in nurses}
    contracts = tuple(c for c in ward.contracts if c.employee in codes)
    return replace(ward, employees=nurses, contracts=contracts, weekly_requirements=(*rows, *later))


def kinds(ward: WardData, roster: list[Assignment], shift: str) -> dict[Kind, tuple[str, ...]]:
    """Return the best suggestion of each kind for the first day: who is changed."""
    answer = recommend(Judge(ward, roster), 0, shift, "SSK")
    found: dict[Kind, tuple[str, ...]] = {}
    for suggestion in answer.suggestions:
        found.setdefault(suggestion.kind, tuple(c.employee for c in suggestion.effect.changes))
    return found


def test_who_is_free_takes_the_shift(small_ward: Make) -> None:
    ward = team(small_ward, D=1)
    first, second, third = (person.code for person in ward.employees)
    away = tuple(
        Absence(code, ward.period.start, ward.period.start, AbsenceKind.VACATION) for code in (first, second)
    )
    assert kinds(replace(ward, absences=away), [], "D") == {Kind.DIRECT: (third,)}


def test_who_is_not_needed_elsewhere_moves(small_ward: Make) -> None:
    ward = team(small_ward, D=1, K=0)
    first, second, third = (person.code for person in ward.employees)
    away = tuple(
        Absence(code, ward.period.start, ward.period.start, AbsenceKind.VACATION) for code in (second, third)
    )
    roster = [Assignment(first, 0, "K")]
    assert kinds(replace(ward, absences=away), roster, "D") == {Kind.MOVE: (first,)}


def test_who_is_needed_elsewhere_swaps_with_somebody_free(small_ward: Make) -> None:
    """The first works the day; only they may work the night, since the second works the next morning."""
    ward = team(small_ward, D=1, N=1)
    first, second, third = (person.code for person in ward.employees)
    away = (Absence(third, ward.period.start, ward.period.start, AbsenceKind.VACATION),)
    roster = [Assignment(first, 0, "D"), Assignment(second, 1, "D")]
    needed = tuple(
        replace(row, minimum=1, target=1) if (row.weekday, row.shift) == (1, "D") else row
        for row in ward.weekly_requirements
    )
    found = kinds(replace(ward, absences=away, weekly_requirements=needed), roster, "N")
    assert found == {Kind.SWAP: (first, second)}


def test_a_chain_of_two_moves_is_found(small_ward: Make) -> None:
    """The first moves from day to night; the second moves from evening, where nobody is asked for, to day."""
    ward = team(small_ward, D=1, N=1, K=0)
    first, second, third = (person.code for person in ward.employees)
    away = (Absence(third, ward.period.start, ward.period.start, AbsenceKind.VACATION),)
    roster = [Assignment(first, 0, "D"), Assignment(second, 0, "K"), Assignment(second, 1, "D")]
    needed = tuple(
        replace(row, minimum=1, target=1) if (row.weekday, row.shift) == (1, "D") else row
        for row in ward.weekly_requirements
    )
    found = kinds(replace(ward, absences=away, weekly_requirements=needed), roster, "N")
    assert found == {Kind.CHAIN: (first, second)}


def test_a_part_timer_takes_an_extra_shift_and_a_full_timer_does_not(small_ward: Make) -> None:
    ward = team(small_ward, D=1)
    hours = replace(ward.rules, hours_band_minutes=0, hours_band_percent=0)
    first, second, third = (person.code for person in ward.employees)
    away = (Absence(third, ward.period.start, ward.period.start, AbsenceKind.VACATION),)
    contracts = tuple(
        replace(c, percentage=Decimal(44) if c.employee == first else Decimal(88), fulltime_week_minutes=2180)
        for c in ward.contracts
    )
    ward = replace(ward, rules=hours, absences=away, contracts=contracts)
    roster = [
        Assignment(code, day, "D") for code, days in ((first, (1, 3)), (second, (1, 2, 3, 5))) for day in days
    ]
    answer = recommend(Judge(ward, roster), 0, "D", "SSK")
    extra = [s for s in answer.suggestions if s.kind is Kind.EXTRA]
    assert [s.effect.changes[0].employee for s in extra] == [first]
    assert {v.rule for v in extra[0].effect.broken} == {Rule.HOURS_MAX}
    assert extra[0].effect.minutes == {first: 480}


def test_when_nobody_can_it_is_to_be_called_off_with_the_reasons(small_ward: Make) -> None:
    ward = team(small_ward, D=1)
    away = tuple(
        Absence(person.code, ward.period.start, ward.period.start, AbsenceKind.SICK)
        for person in ward.employees
    )
    answer = recommend(Judge(replace(ward, absences=away), []), 0, "D", "SSK")
    assert answer.call_off
    assert answer.complete
    assert answer.reasons is not None
    assert list(answer.reasons.by_rule()) == [Rule.ABSENCE]
    assert len(answer.reasons.by_rule()[Rule.ABSENCE]) == 3
