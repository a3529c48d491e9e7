"""What all pictures of figures share: where values lie, the paths of lines, and the marks of scales."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Value = Decimal | float
MOST_MARKS = 6
_ROUND = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Room:
    """A picture's size, and how much of it is left to labels on each side."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def across(self) -> int:
        """How wide the place of the values is."""
        return self.width - self.left - self.right


@dataclass(frozen=True, slots=True)
class Axes:
    """Where values lie: `count` places from left to right, from `low` at the bottom up to `high`."""

    room: Room
    count: int
    low: float
    high: float

    def x(self, place: float) -> float:
        """Return how far to the right a point stands: the first at the left edge, the last at the right."""
        return round(self.room.left + place / max(self.count - 1, 1) * self.room.across, 1)

    def bar(self, place: int, filled: float) -> tuple[float, float]:
        """Return the left edge and the width of a bar that takes this part of its place."""
        width = self.room.across / self.count
        return round(self.room.left + (place + (1 - filled) / 2) * width, 1), round(filled * width, 1)

    def y(self, value: Value) -> float:
        """Return how far down a value lies."""
        room = self.room
        share = (self.high - float(value)) / ((self.high - self.low) or 1.0)
        return round(room.top + share * (room.height - room.top - room.bottom), 1)

    def path(self, points: Iterable[tuple[float, Value]]) -> str:
        """Return the path of a line through these places and values; empty without any."""
        return path((self.x(place), self.y(value)) for place, value in points)

    def band(self, upper: Sequence[tuple[float, Value]], lower: Sequence[tuple[float, Value]]) -> str:
        """Return the path around what lies between two lines."""
        return self.path([*upper, *reversed(lower)]) + "Z"


def path(places: Iterable[tuple[float, float]]) -> str:
    """Return the path through places of a picture."""
    return "".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(places))


def marks(low: float, high: float, most: int = MOST_MARKS) -> list[float]:
    """Return the round values from `low` to `high` that a scale names, about `most` of them."""
    step = _step(low, high, most)
    return _multiples(step, math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9))


def marks_around(low: float, high: float, most: int = MOST_MARKS) -> list[float]:
    """Return round values of which the first is not above `low` and the last not below `high`."""
    step = _step(low, high, most)
    return _multiples(step, math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9))


def named(count: int, most: int, *, last: bool = False) -> range:
    """Return which of `count` places are named, at most `most`: from the first on, or back from the last."""
    step = max(1, -(-count // most))
    return range((count - 1) % step if last else 0, count, step)


def _step(low: float, high: float, most: int) -> float:
    least = ((high - low) or 1.0) / most
    size = 10.0 ** math.floor(math.log10(least))
    return next(number * size for number in _ROUND if number * size >= least * 0.999)


def _multiples(step: float, first: int, last: int) -> list[float]:
    return [round(number * step, 9) for number in range(first, last + 1)]
