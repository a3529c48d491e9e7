"""Draw the gap of one instance over time: a line for each solver, time on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from samplan_rostering.bench.measurement import Row

WIDTH, HEIGHT = 760, 430
LEFT, RIGHT, TOP, BOTTOM = 76, 150, 56, 60
_SHORTEST = 0.01
"""Seconds at which the time axis may begin at the earliest."""

_STYLE = """
svg { font-family: system-ui, sans-serif; font-size: 13px; }
.paper { fill: #ffffff; } text { fill: #1f2328; } .heading { font-size: 16px; font-weight: 600; }
.grid { stroke: #d0d7de; } .axis { stroke: #57606a; } .line { fill: none; stroke-width: 2.25; }
.s0 { stroke: #0550ae; } .s1 { stroke: #a40e26; } .s2 { stroke: #116329; } .s3 { stroke: #6639ba; }
.f0 { fill: #0550ae; } .f1 { fill: #a40e26; } .f2 { fill: #116329; } .f3 { fill: #6639ba; }
@media (prefers-color-scheme: dark) {
.paper { fill: #0d1117; } text { fill: #e6edf3; } .grid { stroke: #30363d; } .axis { stroke: #8b949e; }
.s0 { stroke: #79c0ff; } .s1 { stroke: #ffa198; } .s2 { stroke: #7ee787; } .s3 { stroke: #d2a8ff; }
.f0 { fill: #79c0ff; } .f1 { fill: #ffa198; } .f2 { fill: #7ee787; } .f3 { fill: #d2a8ff; }
}
"""
_DASHES = ("", "9 4", "2 4", "12 4 2 4")
"""A pattern for each line: nobody has to tell colours apart."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """What gaps are counted from, and whether in per cent (a value of 0 has no per cent)."""

    value: int
    name: str

    @property
    def label(self) -> str:
        """What the axis says."""
        unit = "per cent above" if self.value > 0 else "points above"
        return f"Gap: {unit} {self.name} {self.value}"

    def gap(self, objective: int) -> float:
        """Return the gap; below the reference there is none."""
        above = max(objective - self.value, 0)
        return 100 * above / self.value if self.value > 0 else float(above)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Maps seconds and gaps to places: both logarithmic, gaps as log(1 + gap) so that 0 has a place."""

    first: float
    last: float
    widest: float

    def x(self, seconds: float) -> float:
        """Return the place of a time."""
        inside = min(max(seconds, self.first), self.last)
        share = math.log(inside / self.first) / math.log(self.last / self.first)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, gap: float) -> float:
        """Return the place of a gap."""
        share = math.log1p(gap) / math.log1p(self.widest)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def draw(rows: Sequence[Row]) -> str:
    """Return the picture of the rows of one file as SVG; it says so when there is no roster."""
    title = f"{rows[0].file}: gap over time"
    lines = [(row, found) for row in rows if not row.rejected and (found := _found(row))]
    svg = _picture(title, _described(rows))
    if not lines:
        _text(svg, WIDTH / 2, HEIGHT / 2, "No roster was found", anchor="middle")
        return _written(svg)
    reference = _reference(rows, [objective for _, found in lines for _, objective in found])
    steps = [(row, [(when, reference.gap(value)) for when, value in found]) for row, found in lines]
    scale = _scale(steps)
    _axes(svg, scale, reference.label)
    ends: list[float] = []
    for number, (row, points) in enumerate(steps):
        _line(svg, scale, number, points, row.seconds or points[-1][0])
        place = _apart(scale.y(points[-1][1]), ends)
        label = f"{row.solver} {_figure(points[-1][1])}{' %' * (reference.value > 0)}"
        _text(svg, WIDTH - RIGHT + 10, place + 4, label, kind=f"f{number % 4}")
    return _written(svg)


def _found(row: Row) -> list[tuple[float, int]]:
    """Return when each roster was found that is better than all before it, with its objective."""
    found: list[tuple[float, int]] = []
    for seconds, objective, _bound in row.points:
        if objective is not None and (not found or objective < found[-1][1]):
            found.append((seconds, objective))
    return found


def _reference(rows: Sequence[Row], objectives: Sequence[int]) -> _Reference:
    known = rows[0].best_known
    return (
        _Reference(min(objectives), "the best here,") if known is None else _Reference(known, "best known,")
    )


def _scale(steps: Sequence[tuple[Row, list[tuple[float, float]]]]) -> _Scale:
    times = [when for row, points in steps for when in (*(when for when, _ in points), row.seconds or 0)]
    first = max(min(when for when in times if when >= 0), _SHORTEST)
    first = 10 ** math.floor(math.log10(first))
    last = max(*times, first * 10)
    return _Scale(first, last, max(1.0, *(gap for _, points in steps for _, gap in points)))


def _line(
    svg: ET.Element, scale: _Scale, number: int, points: Sequence[tuple[float, float]], end: float
) -> None:
    """Draw steps: a roster is the best until the next one is found, and the last one to the end."""
    places = [(scale.x(points[0][0]), scale.y(points[0][1]))]
    for when, gap in points[1:]:
        places += [(scale.x(when), places[-1][1]), (scale.x(when), scale.y(gap))]
    places.append((scale.x(max(end, points[-1][0])), places[-1][1]))
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    shape = ET.SubElement(svg, "polyline", {"class": f"line s{number % 4}", "points": drawn})
    if _DASHES[number % 4]:
        shape.set("stroke-dasharray", _DASHES[number % 4])
    x, y = places[0]
    ET.SubElement(svg, "circle", {"class": f"f{number % 4}", "cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "3.5"})


def _apart(place: float, taken: list[float]) -> float:
    """Return a place for a label that covers no other one: the nearest above or below that is free."""
    steps = (place + sign * 17 * step for step in range(9) for sign in (-1, 1))
    free = next((at for at in steps if all(abs(at - other) >= 16 for other in taken)), place)
    taken.append(free)
    return free


def _axes(svg: ET.Element, scale: _Scale, label: str) -> None:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    wide = scale.last > 1000 * scale.first
    for seconds in _ticks(scale.first, scale.last, (1,) if wide else (1, 2, 5)):
        x = scale.x(seconds)
        _rule(svg, "grid", (x, TOP, x, bottom))
        _text(svg, x, bottom + 20, _figure(seconds), anchor="middle")
    for gap in (0.0, *_ticks(0.1 if scale.widest < 2 else 1, scale.widest)):
        y = scale.y(gap)
        _rule(svg, "grid", (LEFT, y, right, y))
        _text(svg, LEFT - 8, y + 4, _figure(gap), anchor="end")
    _rule(svg, "axis", (LEFT, bottom, right, bottom))
    _rule(svg, "axis", (LEFT, TOP, LEFT, bottom))
    _text(svg, (LEFT + right) / 2, HEIGHT - 14, "Seconds (logarithmic)", anchor="middle")
    upright = _text(svg, 20, (TOP + bottom) / 2, f"{label} (logarithmic)", anchor="middle")
    upright.set("transform", f"rotate(-90 20 {(TOP + bottom) / 2:.1f})")


def _ticks(first: float, last: float, factors: Sequence[int] = (1,)) -> Iterator[float]:
    """Yield the powers of ten, times the factors, from the first to the last."""
    exponents = range(math.floor(math.log10(first)), math.ceil(math.log10(last)) + 1)
    places = (factor * 10.0**exponent for exponent in exponents for factor in factors)
    return (place for place in places if first * 0.999 <= place <= last * 1.001)


def _described(rows: Sequence[Row]) -> str:
    """Return the picture in words."""
    said = []
    for row in rows:
        if row.rejected:
            said.append(f"{row.solver}: its roster was rejected by the evaluator")
        elif row.objective is None:
            said.append(f"{row.solver}: no roster, {row.status}")
        else:
            after = "" if row.seconds_best is None else f" after {row.seconds_best:.1f} s"
            gap = "" if row.gap_best_known is None else f", {row.gap_best_known:.2f} % above best known"
            said.append(f"{row.solver}: objective {row.objective}{after}{gap}")
    return ". ".join(said) + "."


def _picture(title: str, described: str) -> ET.Element:
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {WIDTH} {HEIGHT}",
        "width": str(WIDTH),
        "height": str(HEIGHT),
        "role": "img",
        "aria-labelledby": "title desc",
    }
    svg = ET.Element("svg", attributes)
    ET.SubElement(svg, "title", {"id": "title"}).text = title
    ET.SubElement(svg, "desc", {"id": "desc"}).text = described
    ET.SubElement(svg, "style").text = _STYLE
    ET.SubElement(svg, "rect", {"class": "paper", "width": str(WIDTH), "height": str(HEIGHT)})
    _text(svg, LEFT, 30, title, kind="heading")
    return svg


def _text(
    svg: ET.Element, x: float, y: float, text: str, *, anchor: str = "start", kind: str = ""
) -> ET.Element:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    element = ET.SubElement(svg, "text", {**place, "class": kind} if kind else place)
    element.text = text
    return element


def _rule(svg: ET.Element, kind: str, places: tuple[float, float, float, float]) -> None:
    names = ("x1", "y1", "x2", "y2")
    ends = {name: f"{place:.1f}" for name, place in zip(names, places, strict=True)}
    ET.SubElement(svg, "line", {"class": kind, **ends})


def _figure(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _written(svg: ET.Element) -> str:
    ET.indent(svg)
    return ET.tostring(svg, encoding="unicode") + "\n"
