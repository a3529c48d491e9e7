"""The picture of a measure: planned and realised effect, summed month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samplan_agency.queries.measures.standing import Standing
from samplan_agency.web.axes import Axes, Room, marks, named

_ROOM = Room(720, 240, left=64, right=110, top=14, bottom=36)
_MOST_MONTHS, _MOST_AMOUNTS, _APART = 8, 4, 18


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A month: planned and realised effect, and both summed; None where it is not known."""

    month: date
    planned: Decimal
    realised: Decimal | None
    planned_sum: Decimal
    realised_sum: Decimal | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A line with its last place, where its name stands."""

    path: str
    x: float
    y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class MeasureChart:
    """The picture: lines of the planned, the realised and the provisional, and the marks of both scales."""

    planned: ChartLine
    realised: ChartLine | None
    provisional: ChartLine | None
    zero: float
    months: tuple[tuple[float, date], ...]
    amounts: tuple[tuple[float, Decimal], ...]


def chart_rows(standing: Standing) -> list[ChartRow]:
    """Return the months of a measure, from its first planned or realised one on."""
    planned, found = standing.plan.planned, standing.realised
    rows: list[ChartRow] = []
    planned_sum = realised_sum = Decimal(0)
    for month in sorted(planned.keys() | found.keys()):
        planned_sum += planned.get(month, Decimal(0))
        one = found.get(month)
        realised_sum += one or Decimal(0)
        rows.append(
            ChartRow(
                month,
                planned.get(month, Decimal(0)),
                one,
                planned_sum,
                None if one is None else realised_sum,
                one is not None and standing.known.provisional(month),
            )
        )
    return rows


def draw_chart(rows: Sequence[ChartRow]) -> MeasureChart | None:
    """Return the picture; None for fewer than two months."""
    if len(rows) < 2:
        return None
    values = [float(row.planned_sum) for row in rows]
    values += [float(row.realised_sum) for row in rows if row.realised_sum is not None]
    axes = Axes(_ROOM, len(rows), min([0.0, *values]), max([0.0, *values]))

    def line(points: Sequence[tuple[int, Decimal]], beside: float | None = None) -> ChartLine:
        place, value = points[-1]
        down = axes.y(value)
        near = beside is not None and abs(down - beside) < _APART
        return ChartLine(axes.path(points), axes.x(place), down, (beside or 0) + _APART if near else down)

    planned = line([(place, row.planned_sum) for place, row in enumerate(rows)])
    known = [
        (place, row.realised_sum, row.provisional)
        for place, row in enumerate(rows)
        if row.realised_sum is not None
    ]
    final = [(place, value) for place, value, provisional in known if not provisional]
    newest = [(place, value) for place, value, provisional in known if provisional]
    return MeasureChart(
        planned,
        line(final, planned.y) if final else None,
        line([*final[-1:], *newest], planned.y) if newest else None,
        axes.y(0),
        tuple((axes.x(place), rows[place].month) for place in named(len(rows), _MOST_MONTHS)),
        tuple((axes.y(mark), Decimal(mark)) for mark in marks(axes.low, axes.high, _MOST_AMOUNTS)),
    )
