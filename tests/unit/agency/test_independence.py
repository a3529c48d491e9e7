"""The way to independence: worked out by hand, in closed form, and by what must hold for every plan."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.independence import Interval, Way, filling, way_of
from samplan_agency.domain.months import plus_months
from samplan_agency.domain.way import Action, Hired, InternalUnit, OwnPositions, Start, WeekendsOnly

FIRST = date(2027, 1, 1)
# 10 full-time equivalents of nurses at 600 SEK, 2 of physicians at 1,500 SEK; own staff for 30 mkr.
START = Start(
    {"nurse": Hired(1650, 990_000), "physician": Hired(330, 495_000)},
    own_cost=30_000_000,
    hours_per_fte=165,
    target=2,
)


def posts(number: int, **changes: object) -> OwnPositions:
    usual: dict[str, object] = {
        "category": "nurse",
        "number": number,
        "first": FIRST,
        "quickest": 0,
        "usual": 0,
        "slowest": 0,
        "filled": 1,
        "cost": 60_000,
        "introduction": 0,
    }
    return OwnPositions(**(usual | changes))  # type: ignore[arg-type] # a test's few words


def middle(way: Way, name: str) -> list[float]:
    return [getattr(month, name).p50 for month in way.months]


def test_by_hand() -> None:
    """Five nurses advertised in January, there in March, alone from April on; weekends only from May on.

    Until February nothing changes. In March they cost 300,000 beside the hired staff. From April on 825
    hours less are hired, 495,000 SEK: 195,000 saved a month, so that the 300,000 are earned in May. From May
    on half of the nurses' 1,650 hours remain, which the five take over: none are hired.
    """
    actions: list[Action] = [
        posts(5, quickest=2, usual=2, slowest=2, introduction=1),
        WeekendsOnly(category="nurse", first=date(2027, 5, 1), remains=0.5),
    ]
    way = way_of(START, actions, FIRST, 6, draws=20)
    assert way.share_now == pytest.approx(4.95)
    assert middle(way, "hired_hours") == [1980, 1980, 1980, 1155, 330, 330]
    assert middle(way, "own_cost") == [30_000_000.0] * 2 + [30_300_000.0] * 4
    assert middle(way, "hired_cost") == [1_485_000, 1_485_000, 1_485_000, 990_000, 495_000, 495_000]
    assert middle(way, "saved") == [0, 0, -300_000, -105_000, 585_000, 1_275_000]
    assert middle(way, "share")[-1] == pytest.approx(100 * 495_000 / 30_300_000)
    assert (way.target.p50, way.target.probability) == (date(2027, 5, 1), 1.0)
    assert (way.break_even.p10, way.break_even.p90) == (date(2027, 5, 1), date(2027, 5, 1))


def test_an_internal_unit_works_the_part_of_its_hours_that_is_used() -> None:
    unit = InternalUnit(category="physician", first=FIRST, fte=2, cost=100_000, used=0.75)
    way = way_of(START, [unit], FIRST, 2, draws=5)
    assert middle(way, "hired_hours") == [1650 + 82.5] * 2
    assert middle(way, "saved") == [371_250 - 200_000, 2 * 171_250]


def test_what_is_never_reached_has_no_month() -> None:
    way = way_of(START, [posts(1, cost=200_000)], FIRST, 12, draws=5)
    assert (way.break_even.p50, way.break_even.probability) == (None, 0)
    assert (way.target.p50, way.target.probability) == (None, 0)
    untouched = way_of(START, [], FIRST, 3, draws=5)
    assert (untouched.break_even.p50, middle(untouched, "saved")) == (None, [0, 0, 0])


def test_a_position_is_filled_after_recruiting_with_its_chance_each_month() -> None:
    """Recruiting takes 1 to 3 months, most often 2: half is ready after 2, all after 3; then every second."""
    assert filling(posts(1, quickest=1, usual=2, slowest=3, filled=0.5), 5) == pytest.approx(
        [0, 0, 0.25, 0.375, 0.1875]
    )


def test_positions_advertised_before_the_first_month_are_filled_by_then() -> None:
    early = posts(3, first=date(2026, 6, 1), quickest=4, usual=4, slowest=4, introduction=3)
    assert middle(way_of(START, [early], FIRST, 1, draws=5), "hired_hours") == [1980 - 3 * 165]


def test_the_draws_agree_with_the_exact_mean() -> None:
    """The mean number filled is the number of positions times the probability to be filled by then."""
    action = posts(8, quickest=0, usual=3, slowest=9, filled=0.3)
    way = way_of(START, [action], FIRST, 12, draws=4000)
    expected = 8 * sum(filling(action, 12))
    own = way.months[-1].own_cost
    assert own.p10 < 30_000_000 + expected * 60_000 < own.p90
    assert own.p50 == pytest.approx(30_000_000 + expected * 60_000, abs=60_000)


MONTHS = st.integers(-6, 30).map(lambda place: plus_months(FIRST, place))
PARTS = st.floats(0, 1)
TIMES = st.tuples(*[st.floats(0, 18)] * 3).map(sorted)
POSITIONS = st.builds(
    lambda times, **rest: OwnPositions(quickest=times[0], usual=times[1], slowest=times[2], **rest),
    TIMES,
    category=st.sampled_from(["nurse", "physician", "other"]),
    number=st.integers(0, 30),
    first=MONTHS,
    filled=PARTS,
    cost=st.floats(0, 200_000),
    introduction=st.integers(0, 12),
    replaces=st.floats(0, 2),
)
OTHERS = st.one_of(
    st.builds(WeekendsOnly, category=st.sampled_from(["nurse", "physician"]), first=MONTHS, remains=PARTS),
    st.builds(
        InternalUnit,
        category=st.sampled_from(["nurse", "physician"]),
        first=MONTHS,
        fte=st.floats(0, 30),
        cost=st.floats(0, 150_000),
        used=PARTS,
    ),
)


def ordered(interval: Interval) -> bool:
    return interval.p10 <= interval.p50 + 1e-6 and interval.p50 <= interval.p90 + 1e-6


@given(st.lists(st.one_of(POSITIONS, OTHERS), max_size=4), POSITIONS, st.integers(1, 20))
def test_more_positions_never_raise_the_hours_hired_and_nothing_is_below_none(
    actions: list[Action], position: OwnPositions, more: int
) -> None:
    larger = OwnPositions(
        **{name: getattr(position, name) for name in position.__slots__} | {"number": position.number + more}
    )
    few, many = (way_of(START, [*actions, one], FIRST, 18, draws=40) for one in (position, larger))
    for fewer, more_of in zip(few.months, many.months, strict=True):
        for quantile in ("p10", "p50", "p90"):
            less = getattr(more_of.hired_hours, quantile)
            assert 0 <= less <= getattr(fewer.hired_hours, quantile) + 1e-6
        assert more_of.hired_cost.p10 >= -1e-6
        assert ordered(more_of.share)
        assert ordered(more_of.saved)


@given(st.integers(0, 30), st.floats(0, 2), st.integers(0, 6), st.floats(0, 100_000))
def test_certain_positions_at_once_are_the_closed_form(
    number: int, replaces: float, introduction: int, cost: float
) -> None:
    way = way_of(
        START,
        [posts(number, replaces=replaces, introduction=introduction, cost=cost)],
        FIRST,
        12,
        draws=3,
    )
    for place, month in enumerate(way.months):
        there = number * replaces * 165 if place >= introduction else 0
        hours = 330 + max(1650 - there, 0)
        own = 30_000_000 + number * cost
        hired = 495_000 + 600 * (hours - 330)
        assert month.hired_hours == Interval(*[pytest.approx(hours)] * 3)
        assert month.share.p50 == pytest.approx(100 * hired / own)
