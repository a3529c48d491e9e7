"""What an employee may wish for: never more than the allowance, never two things at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import Period, WardData
from samplan_rostering.domain.wishing import (
    Allowance,
    OwnKind,
    OwnWish,
    WindowState,
    WishFault,
    WishRules,
    veto_rule,
    window_state,
    wish_fault,
)

START = date(2028, 2, 28)
RULES = WishRules(
    period=Period(START, START + timedelta(days=13)),
    shifts=frozenset({"A", "B"}),
    allowance=Allowance(points=10, vetoes=2),
    absent=frozenset({START + timedelta(days=3)}),
    locked=frozenset({START + timedelta(days=5)}),
)
WISHES = st.builds(
    OwnWish,
    on=st.dates(START - timedelta(days=2), START + timedelta(days=16)),
    kind=st.sampled_from(OwnKind),
    shift=st.sampled_from([None, "A", "B", "Z"]),
    points=st.integers(0, 12),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WISHES, max_size=30))
def test_what_is_taken_stays_within_the_allowance_and_says_one_thing_a_shift(offered: list[OwnWish]) -> None:
    taken: list[OwnWish] = []
    for wish in offered:
        if wish_fault(wish, taken, RULES) is None:
            taken.append(wish)
    left = RULES.allowance.left(taken)
    assert left.points >= 0
    assert left.vetoes >= 0
    assert all(RULES.period.start <= wish.on <= RULES.period.end for wish in taken)
    whole = [wish.on for wish in taken if wish.shift is None]
    assert len(whole) == len(set(whole))
    assert all(wish.shift is None for wish in taken if wish.on in whole)
    assert len({(wish.on, wish.shift) for wish in taken}) == len(taken)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WISHES, st.lists(WISHES, max_size=5))
def test_what_has_been_taken_is_not_taken_twice(wish: OwnWish, others: list[OwnWish]) -> None:
    if wish_fault(wish, others, RULES) is None:
        assert wish_fault(wish, [*others, wish], RULES) is WishFault.TWICE


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (OwnWish(START, OwnKind.WANT, "A", 10), None),
        (OwnWish(START, OwnKind.WANT, "A", 11), WishFault.TOO_MANY_POINTS),
        (OwnWish(START, OwnKind.VETO, None, 100), None),
        (OwnWish(START, OwnKind.OFF, "A", 1), WishFault.SHIFT_OF_A_DAY_OFF),
        (OwnWish(START, OwnKind.AVOID, "Z", 1), WishFault.UNKNOWN_SHIFT),
        (OwnWish(START, OwnKind.AVOID, None, 0), WishFault.NO_POINTS),
        (OwnWish(START + timedelta(days=3), OwnKind.WANT, None, 1), WishFault.ABSENT),
        (OwnWish(START + timedelta(days=5), OwnKind.VETO, None, 1), WishFault.LOCKED),
        (OwnWish(START + timedelta(days=5), OwnKind.OFF, None, 1), None),
        (OwnWish(START + timedelta(days=14), OwnKind.OFF, None, 1), WishFault.OUTSIDE_PERIOD),
    ],
)
def test_why_a_wish_is_not_taken(wish: OwnWish, fault: WishFault | None) -> None:
    assert wish_fault(wish, [], RULES) is fault


def test_the_window_is_open_from_its_first_instant_to_before_its_last() -> None:
    opens = datetime(2028, 3, 1, 6, tzinfo=UTC)
    closes, moment = opens + timedelta(days=7), timedelta(microseconds=1)
    assert window_state(opens, closes, opens - moment) is WindowState.COMING
    assert window_state(opens, closes, opens) is WindowState.OPEN
    assert window_state(opens, closes, closes - moment) is WindowState.OPEN
    assert window_state(opens, closes, closes) is WindowState.CLOSED


def test_a_veto_forbids_every_shift_of_its_date_and_no_other(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward()
    person, shift = ward.employees[0].code, ward.shift_types[0].code
    ward = replace(ward, settings=(veto_rule(person, ward.period.date_of(1)),))

    def broken(day: int) -> bool:
        found = evaluate_ward(ward, [Assignment(person, day, shift)]).violations
        return any(violation.rule is Rule.UNWANTED_PATTERN for violation in found)

    assert [broken(day) for day in range(3)] == [False, True, False]
