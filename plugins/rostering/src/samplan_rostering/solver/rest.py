"""Candidate rests in windows of time, and the cells that disturb them; `ward_rules.rest` says what for.

A rest of given length in a window exists exactly when one exists that begins with the window
or as some shift ends. So a window has few candidate rests, each disturbed by certain cells.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import time
from functools import lru_cache

from samplan_rostering.solver.instants import Span, WardClock
from samplan_rostering.solver.problem import Cell, RestOption

_PlacedCell = tuple[int, int, int, int]
"""Day offset, shift, start and end, the latter two from the start of a window."""
_REACH = 2
"""Days before a window whose shifts may reach into it."""


class RestCompiler:
    """Finds what leaves too little rest; days before 0 are those of the past."""

    def __init__(self, clock: WardClock, days: int, shifts: int) -> None:
        self._clock = clock
        self._days = days
        self._shifts = range(shifts)
        self._weekly: dict[tuple[int, time, int, frozenset[Cell]], tuple[RestOption, ...]] = {}

    def daily(
        self, day: int, day_break: time, minutes: int, apart: frozenset[Cell]
    ) -> list[tuple[Cell, ...]]:
        """Return the combinations that leave no rest in 24 h from a day's break, but for those apart."""
        start, end = self._clock.at(day, day_break), self._clock.at(day + 1, day_break)
        placed = []
        for cell in self._near(day - 2, day + 2):
            begins, ends = self._clock.work(*cell)
            if begins < min(ends, end) and start < ends and cell not in apart:
                placed.append((cell[0] - day, cell[1], begins - start, ends - start))
        patterns = _patterns(tuple(placed), end - start, minutes)
        return [tuple((day + offset, shift) for offset, shift in pattern) for pattern in patterns]

    def weekly(
        self, first: int, day_break: time, minutes: int, past: frozenset[Cell]
    ) -> tuple[RestOption, ...]:
        """Return the rests of seven days; none where they are always kept, or broken by the past."""
        known = first, day_break, minutes, past if first < _REACH else frozenset()
        if known not in self._weekly:
            possible = [
                tuple(cells for cells in option if cells is not None)
                for option in self._weekly_options(*known)
            ]
            options = tuple(option for option in possible if () not in option)
            self._weekly[known] = options if all(options) else ()
        return self._weekly[known]

    def _weekly_options(
        self, first: int, day_break: time, minutes: int, past: frozenset[Cell]
    ) -> Iterator[list[tuple[Cell, ...] | None]]:
        """Yield the weekly rests of seven days, gathered by the first day they keep free."""
        window = (self._clock.at(first, day_break), self._clock.at(first + 7, day_break))
        cells = {cell: self._clock.span(*cell) for cell in self._near(first - _REACH, first + 8)}
        by_free_day: dict[int, list[frozenset[Cell]]] = defaultdict(list)
        for rest in candidate_rests(window, cells, minutes):
            days = sorted({day for day, _ in rest})
            whole = (day for day in days if all((day, shift) in rest for shift in self._shifts))
            by_free_day[next(whole, -3)].append(rest)
        for together in by_free_day.values():
            yield [given(cells, past) for cells in _disturbing(together)]

    def _near(self, first: int, last: int) -> Iterator[Cell]:
        return ((day, shift) for day in range(first, min(last, self._days)) for shift in self._shifts)


def candidate_rests(window: Span, cells: dict[Cell, Span], minutes: int) -> list[frozenset[Cell]]:
    """Return, for each rest of that many minutes worth trying in a window, the cells disturbing it."""
    first, last = window[0], window[1] - minutes
    starts = {first} | {end for _, end in cells.values() if first < end <= last}
    return [
        frozenset(cell for cell, (begins, ends) in cells.items() if begins < start + minutes and start < ends)
        for start in sorted(starts)
        if start <= last
    ]


@lru_cache(maxsize=1024)
def _patterns(placed: tuple[_PlacedCell, ...], length: int, minutes: int) -> tuple[tuple[Cell, ...], ...]:
    """Return the combinations that leave no rest in a window of that length."""
    spans = {(day, shift): (start, end) for day, shift, start, end in placed}
    return tuple(_disturbing(candidate_rests((0, length), spans, minutes)))


def _disturbing(rests: Collection[frozenset[Cell]]) -> list[tuple[Cell, ...]]:
    """Return the smallest sets of cells, at most one a day, that disturb every one of the rests.

    One rest after the other (Berge, Hypergraphs, 1989): a set that does not disturb it grows by one cell.
    """
    found = [frozenset[Cell]()] if rests else []
    for rest in rests:
        kept = [cells for cells in found if cells & rest]
        grown = {
            cells | {cell}
            for cells in found
            if not cells & rest
            for cell in rest
            if all(cell[0] != day for day, _ in cells)
        }
        for cells in sorted(grown, key=len):
            if not any(known <= cells for known in kept):
                kept.append(cells)
        found = kept
    return sorted((tuple(sorted(cells)) for cells in found), key=lambda cells: (len(cells), cells))


def given(cells: tuple[Cell, ...], history: frozenset[Cell]) -> tuple[Cell, ...] | None:
    """Return what is left to forbid in the period once the history is known; None: nothing.

    An empty tuple means that the history alone makes up the combination.
    """
    before = {cell for cell in cells if cell[0] < 0}
    return tuple(cell for cell in cells if cell[0] >= 0) if before <= history else None
