"""A development triangle: what is known of each origin after each development period, cumulative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
MOST = 1e15
"""The largest amount."""
_AMOUNT = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,2})?", re.ASCII)


class TriangleFault(ValueError):
    """A triangle that nothing can be computed from; `row` and `column` count from 1, headings too."""

    def __init__(
        self, message: str, row: int | None = None, column: int | None = None, value: str = ""
    ) -> None:
        super().__init__(message)
        self.message, self.row, self.column, self.value = message, row, column, value

    def __str__(self) -> str:
        place = [f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
        where = ", ".join(part for part in place if part)
        value = f" ({self.value!r})" if self.value else ""
        return f"{where}{value}: {self.message}" if where else self.message


@dataclass(frozen=True, slots=True)
class Triangle:
    """Cumulative amounts: `known` has a row for each of `origins` and a column for each period, NaN: unknown.

    Every origin but those without any amount has a latest one; what stands after it is unknown. `weights`
    says of each amount how much the growth into it counts: 1 where nothing is said, 0 where it is left out.
    """

    origins: tuple[str, ...]
    known: Array
    weights: Array | None = None

    @property
    def periods(self) -> int:
        """Return the number of development periods."""
        return int(self.known.shape[1])

    def weight(self, period: int) -> Array:
        """Return how much the growth of each origin into a period counts."""
        return np.ones(len(self.origins)) if self.weights is None else self.weights[:, period]

    def latest(self) -> Places:
        """Return the place of the newest amount of each origin, from 0; -1 for an origin without any."""
        places = np.where(np.isnan(self.known), -1, np.arange(self.periods))
        return np.asarray(places.max(axis=1), dtype=np.int64)

    def reported(self) -> Array:
        """Return the newest amount of each origin; 0 for an origin without any."""
        latest = self.latest()
        rows = np.arange(len(self.origins))
        return np.where(latest < 0, 0.0, self.known[rows, np.maximum(latest, 0)])


def triangle_of_rows(rows: Sequence[Sequence[str]]) -> Triangle:
    """Return the triangle of a table: heading `origin,1,2,…`, then a row for each origin.

    Amounts have a decimal point or comma, and are empty where unknown. Raises `TriangleFault`.
    """
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if len(filled) < 2:
        raise TriangleFault("there is no triangle: expected a heading row and at least one origin")
    periods = _periods(filled[0][1])
    origins: dict[str, int] = {}
    known = []
    for number, row in filled[1:]:
        label = row[0].strip()
        if not label:
            raise TriangleFault("the origin has no label", number, 1)
        if label in origins:
            raise TriangleFault(f"the origin stands in row {origins[label]} too", number, 1, label)
        origins[label] = number
        if len(row) > periods + 1 and any(cell.strip() for cell in row[periods + 1 :]):
            raise TriangleFault(f"expected at most {periods} amounts", number, periods + 2)
        cells = [*row[1 : periods + 1], *[""] * (periods + 1 - len(row))]
        known.append([_amount(cell, number, place) for place, cell in enumerate(cells, 2)])
    return Triangle(tuple(origins), np.array(known, dtype=np.float64))


def exposure_of_rows(rows: Sequence[Sequence[str]], origins: Iterable[str]) -> Array:
    """Return the exposure of each origin from a table with the headings origin and exposure.

    Other headings are taken in that order, and further columns are left out. Raises `TriangleFault` for an
    origin without exposure and for one that the triangle does not have.
    """
    wanted = list(origins)
    named, told = _columns(rows[0] if rows else ())
    found: dict[str, float] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [*row, *[""] * (1 + max(named, told) - len(row))]
        label, text = cells[named].strip(), cells[told]
        if label not in wanted:
            raise TriangleFault("the triangle has no such origin", number, named + 1, label)
        if label in found:
            raise TriangleFault("the origin has an exposure already", number, named + 1, label)
        value = _amount(text, number, told + 1)
        if not value >= 0:
            raise TriangleFault("expected an exposure of 0 or more", number, told + 1, text)
        found[label] = value
    missing = [label for label in wanted if label not in found]
    if missing:
        raise TriangleFault(f"the exposure of these origins is missing: {', '.join(missing)}")
    return np.array([found[label] for label in wanted])


def _columns(heading: Sequence[str]) -> tuple[int, int]:
    """Return the places of the origin and of its exposure, by the headings."""
    names = [cell.strip().casefold() for cell in heading]
    if len(names) > 1 and _AMOUNT.fullmatch("".join(names[1].split())):
        raise TriangleFault("expected the headings origin,exposure", 1, 2, heading[1])
    told = names.index("exposure") if "exposure" in names else None
    named = names.index("origin") if "origin" in names else int(told == 0)
    return named, int(named == 0) if told is None else told


def _periods(heading: Sequence[str]) -> int:
    names = [cell.strip() for cell in heading]
    while names and not names[-1]:
        names.pop()
    if len(names) < 2:
        raise TriangleFault("expected the headings origin,1,2,…", 1)
    for place, name in enumerate(names[1:], 1):
        if name != str(place):
            raise TriangleFault(f"expected the heading {place}", 1, place + 1, name)
    return len(names) - 1


def _amount(cell: str, row: int, column: int) -> float:
    text = "".join(cell.split()).replace("\N{MINUS SIGN}", "-")
    if not text:
        return float("nan")
    if text.endswith("-"):
        text = f"-{text[:-1]}"
    value = float(text.replace(",", ".")) if _AMOUNT.fullmatch(text) else float("inf")
    if not abs(value) <= MOST:
        raise TriangleFault("this is not an amount, such as 1234.5", row, column, cell)
    return value
