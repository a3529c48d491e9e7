"""Pictures of a valuation and of what became of kept ones: places of bars, ranges and dots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 28, 40
_ROUND = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """A month: what is booked, what is to come on top of it, the range of their sum, and what came of it."""

    label: str
    booked: Decimal
    to_come: Decimal
    low: Decimal
    high: Decimal
    outcome: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar's places in the picture; `label` stands below it, empty where there is no room."""

    x: float
    width: float
    booked_y: float
    booked_height: float
    to_come_y: float
    to_come_height: float
    low_y: float
    high_y: float
    label: str
    outcome_y: float | None

    @property
    def middle(self) -> float:
        """Return where the bar's middle is."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture: bars, and lines of the scale with their values in millions."""

    bars: tuple[DrawnBar, ...]
    ticks: tuple[tuple[float, float], ...]
    zero: float


def draw(bars: Sequence[Bar], most_labels: int = 8) -> Chart | None:
    """Return the picture of months; None where there is nothing to show."""
    values = [
        float(value) for bar in bars for value in (bar.booked + bar.to_come, bar.low, bar.high, bar.booked)
    ]
    high, low = max([*values, 0.0]) / 1e6, min([*values, 0.0]) / 1e6
    if not bars or high == low:
        return None
    step = _step((high - low) / 4)
    top, bottom = _above(high, step), -_above(-low, step)
    unit = (HEIGHT - TOP - BOTTOM) / (top - bottom)

    def y(value: float) -> float:
        return round(TOP + (top - value) * unit, 1)

    room = (WIDTH - LEFT - RIGHT) / len(bars)
    every = -(-len(bars) // most_labels)
    drawn = []
    for place, bar in enumerate(bars):
        booked, whole = float(bar.booked) / 1e6, float(bar.booked + bar.to_come) / 1e6
        shown = bar.label if (len(bars) - 1 - place) % every == 0 else ""
        drawn.append(
            DrawnBar(
                round(LEFT + place * room + room * 0.15, 1),
                round(room * 0.7, 1),
                min(y(booked), y(0)),
                round(abs(y(booked) - y(0)), 1),
                min(y(whole), y(booked)),
                round(abs(y(whole) - y(booked)), 1),
                y(float(bar.low) / 1e6),
                y(float(bar.high) / 1e6),
                shown,
                None if bar.outcome is None else y(float(bar.outcome) / 1e6),
            )
        )
    count = round((top - bottom) / step)
    ticks = tuple((y(bottom + number * step), bottom + number * step) for number in range(count + 1))
    return Chart(tuple(drawn), ticks, y(0))


def _step(least: float) -> float:
    """Return the next round number that is not below."""
    size = 10.0 ** math.floor(math.log10(least))
    return next(number * size for number in _ROUND if number * size >= least * 0.999)


def _above(value: float, step: float) -> float:
    """Return the next multiple of a step that is not below."""
    return step * max(-(-value // step), 0)
