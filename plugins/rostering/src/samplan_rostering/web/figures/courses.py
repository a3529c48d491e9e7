"""How a key figure goes over time, as places in a small picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 240, 98
LEFT, RIGHT, TOP, BOTTOM = 12, 56, 22, 38
ABOVE, BELOW = -8, 16
"""From a dot to its label."""
LEAST = 2
"""Known values that are needed for a line."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A known value with its place; `number` is that of its span."""

    number: int
    value: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Course:
    """A line through the known values, broken where nothing is known between two."""

    path: str
    dots: tuple[Dot, ...]

    @property
    def label_y(self) -> float:
        """Where the first value is written: on the side that the line does not go to."""
        one, other = self.dots[:2]
        return one.y + (BELOW if other.y < one.y else ABOVE)


def draw_course(values: Sequence[float | None]) -> Course | None:
    """Return the picture of a figure over time; None where too little is known for one."""
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    if len(known) < LEAST:
        return None
    low, high = (of(value for _number, value in known) for of in (min, max))
    if low == high:
        low, high = low - 1, high + 1  # in the middle
    step, unit = (WIDTH - LEFT - RIGHT) / (len(values) - 1), (HEIGHT - TOP - BOTTOM) / (high - low)
    dots = tuple(
        Dot(number, value, round(LEFT + number * step, 1), round(TOP + (high - value) * unit, 1))
        for number, value in known
    )
    before = [None, *(dot.number for dot in dots)]
    path = "".join(
        f"{'L' if last == dot.number - 1 else 'M'}{dot.x} {dot.y}"
        for last, dot in zip(before, dots, strict=False)
    )
    return Course(path, dots)
