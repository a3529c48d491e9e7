"""The scales that all pictures share: values within the room, round marks, and places that are named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.months import plus_months
from samplan_agency.web.axes import MOST_MARKS, Axes, Room, marks, marks_around, named
from samplan_agency.web.charts import line_chart, waterfall

ROOM = Room(720, 260, left=40, right=20, top=10, bottom=30)
VALUES = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@given(VALUES, VALUES)
def test_marks_are_round_evenly_apart_and_few(one: float, other: float) -> None:
    low, high = sorted((one, other))
    if high - low < 0.01:
        return
    inside, around, near = marks(low, high), marks_around(low, high), (high - low) * 1e-6
    assert all(low - near <= mark <= high + near for mark in inside)
    assert around[0] <= low + near
    assert around[-1] >= high - near
    assert 2 <= len(inside) <= MOST_MARKS + 1
    step = around[1] - around[0]
    assert float(f"{step:.0e}") == pytest.approx(step)
    assert str(f"{step:.0e}")[0] in "125"


def test_the_lowest_value_is_at_the_bottom_and_the_last_place_at_the_right() -> None:
    axes = Axes(ROOM, 3, 0.0, 4.0)
    assert (axes.y(0), axes.y(Decimal(4)), axes.x(0), axes.x(2)) == (230, 10, 40, 700)
    assert axes.path([(0, 0), (1, 4)]) == "M40.0 230.0L370.0 10.0"
    assert axes.band([(0, 4)], [(0, 0)]).endswith("Z")
    assert axes.bar(1, 0.5) == (315, 110)
    assert axes.path([]) == ""
    assert Axes(ROOM, 1, 2.0, 2.0).y(2) == 10  # nothing to tell apart


@pytest.mark.parametrize(("count", "most"), [(1, 6), (6, 6), (7, 6), (25, 8), (120, 6)])
def test_few_places_are_named_and_the_last_where_asked(count: int, most: int) -> None:
    assert len(named(count, most)) <= most
    assert named(count, most)[0] == 0
    assert named(count, most, last=True)[-1] == count - 1
    assert len(named(count, most, last=True)) <= most


def test_a_line_and_a_waterfall_stand_within_their_pictures() -> None:
    points = [(plus_months(date(2027, 1, 1), n), Decimal(n) / 3) for n in range(13)]
    chart = line_chart(points, Decimal(2))
    assert chart is not None
    assert chart.months[-1].text == "jan\u00a02028"
    assert [line.text for line in chart.lines] == ["0", "1", "2", "3", "4"]
    assert line_chart(points[:1]) is None
    bars = waterfall(
        ("före", Decimal(100)), [("timmar", Decimal(-30)), ("pris", Decimal(5))], ("efter", Decimal(75))
    )
    assert [bar.kind for bar in bars] == ["total", "down", "up", "total"]
    assert [round(bar.y + bar.height, 1) for bar in bars][:1] == [226]
    assert bars[1].y == bars[0].y
    assert bars[2].y + bars[2].height == pytest.approx(bars[1].y + bars[1].height, abs=0.2)
    assert bars[3].y == bars[2].y
