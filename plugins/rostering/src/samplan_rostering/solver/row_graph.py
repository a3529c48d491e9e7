"""The rows that an employee's rules allow, as a layered graph: a path from day 0 to the end is a row.

A node is what the rules need to remember after a day: the run of days worked or free so far,
nights in a row, combinations begun and still forbidden, rests still possible in a window, and
whether the weekend before was worked. Minutes and weekends worked are counted along the path
by those who search it. Cells closed to one employee are not part of the graph, so that
employees with the same rules share one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samplan_rostering.solver.problem import Cell, EmployeeRules, Problem, RestWindow, WeekendCost

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_Open = frozenset[tuple[Cell, ...]]
_Window = tuple[int, tuple[_Open | None, ...]]
"""Number of a rest window, and by option what would still disturb it; None: it is disturbed."""


@dataclass(frozen=True, slots=True)
class RowGraph:
    """Nodes are numbered by day: those before day d are layer_start[d] up to layer_start[d + 1].

    The arcs of node n are arc_start[n] up to arc_start[n + 1]; each has its target, shift (-1: free),
    the weekend that becomes a worked one (-1: none) and a cost that does not depend on anything else.
    """

    layer_start: Ints
    arc_start: Ints
    target: Ints
    shift: Ints
    weekend: Ints
    cost: Floats

    @property
    def arcs(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Floats]:
        """Everything, as the compiled searches take it."""
        return self.layer_start, self.arc_start, self.target, self.shift, self.weekend, self.cost


@dataclass(frozen=True, slots=True)
class _State:
    """What the rules remember; `run` > 0 counts days worked, `off` > 0 days free up to what is asked."""

    run: int
    long_enough: bool
    off: int
    counts: tuple[int, ...] = ()
    pending: _Open = frozenset()
    windows: tuple[_Window, ...] = ()
    weekend_before: bool = False


def row_graph(problem: Problem, rules: EmployeeRules, weekends: WeekendCost | None) -> RowGraph:
    """Return the graph of the rows that keep the rules, hours and limits of totals left aside.

    Raises:
        LookupError: no row keeps the rules.
    """
    walk = _Walk(problem, rules, weekends)
    layers: list[dict[_State, int]] = [{walk.start(): 0}]
    arcs: list[list[tuple[int, int, int, int, float]]] = []
    for day in range(problem.days):
        ahead: dict[_State, int] = {}
        found = []
        for state, node in layers[-1].items():
            for shift, weekend, cost, after in walk.steps(day, state):
                found.append((node, ahead.setdefault(after, len(ahead)), shift, weekend, cost))
        layers.append(ahead)
        arcs.append(found)
    return _arrays([len(layer) for layer in layers], arcs)


def _arrays(sizes: list[int], arcs: list[list[tuple[int, int, int, int, float]]]) -> RowGraph:
    """Return the graph of what leads to the end."""
    alive: list[set[int]] = [set(range(sizes[-1]))]
    for found in reversed(arcs):
        alive.append({source for source, target, *_ in found if target in alive[-1]})
    alive.reverse()
    if not alive[0]:
        raise LookupError("no row keeps the rules")
    layer_start = np.cumsum([0, *(len(layer) for layer in alive)])
    number = [
        {node: first + place for place, node in enumerate(sorted(layer))}
        for first, layer in zip(layer_start, alive, strict=False)
    ]
    kept = sorted(
        (number[day][source], number[day + 1][target], shift, weekend, cost)
        for day, found in enumerate(arcs)
        for source, target, shift, weekend, cost in found
        if source in alive[day] and target in alive[day + 1]
    )
    sources, targets, shifts, weekends, costs = (list(column) for column in zip(*kept, strict=True))
    return RowGraph(
        layer_start=np.asarray(layer_start, dtype=np.int64),
        arc_start=np.searchsorted(sources, np.arange(layer_start[-1] + 1)).astype(np.int64),
        target=np.asarray(targets, dtype=np.int64),
        shift=np.asarray(shifts, dtype=np.int64),
        weekend=np.asarray(weekends, dtype=np.int64),
        cost=np.asarray(costs, dtype=np.float64),
    )


class _Walk:
    """Goes from state to state, day by day."""

    def __init__(self, problem: Problem, rules: EmployeeRules, weekends: WeekendCost | None) -> None:
        self._problem, self._rules = problem, rules
        self._adjacent = 0 if weekends is None else weekends.adjacent
        self._worked_before = frozenset[int]() if weekends is None else weekends.worked_before
        self._weekend_of = {day: i for i, days in enumerate(problem.weekends) for day in days}
        self._begins = _by_first_cell(item.cells for item in rules.forbidden)
        self._windows = tuple(rules.rest_windows)
        self._opens: dict[int, list[int]] = {}
        for number, window in enumerate(self._windows):
            self._opens.setdefault(_first_day(window), []).append(number)

    def start(self) -> _State:
        """Return the state before day 0: runs go on from the history, days off before it suffice."""
        run = self._rules.run_before
        return _State(
            run=run,
            long_enough=True,
            off=0 if run else self._rules.min_off,
            counts=tuple(limit.before for limit in self._rules.run_limits),
            weekend_before=bool(self._adjacent) and -1 in self._worked_before,
        )

    def steps(self, day: int, state: _State) -> Iterator[tuple[int, int, float, _State]]:
        """Yield shift, weekend newly worked, cost and next state of all that may follow on a day."""
        for shift in (None, *range(len(self._problem.shifts))):
            run = self._run(day, state, shift)
            counts = self._counts(state, shift)
            cell = None if shift is None else (day, shift)
            pending = _after(state.pending, self._begins, day, cell)
            windows = self._rest(state, day, cell)
            if run is None or counts is None or pending is None or windows is None:
                continue
            weekend = self._newly_worked(day, state, shift)
            cost = self._adjacent if weekend >= 0 and state.weekend_before else 0
            before = self._weekend_before(day, state, shift)
            yield (
                -1 if shift is None else shift,
                weekend,
                cost,
                _State(*run, counts, pending, windows, before),
            )

    def _run(self, day: int, state: _State, shift: int | None) -> tuple[int, bool, int] | None:
        rules = self._rules
        if shift is None:
            if state.run and not state.long_enough:
                return None
            return 0, False, min(state.off + 1, rules.min_off)
        if state.run >= rules.max_run or (not state.run and state.off < rules.min_off):
            return None
        run = state.run + 1
        return run, state.long_enough or run >= rules.min_run or (not state.run and day == 0), 0

    def _counts(self, state: _State, shift: int | None) -> tuple[int, ...] | None:
        limits = self._rules.run_limits
        counts = tuple(
            count + 1 if shift in limit.shifts else 0
            for count, limit in zip(state.counts, limits, strict=True)
        )
        broken = any(count > limit.limit for count, limit in zip(counts, limits, strict=True))
        return None if broken else counts

    def _rest(self, state: _State, day: int, cell: Cell | None) -> tuple[_Window, ...] | None:
        """Return the windows that still lack their rest; None when one can have none any more."""
        fresh = [(number, self._fresh(number)) for number in self._opens.get(day, ())]
        left = []
        for number, options in (*state.windows, *fresh):
            window = self._windows[number]
            after = tuple(
                None if open_ is None else _after(open_, _by_first_cell(option), day, cell)
                for open_, option in zip(options, window.options, strict=True)
            )
            if all(open_ is None for open_ in after):
                return None
            kept = any(
                open_ is not None and not open_ and all(cells[0][0] <= day for cells in option)
                for open_, option in zip(after, window.options, strict=True)
            )
            if not kept:
                left.append((number, after))
        return tuple(left)

    def _fresh(self, number: int) -> tuple[_Open | None, ...]:
        return (frozenset(),) * len(self._windows[number].options)

    def _newly_worked(self, day: int, state: _State, shift: int | None) -> int:
        weekend = self._weekend_of.get(day, -1)
        second = weekend >= 0 and day != self._problem.weekends[weekend][0]
        known = weekend in self._worked_before or (second and state.run > 0)
        return -1 if shift is None or known else weekend

    def _weekend_before(self, day: int, state: _State, shift: int | None) -> bool:
        weekend = self._weekend_of.get(day, -1)
        if not self._adjacent or weekend < 0 or day != self._problem.weekends[weekend][-1]:
            return state.weekend_before
        both = len(self._problem.weekends[weekend]) > 1
        return shift is not None or (both and state.run > 0) or weekend in self._worked_before


def _by_first_cell(combinations: Iterable[tuple[Cell, ...]]) -> dict[Cell, list[tuple[Cell, ...]]]:
    begins: dict[Cell, list[tuple[Cell, ...]]] = {}
    for cells in combinations:
        ordered = tuple(sorted(cells))
        begins.setdefault(ordered[0], []).append(ordered[1:])
    return begins


def _after(
    pending: _Open, begins: dict[Cell, list[tuple[Cell, ...]]], day: int, cell: Cell | None
) -> _Open | None:
    """Return what of the combinations is still to come once a day has passed; None: one is worked whole."""
    left = {cells for cells in pending if cells[0][0] > day}
    left.update(cells[1:] for cells in pending if cells[0] == cell)
    left.update(begins.get(cell, ()) if cell is not None else ())
    return None if () in left else frozenset(left)


def _first_day(window: RestWindow) -> int:
    return min(day for option in window.options for cells in option for day, _ in cells)
