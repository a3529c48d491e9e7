"""The picture of plans: hired staff's share month by month, with interval where it is of one plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from samplan_agency.domain.months import months_between
from samplan_agency.web.axes import Axes, Room, marks, named

if TYPE_CHECKING:
    from samplan_agency.domain.independence import Way, WayMonth

_ROOM = Room(720, 280, left=48, right=130, top=14, bottom=36)
_MOST_MONTHS, _APART = 8, 16


@dataclass(frozen=True, slots=True)
class WayLine:
    """A plan's line: its middle, its interval (empty for several plans), and where its name stands."""

    name: str
    path: str
    band: str
    x: float
    label_y: float
    last: float


@dataclass(frozen=True, slots=True)
class WayChart:
    """The picture: the lines, the target's height and the marks of both scales."""

    lines: tuple[WayLine, ...]
    target: float
    months: tuple[tuple[float, date], ...]
    shares: tuple[tuple[float, float], ...]


def draw_ways(ways: Sequence[tuple[str, Way]], target: float) -> WayChart | None:
    """Return the picture of plans by name; None where there is nothing to draw."""
    known = [
        (name, way.months) for name, way in ways if way.months and not math.isnan(way.months[0].share.p50)
    ]
    if not known:
        return None
    first = min(months[0].month for _, months in known)
    last = max(months[-1].month for _, months in known)
    top = max(target, *(month.share.p90 for _, months in known for month in months)) * 1.05
    axes = Axes(_ROOM, months_between(first, last) + 1, 0.0, top)
    lines = [_line(axes, name, first, months, banded=len(known) == 1) for name, months in known]
    months = next([one.month for one in of] for _, of in known if of[0].month == first)
    return WayChart(
        _apart(lines),
        axes.y(target),
        tuple((axes.x(place), months[place]) for place in named(len(months), _MOST_MONTHS)),
        tuple((axes.y(share), share) for share in marks(0.0, top)),
    )


def _line(axes: Axes, name: str, first: date, months: Sequence[WayMonth], *, banded: bool) -> WayLine:
    places = [months_between(first, one.month) for one in months]

    def points(of: Callable[[WayMonth], float]) -> list[tuple[float, float]]:
        return [(place, of(one)) for place, one in zip(places, months, strict=True)]

    above, below = points(lambda one: one.share.p90), points(lambda one: one.share.p10)
    last = months[-1].share.p50
    return WayLine(
        name,
        axes.path(points(lambda one: one.share.p50)),
        axes.band(above, below) if banded else "",
        axes.x(places[-1]),
        axes.y(last),
        last,
    )


def _apart(lines: Sequence[WayLine]) -> tuple[WayLine, ...]:
    """Return the lines with names that do not lie on each other, in their order."""
    places: dict[int, float] = {}
    above = -math.inf
    for number in sorted(range(len(lines)), key=lambda place: lines[place].label_y):
        above = max(lines[number].label_y, above + _APART)
        places[number] = above
    return tuple(
        WayLine(one.name, one.path, one.band, one.x, places[number], one.last)
        for number, one in enumerate(lines)
    )
