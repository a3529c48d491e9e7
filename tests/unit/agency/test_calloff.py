"""The policy, the preview, the order of suppliers and the figures of call-offs, computed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.calloff import (
    Asked,
    Figures,
    LeftOut,
    Outside,
    Policy,
    Shift,
    Step,
    Times,
    is_night,
    is_weekend,
    judge_offer,
    left_out,
    next_step,
    preview,
)
from samplan_agency.domain.time_classes import CLOCK_CLASSES

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2027, 3, 1, 12, tzinfo=ZONE)  # a Monday


def shift(begin: str, end: str, pause: int = 30, people: int = 1, price: int | None = 660) -> Shift:
    starts, ends = (datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (begin, end))
    prices = {} if price is None else dict.fromkeys(CLOCK_CLASSES, Decimal(price))
    return Shift(starts, ends, pause, people, prices)


DAY = shift("2027-03-03T07:00", "2027-03-03T15:30")
EVENING = shift("2027-03-03T13:30", "2027-03-03T21:30")
NIGHT = shift("2027-03-03T21:00", "2027-03-04T07:00", 0)
FRIDAY_NIGHT = shift("2027-03-05T21:00", "2027-03-06T07:00", 0)
SATURDAY = shift("2027-03-06T07:00", "2027-03-06T15:30")
TO_MIDNIGHT = shift("2027-03-05T14:00", "2027-03-06T00:00")


def test_what_is_weekend_and_night() -> None:
    named = (DAY, EVENING, NIGHT, FRIDAY_NIGHT, SATURDAY, TO_MIDNIGHT)
    times = [(one.starts_at, one.ends_at) for one in named]
    assert [is_weekend(*one) for one in times] == [False, False, False, True, True, False]
    assert [is_night(*one) for one in times] == [False, False, True, True, False, False]


def test_a_shift_into_the_weekend_costs_the_sum_of_its_parts() -> None:
    """1 h x 700 + 2 h x 750 + 7 h x 800 = 7 800, 780 an hour on average; one price lacking, there is none."""
    prices = {"evening": Decimal(700), "night": Decimal(750), "weekend": Decimal(800)}
    one = Shift(FRIDAY_NIGHT.starts_at, FRIDAY_NIGHT.ends_at, 0, 2, prices)
    assert (one.cost, one.price) == (Decimal(15600), Decimal(780))
    assert left_out(Policy(max_price=Decimal("779.99")), one, NOW) is LeftOut.MAX_PRICE
    without = Shift(one.starts_at, one.ends_at, 0, 2, {"evening": Decimal(700), "night": Decimal(750)})
    assert (without.cost, without.price) == (None, None)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(), [None, None, None]),
        (Policy(times=Times.WEEKENDS), [LeftOut.TIMES, LeftOut.TIMES, None]),
        (Policy(times=Times.NIGHTS), [LeftOut.TIMES, None, LeftOut.TIMES]),
        (Policy(times=Times.WEEKENDS_NIGHTS), [LeftOut.TIMES, None, None]),
        (Policy(lead_hours=43), [None, None, None]),
        (Policy(lead_hours=44), [LeftOut.LEAD_TIME, None, None]),
        (Policy(max_price=Decimal(660)), [None, None, None]),
        (Policy(max_price=Decimal("659.99")), [LeftOut.MAX_PRICE] * 3),
    ],
)
def test_a_policy_leaves_out_what_it_does_not_hire_for(
    policy: Policy, expected: list[LeftOut | None]
) -> None:
    assert [left_out(policy, one, NOW) for one in (DAY, NIGHT, SATURDAY)] == expected


def test_own_staff_comes_first_and_a_price_is_known_where_there_is_a_limit() -> None:
    unasked = replace(DAY, own_asked=False)
    assert left_out(Policy(), unasked, NOW) is LeftOut.OWN_FIRST
    assert left_out(Policy(own_first=False), unasked, NOW) is None
    unknown = shift("2027-03-03T07:00", "2027-03-03T15:30", price=None)
    assert left_out(Policy(), unknown, NOW) is None
    assert left_out(Policy(max_price=Decimal(700)), unknown, NOW) is LeftOut.NO_PRICE


def test_what_shifts_cost() -> None:
    """8 h x 660 x 2 = 10 560; the night when the clock goes back has 11 h x 700 = 7 700."""
    long_night = shift("2027-10-30T21:00", "2027-10-31T07:00", 0, 1, 700)
    two = shift("2027-03-03T07:00", "2027-03-03T15:30", 30, 2)
    unknown = shift("2027-03-04T07:00", "2027-03-04T15:30", 30, 3, None)
    assert (two.cost, long_night.cost, unknown.cost) == (Decimal(10560), Decimal(7700), None)
    found = preview([two, long_night, unknown])
    assert (found.cost, found.hours, found.people, found.unpriced) == (Decimal(18260), Decimal(51), 6, 1)


def test_the_next_supplier_is_asked_when_those_before_are_done() -> None:
    open_one, late = Asked(NOW + timedelta(hours=1)), Asked(NOW)
    done = Asked(NOW + timedelta(hours=1), answered=True)
    assert next_step([], 2, 3, NOW) is Step.ASK
    assert next_step([open_one], 2, 2, NOW) is Step.WAIT
    assert next_step([late], 2, 2, NOW) is Step.ASK
    assert next_step([done], 1, 2, NOW) is Step.ASK
    assert next_step([late, open_one], 1, 1, NOW) is Step.WAIT
    assert next_step([late, done], 1, 0, NOW) is Step.EXHAUSTED
    assert next_step([open_one], 0, 2, NOW) is Step.FILLED


@given(
    st.lists(st.tuples(st.integers(-48, 48), st.booleans()), max_size=4),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_nobody_is_asked_while_somebody_may_answer(
    given_asked: list[tuple[int, bool]], missing: int, left: int
) -> None:
    asked = [Asked(NOW + timedelta(hours=hours), answered) for hours, answered in given_asked]
    step = next_step(asked, missing, left, NOW)
    waiting = [one for one in asked if not one.answered and one.deadline > NOW]
    if step is Step.ASK:
        assert missing
        assert left
        assert not waiting
    assert (step is Step.FILLED) == (missing == 0)
    assert (step is Step.WAIT) == bool(missing and waiting)


def test_nothing_has_no_shares() -> None:
    nothing = Figures(0, 0, 0, None)
    assert (nothing.fill_rate, nothing.within_share) == (None, None)


def test_an_offer_is_within_the_agreement_up_to_its_price() -> None:
    agreed = Decimal(660)
    assert judge_offer(Decimal(660), agreed) is Outside.NONE
    assert judge_offer(Decimal("660.01"), agreed) is Outside.ABOVE
    assert judge_offer(Decimal(1), None) is Outside.NO_PRICE
