"""What the rules and costs of one person's row need to remember from day to day, each kind by itself.

A memory is a value that changes with each day's shift (None: free). A row graph's nodes are the combinations.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from samplan_rostering.solver.own_costs import OwnCosts, Window, cap
from samplan_rostering.solver.problem import Cell, EmployeeRules, Problem, RestWindow, RunLimit, WeekendCost
from samplan_rostering.solver.soft import FREE, RunCost, WindowCost

_Tail = tuple[Cell, ...]
_Open = frozenset[_Tail]


class Step(NamedTuple):
    """What a day leads to: the next state, its cost, and the weekend that becomes a worked one (-1: none)."""

    after: Hashable
    cost: float = 0.0
    weekend: int = -1


class Memory(Protocol):
    """One thing that is remembered; a state means something to its own memory only."""

    def start(self) -> Hashable:
        """Return the state before day 0."""
        ...

    def step(self, day: int, state: Any, shift: int | None, /) -> Step | None:
        """Return what a day leads to; None: the rules do not allow it."""
        ...


def memories(
    problem: Problem, rules: EmployeeRules, weekends: WeekendCost | None, own: OwnCosts
) -> list[Memory]:
    """Return all that a person's rules and costs need to remember."""
    found: list[Memory] = [_Work(problem, rules), _Weekends(problem, weekends)]
    found += [_Run(limit) for limit in rules.run_limits]
    if rules.forbidden:
        found.append(_Forbidden(rules))
    if own.combinations:
        found.append(_Combinations([(item.cells, item.weight) for item in own.combinations]))
    if rules.rest_windows:
        found.append(_Rest(rules.rest_windows))
    found += [_CostlyRun(cost) for cost in own.runs]
    if own.whole_weekends:
        found.append(_Halves(problem, sum(item.weight for item in own.whole_weekends)))
    found += [_Sum(window) for window in own.remembered]
    return found


class _Work:
    """Days worked in a row, whether they are enough, and days off up to what is asked."""

    def __init__(self, problem: Problem, rules: EmployeeRules) -> None:
        self._rules = rules
        # A limit that nothing can reach is not counted up to.
        endless = rules.max_run >= problem.days + rules.run_before
        self._cap = max(rules.min_run, 1) if endless else rules.max_run + 1

    def start(self) -> Hashable:
        """Return the state before day 0: runs go on from the history, days off before it suffice."""
        run = min(self._rules.run_before, self._cap)
        return run, True, 0 if run else self._rules.min_off

    def step(self, day: int, state: Any, shift: int | None) -> Step | None:
        """Return what a day leads to."""
        rules = self._rules
        run, long_enough, off = state
        if shift is None:
            if run and not long_enough:
                return None
            return Step((0, False, min(off + 1, rules.min_off)))
        if (run >= rules.max_run and self._cap > rules.max_run) or (not run and off < rules.min_off):
            return None
        enough = long_enough or run + 1 >= rules.min_run or (not run and day == 0)
        return Step((min(run + 1, self._cap), enough, 0))


class _Weekends:
    """Whether the weekend before was worked, and whether this one is already."""

    def __init__(self, problem: Problem, cost: WeekendCost | None) -> None:
        self._weekends = problem.weekends
        self._adjacent = 0 if cost is None else cost.adjacent
        self._before = frozenset[int]() if cost is None else cost.worked_before
        self._weekend_of = {day: i for i, days in enumerate(problem.weekends) for day in days}

    def start(self) -> Hashable:
        """Return the state before day 0."""
        return bool(self._adjacent) and -1 in self._before, False

    def step(self, day: int, state: Any, shift: int | None) -> Step:
        """Return what a day leads to; a weekend's first day worked makes it a worked one."""
        weekend = self._weekend_of.get(day, -1)
        before, begun = state
        if weekend < 0:
            return Step((before, False))
        known = begun or weekend in self._before
        newly = weekend if shift is not None and not known else -1
        worked = known or shift is not None
        cost = self._adjacent if newly >= 0 and before else 0
        if day == self._weekends[weekend][-1]:
            return Step((worked and bool(self._adjacent), False), cost, newly)
        return Step((before, worked), cost, newly)


class _Run:
    """Days in a row with certain shifts, up to a limit."""

    def __init__(self, limit: RunLimit) -> None:
        self._limit = limit

    def start(self) -> Hashable:
        """Return the state before day 0."""
        return self._limit.before

    def step(self, _day: int, state: Any, shift: int | None) -> Step | None:
        """Return what a day leads to."""
        count = state + 1 if shift in self._limit.shifts else 0
        return None if count > self._limit.limit else Step(count)


class _CostlyRun:
    """Days in a row with certain shifts, as far as their number makes a difference."""

    def __init__(self, cost: RunCost) -> None:
        self._cost = cost
        self._cap = max(cost.low if cost.under else 0, cost.high if cost.over else 0)

    def start(self) -> Hashable:
        """Return the state before day 0."""
        return min(self._cost.before, self._cap)

    def step(self, _day: int, state: Any, shift: int | None) -> Step:
        """Return what a day leads to."""
        cost = self._cost
        if shift is None if cost.shifts is None else shift in cost.shifts:
            return Step(min(state + 1, self._cap), cost.over if state >= cost.high else 0)
        return Step(0, cost.under * max(cost.low - state, 0) if state else 0)


class _Halves:
    """Whether the first day of a weekend was worked, where whole weekends are asked for."""

    def __init__(self, problem: Problem, weight: int) -> None:
        pairs = [days for days in problem.weekends if len(days) > 1]
        self._first, self._second = {days[0] for days in pairs}, {days[1] for days in pairs}
        self._weight = weight

    def start(self) -> Hashable:
        """Return the state before day 0."""
        return False

    def step(self, day: int, state: Any, shift: int | None) -> Step:
        """Return what a day leads to."""
        if day in self._second:
            return Step(False, self._weight if state != (shift is not None) else 0)
        return Step(day in self._first and shift is not None)


class _Sum:
    """The sum over a window, as far as it makes a difference."""

    def __init__(self, window: Window) -> None:
        self._window, self._cap = window, cap(window)
        self._weight = window.weight if isinstance(window, WindowCost) else None

    def start(self) -> Hashable:
        """Return the state before day 0."""
        return 0

    def step(self, day: int, state: Any, shift: int | None) -> Step | None:
        """Return what a day leads to: excess costs at once, what else is outside at the window's end."""
        window = self._window
        if day not in window.days:
            return Step(0)
        total = state if shift is None else state + window.amounts[day - window.days.start][shift]
        outside = 0 if window.high is None else max(total - max(window.high, 0), 0)
        after = min(total, self._cap)
        if day == window.days[-1]:
            outside += 0 if window.high is None else max(-window.high, 0)
            outside += 0 if window.low is None else max(window.low - total, 0)
            after = 0
        if self._weight is None:
            return None if outside else Step(after)
        return Step(after, self._weight * outside)


class _Forbidden:
    """Combinations begun and still forbidden to end."""

    def __init__(self, rules: EmployeeRules) -> None:
        self._rules = rules

    @cached_property
    def _begins(self) -> Mapping[Cell, list[_Tail]]:
        # Asked of one person only of those with the same rules.
        return by_first_cell(item.cells for item in self._rules.forbidden)

    def start(self) -> Hashable:
        """Return the state before day 0."""
        return frozenset()

    def step(self, day: int, state: Any, shift: int | None) -> Step | None:
        """Return what a day leads to."""
        left = _after(state, self._begins, day, (day, FREE if shift is None else shift))
        return None if left is None else Step(left)


class _Combinations:
    """Combinations begun that would cost if ended, those with the same rest taken together."""

    def __init__(self, combinations: Sequence[tuple[tuple[Cell, ...], int]]) -> None:
        self._begins: dict[Cell, list[tuple[_Tail, int]]] = {}
        for cells, weight in combinations:
            first, *rest = sorted(cells)
            self._begins.setdefault(first, []).append((tuple(rest), weight))

    def start(self) -> Hashable:
        """Return the state before day 0."""
        return frozenset()

    def step(self, day: int, state: Any, shift: int | None) -> Step:
        """Return what a day leads to."""
        cell = (day, FREE if shift is None else shift)
        left: dict[_Tail, int] = {}
        cost = 0
        begun = self._begins.get(cell, [])
        for tail, weight in (*state, *begun):
            fresh = not tail or tail[0][0] > day
            rest = tail if fresh else tail[1:] if tail[0] == cell else None
            if rest:
                left[rest] = left.get(rest, 0) + weight
            elif rest == ():
                cost += weight
        return Step(frozenset(left.items()), cost)


class _Rest:
    """Rests still possible in each open window."""

    def __init__(self, windows: Sequence[RestWindow]) -> None:
        self._windows = windows
        self._begins: list[list[Mapping[Cell, list[_Tail]]]] = [
            [by_first_cell(option) for option in window.options] for window in windows
        ]
        self._opens: dict[int, list[int]] = {}
        for number, window in enumerate(windows):
            first = min(day for option in window.options for cells in option for day, _ in cells)
            self._opens.setdefault(first, []).append(number)

    def start(self) -> Hashable:
        """Return the state before day 0."""
        return ()

    def step(self, day: int, state: Any, shift: int | None) -> Step | None:
        """Return the windows that still lack their rest; None when one can have none any more."""
        cell = (day, FREE if shift is None else shift)
        fresh: list[tuple[int, tuple[_Open, ...]]] = [
            (n, (frozenset(),) * len(self._windows[n].options)) for n in self._opens.get(day, ())
        ]
        left: list[tuple[int, tuple[_Open | None, ...]]] = []
        for number, options in (*state, *fresh):
            begins = self._begins[number]
            after = tuple(
                None if open_ is None else _after(open_, begin, day, cell)
                for open_, begin in zip(options, begins, strict=True)
            )
            if all(open_ is None for open_ in after):
                return None
            kept = any(
                open_ is not None and not open_ and all(cells[0][0] <= day for cells in option)
                for open_, option in zip(after, self._windows[number].options, strict=True)
            )
            if not kept:
                left.append((number, after))
        return Step(tuple(left))


def by_first_cell(combinations: Iterable[tuple[Cell, ...]]) -> dict[Cell, list[_Tail]]:
    """Return what follows the first cell of each combination."""
    begins: dict[Cell, list[_Tail]] = {}
    for cells in combinations:
        first, *rest = sorted(cells)
        begins.setdefault(first, []).append(tuple(rest))
    return begins


def _after(pending: _Open, begins: Mapping[Cell, list[_Tail]], day: int, cell: Cell) -> _Open | None:
    """Return what of the combinations is still to come once a day has passed; None: one is worked whole."""
    left = {cells for cells in pending if cells[0][0] > day}
    left.update(cells[1:] for cells in pending if cells[0] == cell)
    left.update(begins.get(cell, ()))
    return None if () in left else frozenset(left)
