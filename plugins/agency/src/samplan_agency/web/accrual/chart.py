"""Pictures of a valuation and of what became of kept ones: places of bars, ranges and dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from samplan_agency.web.axes import Axes, Room, marks_around, named

_ROOM = Room(720, 260, left=56, right=12, top=28, bottom=40)
_MOST_AMOUNTS = 4


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
    ticks = marks_around(low, high, _MOST_AMOUNTS)
    axes = Axes(_ROOM, len(bars), ticks[0], ticks[-1])
    shown = named(len(bars), most_labels, last=True)
    drawn = tuple(
        _drawn(axes, place, bar, bar.label if place in shown else "") for place, bar in enumerate(bars)
    )
    return Chart(drawn, tuple((axes.y(tick), tick) for tick in ticks), axes.y(0))


def _drawn(axes: Axes, place: int, bar: Bar, label: str) -> DrawnBar:
    def y(amount: Decimal) -> float:
        return axes.y(float(amount) / 1e6)

    x, width = axes.bar(place, 0.7)
    zero, booked, whole = axes.y(0), y(bar.booked), y(bar.booked + bar.to_come)
    return DrawnBar(
        x,
        width,
        min(booked, zero),
        round(abs(booked - zero), 1),
        min(whole, booked),
        round(abs(whole - booked), 1),
        y(bar.low),
        y(bar.high),
        label,
        None if bar.outcome is None else y(bar.outcome),
    )
