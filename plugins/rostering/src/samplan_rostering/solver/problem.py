"""The value that the optimiser works on, the same for wards and benchmark files.

Employees, days and shifts are numbered from 0; a cell is (day, shift). All hard rules
concern one employee at a time, so an employee's row can be judged and solved alone, but for
those on two people (see `pairs`). Costs of combinations, runs, windows, weekends and pairs, and
limits of windows and pairs, are those of `soft`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.solver import soft
from samplan_rostering.solver.checks import check
from samplan_rostering.solver.own_costs import OwnCosts, own_costs

Cell = soft.Cell
Row = tuple[int | None, ...]
"""By day the shift worked, or None."""
Roster = tuple[Row, ...]
"""The row of each employee."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Cells that a rule keeps from an employee."""

    rule: Rule
    cells: frozenset[Cell]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Cells on different days of which an employee may not work all (or have free, where `FREE` says so)."""

    rule: Rule
    cells: tuple[Cell, ...]


RestOption = tuple[tuple[Cell, ...], ...]
"""A rest that is there as long as none of these combinations of cells is worked whole."""


@dataclass(frozen=True, slots=True)
class RestWindow:
    """A stretch of time in which at least one of the rests must be there."""

    rule: Rule
    options: tuple[RestOption, ...]


@dataclass(frozen=True, slots=True)
class RunLimit:
    """At most `limit` days in a row with one of `shifts`; `before` lie before day 0."""

    rule: Rule
    shifts: frozenset[int]
    limit: int
    before: int = 0


@dataclass(frozen=True, slots=True)
class EmployeeRules:
    """All hard rules of one employee. Runs are of days; hours are minutes in the period."""

    id: str
    min_minutes: int
    max_minutes: int
    max_run: int
    min_run: int = 1
    min_off: int = 1
    run_before: int = 0
    max_weekends: int | None = None
    max_per_shift: tuple[int | None, ...] = ()
    pinned: tuple[Cell, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    rest_windows: tuple[RestWindow, ...] = ()
    run_limits: tuple[RunLimit, ...] = ()
    window_limits: tuple[soft.WindowLimit, ...] = ()

    def blocked_cells(self) -> frozenset[Cell]:
        """Return every cell that some rule keeps from the employee."""
        return frozenset[Cell]().union(*(block.cells for block in self.blocked))


@dataclass(frozen=True, slots=True)
class CoverStep:
    """Cost `under` for each person below `level` and `over` for each above it."""

    term: Term
    level: int
    under: int = 0
    over: int = 0


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A need on one day and shift; `employees` are those who count towards it."""

    day: int
    shift: int
    employees: frozenset[int]
    steps: tuple[CoverStep, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """Cost `weight` if none of the cells is worked (wanted), or if one is (not wanted)."""

    term: Term
    employee: int
    cells: tuple[Cell, ...]
    wanted: bool
    weight: int


@dataclass(frozen=True, slots=True)
class WeekendCost:
    """Cost of an employee's worked weekends beyond `free`, and of two in a row.

    `worked_before` holds the weekends of the period already worked in its history, and -1
    when the weekend before the first was worked. `free` is negative where a past has used up
    more than is free.
    """

    employee: int
    free: int
    over: int
    adjacent: int
    worked_before: frozenset[int]


@dataclass(frozen=True, slots=True)
class Balance:
    """Cost `weight` for each whole shift (or weekend) beyond one from an even share.

    The group's total is shared in proportion to `shares` (hours of contract). `shifts` are
    the shifts counted; None counts worked weekends, as WeekendCost does. Where there are `cells`
    (by employee), these are counted instead. `before` is what each employee brings along, perhaps
    less than nothing.
    """

    term: Term
    employees: tuple[int, ...]
    shares: tuple[int, ...]
    shifts: frozenset[int] | None
    weight: int
    cells: tuple[frozenset[Cell], ...] = ()
    before: tuple[int, ...] = ()

    @property
    def carried(self) -> tuple[int, ...]:
        """What each employee brings along."""
        return self.before or (0,) * len(self.employees)


@dataclass(frozen=True)
class Problem:
    """A whole rostering problem; `minutes` is the working time by day and shift.

    `weekends` lists the days of the period in each weekend.
    """

    days: int
    shifts: tuple[str, ...]
    minutes: tuple[tuple[int, ...], ...]
    weekends: tuple[tuple[int, ...], ...]
    employees: tuple[EmployeeRules, ...]
    cover: tuple[CoverRow, ...] = ()
    requests: tuple[Request, ...] = ()
    weekend_costs: tuple[WeekendCost, ...] = ()
    balances: tuple[Balance, ...] = ()
    combination_costs: tuple[soft.CombinationCost, ...] = ()
    run_costs: tuple[soft.RunCost, ...] = ()
    window_costs: tuple[soft.WindowCost, ...] = ()
    whole_weekends: tuple[soft.WholeWeekend, ...] = ()
    pairs: tuple[soft.PairCost, ...] = ()
    pair_limits: tuple[soft.PairLimit, ...] = ()

    def __post_init__(self) -> None:
        check(self)

    @property
    def size(self) -> int:
        """Number of cells over all employees."""
        return len(self.employees) * self.days * len(self.shifts)

    @property
    def without_costs(self) -> "Problem":
        """The hard rules alone."""
        return replace(
            self,
            cover=(),
            requests=(),
            weekend_costs=(),
            balances=(),
            combination_costs=(),
            run_costs=(),
            window_costs=(),
            whole_weekends=(),
            pairs=(),
        )

    def costs_of(self, employee: int) -> OwnCosts:
        """Return the costs of an employee's combinations, runs, weekends and windows."""
        return self._own_costs[employee]

    @cached_property
    def _own_costs(self) -> Mapping[int, OwnCosts]:
        return own_costs(self)

    def requests_of(self, employee: int) -> tuple[Request, ...]:
        """Return the requests of one employee."""
        return self._own_requests.get(employee, ())

    @cached_property
    def _own_requests(self) -> Mapping[int, tuple[Request, ...]]:
        own: dict[int, list[Request]] = defaultdict(list)
        for request in self.requests:
            own[request.employee].append(request)
        return {employee: tuple(requests) for employee, requests in own.items()}

    @cached_property
    def weekends_of(self) -> Mapping[int, WeekendCost]:
        """Return the cost of weekends by employee."""
        return {cost.employee: cost for cost in self.weekend_costs}

    def counted_weekends(self, rules: EmployeeRules) -> tuple[tuple[tuple[int, ...], ...], int | None]:
        """Return the weekends that the past has not counted already, and how many may still be worked."""
        past = self._worked_before.get(rules.id, frozenset())
        left = tuple(days for index, days in enumerate(self.weekends) if index not in past)
        if rules.max_weekends is None:
            return left, None
        return left, rules.max_weekends - (len(self.weekends) - len(left))

    @cached_property
    def _worked_before(self) -> Mapping[str, frozenset[int]]:
        return {self.employees[cost.employee].id: cost.worked_before for cost in self.weekend_costs}

    @property
    def whole(self) -> "Part":
        """All employees and days."""
        return Part(frozenset(range(len(self.employees))), range(self.days))


@dataclass(frozen=True, slots=True)
class Part:
    """What may change in a roster: the cells of some employees on some days."""

    employees: frozenset[int]
    days: range
