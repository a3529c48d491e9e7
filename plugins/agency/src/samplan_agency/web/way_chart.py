"""The picture of plans: hired staff's share month by month, with interval where it is of one plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from samplan_agency.domain.months import months_between

if TYPE_CHECKING:
    from samplan_agency.domain.independence import Way, WayMonth

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 48, 130, 14, 36
_MOST_TICKS, _APART = 8, 16


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


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a month and a share lie: from the first month on, up to the largest share."""

    first: date
    span: int
    top: float

    def x(self, month: date) -> float:
        return LEFT + months_between(self.first, month) / self.span * (WIDTH - LEFT - RIGHT)

    def y(self, share: float) -> float:
        return HEIGHT - BOTTOM - share / self.top * (HEIGHT - TOP - BOTTOM)

    def path(self, points: Sequence[tuple[date, float]]) -> str:
        return "M" + "L".join(f"{self.x(month):.1f} {self.y(share):.1f}" for month, share in points)

    def band(self, months: Sequence[WayMonth]) -> str:
        above = [(one.month, one.share.p90) for one in months]
        below = [(one.month, one.share.p10) for one in reversed(months)]
        return self.path([*above, *below]) + "Z"


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
    scale = _Scale(first, max(months_between(first, last), 1), top)
    lines = [
        WayLine(
            name,
            scale.path([(one.month, one.share.p50) for one in months]),
            scale.band(months) if len(known) == 1 else "",
            scale.x(months[-1].month),
            scale.y(months[-1].share.p50),
            months[-1].share.p50,
        )
        for name, months in known
    ]
    months = next([one.month for one in of] for _, of in known if of[0].month == first)
    marked, shares = _ticks(months, top)
    return WayChart(
        _apart(lines),
        scale.y(target),
        tuple((scale.x(month), month) for month in marked),
        tuple((scale.y(share), share) for share in shares),
    )


def _ticks(months: Sequence[date], top: float) -> tuple[Sequence[date], Sequence[int]]:
    """Return the months and the shares that the scales name."""
    step = max(1, -(-len(months) // _MOST_TICKS))
    size = 1 if top <= 6 else 2 if top <= 12 else math.ceil(top / 6)
    return months[::step], range(0, int(top) + 1, size)


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
