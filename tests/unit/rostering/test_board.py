"""A board tells part by part what the evaluator tells of the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from explaining import PROFILE, QUIET, Make, rosters
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.explain.board import Board
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import Pin, WardData, Wish, WishKind
from samplan_rostering.queries.rosters.fairness import fairness, fairness_since

MORE = (
    RuleSetting("skill_mix", Level.SOFT, 40, parameters=(("skill", "SSK"), ("minimum", "2"))),
    RuleSetting("uneven_wishes", Level.SOFT, 3),
    RuleSetting("together", Level.HARD, None, "M3-03", "M3-01"),
    RuleSetting("carried_balance", Level.HARD, employee="M3-02", parameters=(("nights", "3"),)),
)


def settled(evaluation: Evaluation) -> tuple[object, ...]:
    """Return an evaluation without the order in which a person's rules and charges are told."""
    return (
        sorted(map(repr, evaluation.violations)),
        evaluation.gaps,
        dict(evaluation.breakdown),
        sorted(map(repr, evaluation.charges)),
    )


def full(ward: WardData) -> WardData:
    """Return the ward with rules, wishes and locked cells of every kind."""
    dates = [ward.period.start + timedelta(days=day) for day in range(ward.period.days)]
    people = ward.employees
    return replace(
        ward,
        settings=(*PROFILE, *MORE),
        wishes=(
            Wish(people[0].code, dates[2], WishKind.WANT, "N", 4),
            Wish(people[1].code, dates[3], WishKind.OFF, None, 2),
            Wish(people[2].code, dates[5], WishKind.AVOID, "D", 3),
        ),
        pins=(Pin(people[0].code, dates[1], "D"), Pin(people[3].code, dates[4], None)),
    )


@QUIET
@given(data=st.data())
def test_what_a_board_tells_of_changes_is_what_two_evaluations_differ_by(
    small_ward: Make, data: st.DataObject
) -> None:
    ward = full(small_ward(7, 14))
    roster = data.draw(rosters(ward))
    board, judge = Board(ward, roster), Judge(ward, roster)
    assert settled(board.evaluation()) == settled(evaluate_ward(ward, roster))

    place = st.tuples(st.sampled_from([p.code for p in ward.employees]), st.integers(0, 13))
    shift = st.sampled_from(["", *(kind.code for kind in ward.shift_types)])
    wanted = data.draw(st.dictionaries(place, shift, min_size=1, max_size=3))
    changes = [board.change(code, day, after) for (code, day), after in wanted.items()]
    told, expected = board.effect(changes), judge.effect(changes)

    assert set(told.broken) == set(expected.broken)
    assert set(told.mended) == set(expected.mended)
    assert (told.opened, told.closed) == (expected.opened, expected.closed)
    assert dict(told.costs) == dict(expected.costs)
    assert (told.changes, dict(told.minutes)) == (expected.changes, dict(expected.minutes))
    after = judge.changed(changes)
    assert settled(board.with_changes(changes).evaluation()) == settled(evaluate_ward(ward, after))
    assert settled(board.evaluation()) == settled(judge.before)  # it stays as it is
    shared, touched = fairness(ward, roster), {change.employee for change in changes}
    assert fairness_since(shared, board.with_changes(changes).case, touched) == fairness(ward, after)


def test_guests_count_and_what_cannot_be_placed_is_told(small_ward: Make) -> None:
    ward = small_ward(7, 14)
    roster = [Assignment("X", 0, "D"), Assignment(ward.employees[0].code, 0, "D")]
    guests = (Guest(0, "D", ("SSK",)),)
    board = Board(ward, roster, guests)

    assert settled(board.evaluation()) == settled(evaluate_ward(ward, roster, guests))
    assert board.evaluation().violations[0].rule is Rule.UNKNOWN
    assert board.cells == roster[1:]
