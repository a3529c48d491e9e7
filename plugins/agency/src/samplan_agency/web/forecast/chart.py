"""The months of a forecast as places in a picture: outcome, forecast with its interval, budget, last year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from samplan.plugin_api import show_month
from samplan_agency.domain.forecast_table import Point
from samplan_agency.web.axes import Axes, Room, marks

_ROOM = Room(760, 300, left=64, right=20, top=16, bottom=30)
_MILLION = 1_000_000


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
    ticks: tuple[tuple[float, float], ...]


def draw_months(points: Sequence[Point]) -> Picture:
    """Return the picture of a year."""
    wanted = [
        value
        for point in points
        for value in (point.amount, point.low, point.high, point.budget, point.last_year)
        if value is not None
    ]
    least, most = float(min(wanted)) / _MILLION, float(max(wanted)) / _MILLION
    margin = (most - least) * 0.05 or 1.0
    axes = Axes(_ROOM, len(points), least - margin, most + margin)
    known = sum(point.known for point in points)

    def line(
        of: Callable[[Point], Decimal | None], first: int = 0, last: int | None = None
    ) -> Sequence[tuple[float, float]]:
        told = ((place, of(point)) for place, point in enumerate(points))
        return [(place, float(value) / _MILLION) for place, value in told if value is not None][first:last]

    upper, lower = line(lambda point: point.high), line(lambda point: point.low)
    return Picture(
        outcome=axes.path(line(lambda point: point.amount, 0, known)),
        forecast=axes.path(line(lambda point: point.amount, max(known - 1, 0)))
        if known < len(points)
        else "",
        band=axes.band(upper, lower) if len(upper) > 1 else "",
        budget=axes.path(line(lambda point: point.budget)) if any(point.budget for point in points) else "",
        last_year=axes.path(line(lambda point: point.last_year))
        if any(point.last_year for point in points)
        else "",
        border=axes.x(known - 0.5) if 0 < known < len(points) else None,
        months=tuple(
            (axes.x(place), show_month(point.month, "short_name")) for place, point in enumerate(points)
        ),
        ticks=tuple((axes.y(mark), mark) for mark in marks(axes.low, axes.high)),
    )
