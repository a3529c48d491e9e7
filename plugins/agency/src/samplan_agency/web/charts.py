"""Charts as places in a picture, drawn by templates; each stands beside a table with the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from samplan.plugin_api import show_month
from samplan_agency.web.axes import Axes, Room, marks, named

_LINE = Room(720, 260, left=44, right=16, top=16, bottom=34)
_STEPS = Room(720, 260, left=0, right=16, top=30, bottom=34)
_MOST_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Tick:
    """A label beside an axis."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line over months, a level across it, and the labels of both axes."""

    path: str
    dots: tuple[tuple[float, float], ...]
    level: float | None
    months: tuple[Tick, ...]
    values: tuple[Decimal, ...]
    lines: tuple[Tick, ...]


def line_chart(points: Sequence[tuple[date, Decimal]], level: Decimal | None = None) -> LineChart | None:
    """Return the chart of values by month from zero up; None for fewer than two."""
    if len(points) < 2:
        return None
    values = tuple(value for _, value in points)
    high, low = max([*values, level or Decimal(0), Decimal(1)]), min([*values, Decimal(0)])
    axes = Axes(_LINE, len(points), float(low), float(high))
    shown = [(place, points[place][0]) for place in named(len(points), _MOST_MONTHS, last=True)]
    return LineChart(
        axes.path(enumerate(values)),
        tuple((axes.x(place), axes.y(value)) for place, value in enumerate(values)),
        None if level is None else axes.y(level),
        tuple(Tick(axes.x(place), _LINE.height - 10, show_month(month)) for place, month in shown),
        values,
        tuple(
            Tick(_LINE.left, axes.y(mark), f"{mark:g}".replace(".", ","))
            for mark in marks(axes.low, axes.high)
        ),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of a waterfall; `kind` total|up|down."""

    label: str
    value: Decimal
    kind: str
    x: float
    y: float
    width: float
    height: float


def waterfall(
    before: tuple[str, Decimal], parts: Sequence[tuple[str, Decimal]], after: tuple[str, Decimal]
) -> tuple[Bar, ...]:
    """Return the bars from one total over its changes to the next."""
    zero, levels = Decimal(0), [before[1]]
    for _, part in parts:
        levels.append(levels[-1] + part)
    low, high = min([*levels, after[1], zero]), max([*levels, after[1], Decimal(1)])
    axes = Axes(_STEPS, len(parts) + 2, float(low), float(high))
    steps = [(*before, "total", zero, before[1])]
    for (label, part), (begin, end) in zip(parts, pairwise(levels), strict=True):
        steps.append((label, part, "up" if part > 0 else "down", begin, end))
    steps.append((*after, "total", zero, after[1]))
    bars = []
    for place, (label, value, kind, begin, end) in enumerate(steps):
        top, bottom = axes.y(max(begin, end)), axes.y(min(begin, end))
        x, width = axes.bar(place, 0.85)
        bars.append(Bar(label, value, kind, x, top, width, max(round(bottom - top, 1), 1.5)))
    return tuple(bars)
