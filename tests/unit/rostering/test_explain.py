"""Explanations agree with the evaluator to the point: effects, shares, reasons and suggestions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explaining import PROFILE, QUIET, Make, assert_exact, rosters
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Charge, Evaluation
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.recommend import recommend
from samplan_rostering.domain.explain.shares import shares_of
from samplan_rostering.domain.explain.why_not import UnknownError, gap_reasons, why_not
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term


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
    ward = replace(ward, wishes=wishes, settings=data.draw(st.sampled_from([(), PROFILE])))
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
    employee = data.draw(st.sampled_from([one.code for one in ward.employees]))
    day = data.draw(st.integers(0, 13))
    answer = why_not(judge, employee, day, data.draw(st.sampled_from(["D", "K", "N"])))
    assert answer.current == {(one.employee, one.day): one.shift for one in roster}.get((employee, day), "")
    assert_exact(ward, roster, judge, answer.effect)


def test_why_not_gives_the_measured_value_and_the_limit(small_ward: Make) -> None:
    ward = small_ward(6, 14)
    code = ward.employees[0].code
    judge = Judge(ward, [Assignment(code, 2, "K")])
    (broken,) = [v for v in why_not(judge, code, 3, "D").effect.broken if v.rule is Rule.REST_AFTER_SHIFT]
    assert (broken.employee, broken.day, broken.measured, broken.limit) == (code, 3, 540, 660)
    assert why_not(judge, code, 3, "K").effect.broken == ()
    assert why_not(judge, code, 2, "D").current == "K"


def test_a_rule_of_the_ward_s_own_profile_is_explained_like_any_other(small_ward: Make) -> None:
    ward = replace(small_ward(7, 14), settings=PROFILE)
    roster = [Assignment("M3-05", 2, "K"), Assignment("M3-02", 4, "D"), Assignment("M3-05", 7, "N")]
    judge = Judge(ward, roster)
    backward = why_not(judge, "M3-05", 3, "D").effect.broken
    assert Rule.FORWARD_ROTATION in {violation.rule for violation in backward}
    nights = [v for v in why_not(judge, "M3-05", 9, "N").effect.broken if v.rule is Rule.NIGHTS_PER_WEEK]
    assert [(v.employee, v.measured, v.limit) for v in nights] == [("M3-05", 2, 1)]
    assert why_not(judge, "M3-01", 4, "D").effect.costs[Term.APART] == 50
    kept_away = gap_reasons(judge, 3, "D", "SSK").by_rule()
    assert kept_away[Rule.FORWARD_ROTATION] == ("M3-05",)


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
