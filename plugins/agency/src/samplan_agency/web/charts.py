"""Charts as places in a picture, drawn by templates; each stands beside a table with the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 16, 16, 34


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
    highest = max([*(value for _, value in points), level or Decimal(0), Decimal(1)])
    lowest = min([*(value for _, value in points), Decimal(0)])
    step = _step(float(highest - lowest))

    def x(place: int) -> float:
        return round(_LEFT + place * (WIDTH - _LEFT - _RIGHT) / (len(points) - 1), 1)

    def y(value: float) -> float:
        top, bottom = float(highest), float(lowest)
        return round(_TOP + (top - value) / (top - bottom) * (HEIGHT - _TOP - _BOTTOM), 1)

    dots = tuple((x(place), y(float(value))) for place, (_, value) in enumerate(points))
    every = max(1, (len(points) + 5) // 6)
    months = tuple(
        Tick(dots[place][0], HEIGHT - 10, f"{points[place][0]:%Y-%m}")
        for place in range(len(points) - 1, -1, -every)
    )
    first = int(float(lowest) // step)
    marks = [number * step for number in range(first, int(float(highest) / step) + 1)]
    lines = tuple(Tick(_LEFT, y(mark), f"{mark:g}".replace(".", ",")) for mark in marks if mark >= lowest)
    path = "M" + "L".join(f"{left} {top}" for left, top in dots)
    values = tuple(value for _, value in points)
    return LineChart(path, dots, None if level is None else y(float(level)), months, values, lines)


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
    levels, at = [before[1]], before[1]
    for _, part in parts:
        at += part
        levels.append(at)
    highest = float(max([*levels, after[1], Decimal(1)]))
    lowest = float(min([*levels, after[1], Decimal(0)]))
    count = len(parts) + 2
    room = (WIDTH - _RIGHT) / count

    def bar(place: int, label: str, value: Decimal, ends: tuple[Decimal, Decimal], kind: str) -> Bar:
        high, low = (float(end) for end in (max(ends), min(ends)))
        scale = (HEIGHT - _TOP - _BOTTOM - 14) / (highest - lowest)
        top = _TOP + 14 + (highest - high) * scale
        height = max((high - low) * scale, 1.5)
        return Bar(
            label,
            value,
            kind,
            round(place * room + 6, 1),
            round(top, 1),
            round(room - 12, 1),
            round(height, 1),
        )

    zero, bars = Decimal(0), []
    bars.append(bar(0, before[0], before[1], (zero, before[1]), "total"))
    for place, (label, part) in enumerate(parts, start=1):
        bars.append(bar(place, label, part, (levels[place - 1], levels[place]), "up" if part > 0 else "down"))
    bars.append(bar(count - 1, after[0], after[1], (zero, after[1]), "total"))
    return tuple(bars)


def _step(span: float) -> float:
    """Return a distance of lines that gives at most six of them."""
    return next((step for step in (0.5, 1, 2, 5, 10, 20, 50, 100) if span / step <= 6), span / 5)
