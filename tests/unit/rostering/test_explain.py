"""Explanations agree with the evaluator to the point: effects, shares, reasons and suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Charge, Evaluation
from samplan_rostering.domain.explain.candidates import Kind
from samplan_rostering.domain.explain.effect import Effect
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.recommend import recommend
from samplan_rostering.domain.explain.shares import shares_of
from samplan_rostering.domain.explain.why_not import UnknownError, gap_reasons, why_not
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import Absence, AbsenceKind, WardData, WeeklyRequirement

Make = Callable[..., WardData]
QUIET = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def rosters(draw: st.DrawFn, ward: WardData, share: int = 2) -> list[Assignment]:
    """Rosters of a ward, good and bad; about one cell in `share` + 1 is worked."""
    shifts = [kind.code for kind in ward.shift_types]
    choice = st.sampled_from([*shifts, *[""] * (share * len(shifts))])
    days = ward.period.days
    given_out = {
        person.code: draw(st.lists(choice, min_size=days, max_size=days)) for person in ward.employees
    }
    return [
        Assignment(code, day, shift)
        for code, row in given_out.items()
        for day, shift in enumerate(row)
        if shift
    ]


def difference(ward: WardData, before: Iterable[Assignment], after: Iterable[Assignment]) -> Counter[Term]:
    """Return by how much each term differs, without zeros."""
    one, two = (evaluate_ward(ward, cells).breakdown for cells in (before, after))
    return Counter({t: two.get(t, 0) - one.get(t, 0) for t in {*one, *two} if one.get(t, 0) != two.get(t, 0)})


def assert_exact(ward: WardData, roster: list[Assignment], judge: Judge, effect: Effect) -> None:
    """Compare what an effect says with the evaluation before and after."""
    after = judge.changed(effect.changes)
    assert dict(difference(ward, roster, after)) == dict(effect.costs)
    old, new = evaluate_ward(ward, roster), evaluate_ward(ward, after)
    assert new.objective - old.objective == effect.points
    missing = sum(gap.missing for gap in effect.opened) - sum(gap.missing for gap in effect.closed)
    assert new.uncovered - old.uncovered == missing
    places = {(v.rule, v.employee, v.day) for v in old.violations}
    added = {(v.rule, v.employee, v.day) for v in new.violations} - places
    assert added <= {(v.rule, v.employee, v.day) for v in effect.broken}
    assert set(effect.broken) <= set(new.violations)
    for change in effect.changes:
        cells = [cell.shift for cell in after if (cell.employee, cell.day) == (change.employee, change.day)]
        assert cells == ([change.after] if change.after else [])


@QUIET
@given(data=st.data())
def test_the_shares_sum_up_to_the_objective_in_every_view(small_ward: Make, data: st.DataObject) -> None:
    full = demo_ward(3)
    ward = small_ward(7, 14)
    codes = {person.code for person in ward.employees}
    last = ward.period.end
    wishes = tuple(
        replace(wish, date=ward.period.start + timedelta(days=index % 14))
        for index, wish in enumerate(full.wishes)
        if wish.employee in codes
    )
    ward = replace(ward, wishes=wishes, history=full.history[:0])
    roster = data.draw(rosters(ward))
    evaluation = evaluate_ward(ward, roster)
    shares = shares_of(evaluation)
    assert last >= max(wish.date for wish in wishes)
    for view in (shares.terms, shares.employees, shares.days):
        assert sum(view.values()) == evaluation.objective == shares.objective
    assert sum(charge.points for charge in shares.charges) == evaluation.objective
    costs = {term: points for term, points in evaluation.breakdown.items() if points}
    assert dict(shares.terms) == costs
    assert all(charge.employee is not None or charge.day is not None for charge in shares.charges)


def test_the_shares_of_a_benchmark_sum_up_too(own_instance: str) -> None:
    instance = parse_curtois(own_instance)
    evaluation = evaluate_curtois(instance, [Assignment("C", 1, "E"), Assignment("A", 3, "L")])
    shares = shares_of(evaluation)
    assert shares.objective == evaluation.objective == sum(shares.employees.values()) == 505
    assert (shares.employees["B"], shares.employees["C"]) == (3, 2)
    assert shares.days[0] == 200


def test_what_an_evaluation_does_not_take_apart_is_a_share_of_nobody() -> None:
    told = (Charge(Term.WISHES, 3, "E1", 0),)
    shares = shares_of(Evaluation((), (), {Term.WISHES: 5, Term.UNDER_TARGET: 30}, told))
    assert shares.employees == {None: 32, "E1": 3}
    assert Charge(Term.WISHES, 2) in shares.charges


@QUIET
@given(data=st.data())
def test_why_not_tells_what_the_evaluator_finds(small_ward: Make, data: st.DataObject) -> None:
    ward = small_ward(6, 14)
    roster = data.draw(rosters(ward, 4))
    judge = Judge(ward, roster)
    employee = data.draw(st.sampled_from(judge.codes))
    day = data.draw(st.integers(0, 13))
    answer = why_not(judge, employee, day, data.draw(st.sampled_from(["D", "K", "N"])))
    assert_exact(ward, roster, judge, answer.effect)


def test_why_not_gives_the_measured_value_and_the_limit(small_ward: Make) -> None:
    ward = small_ward(6, 14)
    code = ward.employees[0].code
    judge = Judge(ward, [Assignment(code, 2, "K")])
    (broken,) = [v for v in why_not(judge, code, 3, "D").effect.broken if v.rule is Rule.REST_AFTER_SHIFT]
    assert (broken.employee, broken.day, broken.measured, broken.limit) == (code, 3, 540, 660)
    assert why_not(judge, code, 3, "K").effect.broken == ()
    assert why_not(judge, code, 2, "D").current == "K"


@pytest.mark.parametrize(
    ("question", "which"),
    [(("X", 0, "D"), "employee"), (("M3-01", 14, "D"), "day"), (("M3-01", 0, "X"), "shift")],
)
def test_what_the_ward_has_not_cannot_be_asked_about(
    small_ward: Make, question: tuple[str, int, str], which: str
) -> None:
    judge = Judge(small_ward(6, 14), [])
    with pytest.raises(UnknownError, match=which):
        why_not(judge, *question)
    with pytest.raises(UnknownError, match="skill"):
        recommend(judge, 0, "D", "X")


@QUIET
@given(data=st.data())
def test_the_reasons_of_a_gap_are_those_of_the_evaluator(small_ward: Make, data: st.DataObject) -> None:
    ward = small_ward(6, 14)
    roster = data.draw(rosters(ward, 4))
    judge = Judge(ward, roster)
    if not judge.before.gaps:
        return
    gap = data.draw(st.sampled_from(judge.before.gaps))
    reasons = gap_reasons(judge, gap.day, gap.shift, gap.skill)
    assert reasons.missing == gap.missing
    assert {person.employee for person in reasons.people}.isdisjoint(reasons.there)
    for person in reasons.people:
        effect = judge.effect([judge.change(person.employee, gap.day, gap.shift)])
        own = [v for v in person.broken if v.rule is not Rule.SKILL]
        assert set(own) <= set(effect.broken)
        assert bool(effect.broken) <= bool(person.broken)
        if person.free:
            assert (effect.broken, effect.opened, effect.points) == ((), (), person.points)
    counted = reasons.by_rule()
    assert set().union(*counted.values()) == {p.employee for p in reasons.people if p.broken}


@QUIET
@given(data=st.data())
def test_a_suggestion_does_exactly_what_it_says(small_ward: Make, data: st.DataObject) -> None:
    ward = small_ward(7, 14, hours_band_minutes=data.draw(st.sampled_from([480, 3000, 100_000])))
    roster = data.draw(rosters(ward, 3))
    judge = Judge(ward, roster)
    if not judge.before.gaps:
        return
    gap = data.draw(st.sampled_from(judge.before.gaps))
    answer = recommend(judge, gap.day, gap.shift, gap.skill)
    assert answer.call_off == (answer.suggestions == ()) == (answer.reasons is not None)
    ranks = [(len(s.effect.broken), s.effect.points) for s in answer.suggestions]
    assert ranks == sorted(ranks)
    for suggestion in answer.suggestions:
        effect = suggestion.effect
        assert_exact(ward, roster, judge, effect)
        assert effect.opened == ()
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
