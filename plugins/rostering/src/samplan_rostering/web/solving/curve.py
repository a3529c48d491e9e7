"""The curve of a search: objective and bound over time, as places in a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from samplan_rostering.queries.solving.traces import Point

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 12, 150, 14, 50
APART = 18
"""Least distance between two labels."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of steps with its last value, which is written at its end."""

    path: str
    value: int
    x: float
    y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The picture: two lines, the times below, and the same in numbers."""

    objective: Line | None
    bound: Line | None
    ticks: tuple[tuple[float, float], ...]
    rows: tuple[Point, ...]


def draw_curve(points: Sequence[Point], most_rows: int = 60) -> Curve:
    """Return the curve of a search; values are placed by their logarithm, so that the end can be told."""
    last = max(points[-1][0], 1.0)
    values = [value for _, *both in points for value in both if value is not None]
    low, high = _log(min(values, default=0)), _log(max(values, default=1))
    if high == low:
        low, high = low - 1, high + 1  # in the middle
    span = high - low

    def x(seconds: float) -> float:
        return LEFT + seconds / last * (WIDTH - LEFT - RIGHT)

    def y(value: int) -> float:
        return HEIGHT - BOTTOM - (_log(value) - low) / span * (HEIGHT - TOP - BOTTOM)

    def line(found: Iterable[tuple[float, int | None]], above: float | None) -> Line | None:
        steps = [(x(at), y(value), value) for at, value in found if value is not None]
        if not steps:
            return None
        path = f"M{steps[0][0]:.1f} {steps[0][1]:.1f}"
        path += "".join(f"H{at:.1f}V{place:.1f}" for at, place, _ in steps[1:]) + f"H{x(last):.1f}"
        end = steps[-1][1]
        label = end if above is None or end - above >= APART else above + APART
        return Line(path, steps[-1][2], x(last), end, label)

    objective = line(((at, best) for at, best, _ in points), None)
    bound = line(((at, proven) for at, _, proven in points), None if objective is None else objective.label_y)
    step = _step(last)
    ticks = tuple((x(step * number), step * number) for number in range(int(last / step) + 1))
    return Curve(objective, bound, ticks, tuple(points[-most_rows:]))


def _log(value: int) -> float:
    return math.log1p(max(value, 0))


def _step(last: float) -> float:
    """Return a distance of times that gives at most six of them."""
    return next((step for step in (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900) if last / step <= 6), 3600)
