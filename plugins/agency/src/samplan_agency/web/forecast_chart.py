"""The months of a forecast as places in a picture: outcome, forecast with its interval, budget, last year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from samplan_agency.domain.forecast_table import Point

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 16, 30
MILLION = 1_000_000
_STEPS = (1, 2, 5, 10)
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Picture:
    """Paths by what they show, and the marks of both axes: place and text."""

    outcome: str
    forecast: str
    band: str
    budget: str
    last_year: str
    border: float | None
    months: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, Decimal], ...]


def draw_months(points: Sequence[Point]) -> Picture:
    """Return the picture of a year."""
    wanted = [
        value
        for point in points
        for value in (point.amount, point.low, point.high, point.budget, point.last_year)
        if value is not None
    ]
    low, high, ticks = _scale(float(min(wanted)) / MILLION, float(max(wanted)) / MILLION)
    across = (WIDTH - LEFT - RIGHT) / (len(points) - 1)

    def place(number: int, value: Decimal) -> tuple[float, float]:
        share = (high - float(value) / MILLION) / (high - low)
        return round(LEFT + number * across, 1), round(TOP + share * (HEIGHT - TOP - BOTTOM), 1)

    known = sum(point.known for point in points)
    amounts = [place(number, point.amount) for number, point in enumerate(points)]
    upper = [place(number, point.high) for number, point in enumerate(points) if point.high is not None]
    lower = [place(number, point.low) for number, point in enumerate(points) if point.low is not None]
    return Picture(
        outcome=_path(amounts[:known]),
        forecast=_path(amounts[max(known - 1, 0) :]) if known < len(points) else "",
        band=_path([*upper, *reversed(lower)]) + "Z" if len(upper) > 1 else "",
        budget=_path(place(number, point.budget) for number, point in enumerate(points))
        if any(point.budget for point in points)
        else "",
        last_year=_path(place(number, point.last_year) for number, point in enumerate(points))
        if any(point.last_year for point in points)
        else "",
        border=round(LEFT + (known - 0.5) * across, 1) if 0 < known < len(points) else None,
        months=tuple((round(LEFT + n * across, 1), f"{point.month:%m}") for n, point in enumerate(points)),
        ticks=tuple((place(0, tick * MILLION)[1], tick) for tick in ticks),
    )


def _scale(least: float, most: float) -> tuple[float, float, list[Decimal]]:
    """Return both ends of an axis and its round marks."""
    if least == most:
        least, most = least - 1, most + 1
    margin = (most - least) * 0.05
    low, high = least - margin, most + margin
    size = Decimal(1).scaleb(Decimal((high - low) / _MOST_TICKS).adjusted())
    step = next(size * step for step in _STEPS if float(size * step) * _MOST_TICKS >= high - low)
    first = int(Decimal(low) / step) - 1
    marks = [step * number for number in range(first, first + 2 * _MOST_TICKS + 4)]
    return low, high, [mark for mark in marks if low <= float(mark) <= high]


def _path(places: Iterable[tuple[float, float]]) -> str:
    return "".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(places))
