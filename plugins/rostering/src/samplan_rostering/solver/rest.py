"""Compile the rules of rest into cells that exclude one another.

A rest of given length in a window exists exactly when one exists that begins with the window
or as some shift ends. So a window has few candidate rests, each disturbed by certain cells.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import time
from functools import lru_cache
from itertools import combinations

from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.instants import Span, WardClock
from samplan_rostering.solver.problem import Cell, Forbidden, RestWindow

_PlacedCell = tuple[int, int, int, int]
"""Day offset, shift, start and end, the latter two from the start of a window."""


class RestCompiler:
    """Compiles rest rules for a ward; `days` before 0 are those of the history."""

    def __init__(self, ward: WardData, clock: WardClock) -> None:
        self._clock = clock
        self._days = ward.period.days
        self._shifts = range(len(ward.shift_types))
        self._rules = ward.rules
        self._by_break: dict[time, tuple[list[tuple[Cell, ...]], ...]] = {}
        self._after_shift = list(self._too_close())

    def forbidden(self, day_break: time, history: frozenset[Cell]) -> tuple[Forbidden, ...]:
        """Return the combinations that leave too little rest, given the shifts before the period.

        AB § 13: every shift is followed by rest, and every 24-hour period from the
        employee's day break holds one continuous rest.
        """
        if day_break not in self._by_break:
            days = range(-1, self._days)
            self._by_break[day_break] = tuple(self._window_patterns(day, day_break) for day in days)
        after_shift = (_given(pair, history) for pair in self._after_shift)
        found = {cells: Rule.REST_AFTER_SHIFT for cells in after_shift if cells}
        for patterns in self._by_break[day_break]:
            left = [_given(pattern, history) for pattern in patterns]
            if () in left:  # the history alone has broken this window
                continue
            found |= {cells: Rule.DAILY_REST for cells in left if cells and cells not in found}
        return tuple(Forbidden(rule, cells) for cells, rule in found.items())

    def weekly(self, day_break: time, history: frozenset[Cell]) -> tuple[RestWindow, ...]:
        """Return the weekly rests (ATL 14 §) of each seven of the employee's 24-hour periods.

        The first seven begin with the 24-hour period that holds the start of the roster.
        """
        lead = int(day_break > time.min)
        windows = []
        for first in range(-lead, self._days - 7 - lead + 1, 7):
            possible = [
                tuple(cells for cells in option if cells is not None)
                for option in self._weekly_options(first, day_break, history)
            ]
            options = tuple(option for option in possible if () not in option)
            if options and all(options):  # else broken by the history, or kept whatever is worked
                windows.append(RestWindow(Rule.WEEKLY_REST, options))
        return tuple(windows)

    def _weekly_options(
        self, first: int, day_break: time, history: frozenset[Cell]
    ) -> Iterator[list[tuple[Cell, ...] | None]]:
        """Yield the weekly rests of seven days, gathered by the first day they keep free."""
        window = (self._clock.at(first, day_break), self._clock.at(first + 7, day_break))
        cells = {cell: self._clock.span(*cell) for cell in self._near(first - 1, first + 8)}
        rests = candidate_rests(window, cells, self._rules.weekly_rest_minutes)
        by_free_day: dict[int, list[frozenset[Cell]]] = defaultdict(list)
        for rest in rests:
            days = sorted({day for day, _ in rest})
            whole = (day for day in days if all((day, shift) in rest for shift in self._shifts))
            by_free_day[next(whole, -2)].append(rest)
        for together in by_free_day.values():
            yield [_given(cells, history) for cells in _disturbing(together)]

    def _near(self, first: int, last: int) -> Iterator[Cell]:
        return ((day, shift) for day in range(first, min(last, self._days)) for shift in self._shifts)

    def _too_close(self) -> Iterator[tuple[Cell, ...]]:
        """Yield pairs of shifts on different days with less than the daily rest between them."""
        for first in self._near(-2, self._days):
            end = self._clock.span(*first)[1]
            for second in self._near(max(first[0] + 1, 0), first[0] + 3):
                if self._clock.span(*second)[0] - end < self._rules.daily_rest_minutes:
                    yield first, second

    def _window_patterns(self, day: int, day_break: time) -> list[tuple[Cell, ...]]:
        """Return the combinations that leave no daily rest in the 24 hours from a day's break."""
        start, end = self._clock.at(day, day_break), self._clock.at(day + 1, day_break)
        placed = []
        for cell in self._near(day - 1, day + 2):
            begins, ends = self._clock.span(*cell)
            if begins < end and start < ends:
                placed.append((cell[0] - day, cell[1], begins - start, ends - start))
        patterns = _patterns(tuple(placed), end - start, self._rules.daily_rest_minutes)
        return [tuple((day + offset, shift) for offset, shift in pattern) for pattern in patterns]


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
    """Return the smallest sets of cells, at most one a day, that disturb every one of the rests."""
    cells = sorted(frozenset[Cell]().union(*rests))
    found: list[tuple[Cell, ...]] = []
    for size in range(1, len({day for day, _ in cells}) + 1):
        for combination in combinations(cells, size):
            larger = any(set(known) <= set(combination) for known in found)
            one_a_day = len({day for day, _ in combination}) == size
            if one_a_day and not larger and _disturb_all(combination, rests):
                found.append(combination)
    return found


def _disturb_all(cells: Iterable[Cell], rests: Iterable[frozenset[Cell]]) -> bool:
    return all(any(cell in rest for cell in cells) for rest in rests)


def _given(cells: tuple[Cell, ...], history: frozenset[Cell]) -> tuple[Cell, ...] | None:
    """Return what is left to forbid in the period once the history is known; None: nothing.

    An empty tuple means that the history alone makes up the combination.
    """
    before = {cell for cell in cells if cell[0] < 0}
    return tuple(cell for cell in cells if cell[0] >= 0) if before <= history else None
