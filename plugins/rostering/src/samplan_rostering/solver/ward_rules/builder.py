"""Gathers what the rules of a ward compile to, and puts it together as a problem.

A rule says what may not be (`exclude`, `window`, `runs`); whether that becomes a hard rule of a row or a cost
follows from the rule's level.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import Employee
from samplan_rostering.domain.ward_rules import WardRule
from samplan_rostering.solver.problem import (
    Balance,
    Blocked,
    Cell,
    CoverRow,
    CoverStep,
    EmployeeRules,
    Forbidden,
    Problem,
    Request,
    RestWindow,
    RunLimit,
    WeekendCost,
)
from samplan_rostering.solver.soft import (
    FREE,
    Amounts,
    CombinationCost,
    PairCost,
    PairLimit,
    RunCost,
    WholeWeekend,
    WindowCost,
    WindowLimit,
)
from samplan_rostering.solver.ward_facts import WardFacts

Compiler = Callable[[Any, "ProblemBuilder"], None]
COMPILERS: dict[type[WardRule], Compiler] = {}
"""How each rule is compiled; the modules of this package fill it in."""


def compiles(*kinds: type[WardRule]) -> Callable[[Compiler], Compiler]:
    """Return a decorator that registers how some rules are compiled."""

    def register(compiler: Compiler) -> Compiler:
        COMPILERS.update(dict.fromkeys(kinds, compiler))
        return compiler

    return register


def compile_rules(facts: WardFacts) -> "ProblemBuilder":
    """Return what all rules of a ward come to."""
    builder = ProblemBuilder(facts)
    for rule in facts.rule_set.rules:
        COMPILERS[type(rule)](rule, builder)
    builder.keep_hired()
    return builder


@dataclass(slots=True)
class _Own:
    """What is gathered for one employee."""

    min_minutes: int = 0
    max_minutes: int = 0
    max_run: int = 0
    max_weekends: int | None = None
    pinned: dict[Cell, None] = field(default_factory=dict)
    blocked: dict[Rule, set[Cell]] = field(default_factory=lambda: defaultdict(set))
    forbidden: dict[tuple[Cell, ...], Rule] = field(default_factory=dict)
    rest_windows: list[RestWindow] = field(default_factory=list)
    run_limits: list[RunLimit] = field(default_factory=list)
    window_limits: list[WindowLimit] = field(default_factory=list)
    weekends_free: int | None = None
    weekend_over: int = 0
    weekend_adjacent: int = 0


class ProblemBuilder:
    """Employees are numbered in the ward's order; cells before day 0 are those of the past."""

    def __init__(self, facts: WardFacts) -> None:
        self.facts = facts
        self.minutes = tuple(
            tuple(facts.clock.paid_minutes(day, shift) for shift in facts.shift_numbers) for day in facts.days
        )
        most = sum(max(row, default=0) for row in self.minutes)
        self.work_minutes = tuple(
            tuple(paid + facts.clock.on_call_minutes(day, shift) for shift, paid in enumerate(row))
            for day, row in enumerate(self.minutes)
        )
        """Paid minutes with those of on-call duty."""
        endless = len(facts.days) + max(map(facts.run_before, facts.ward.employees), default=0)
        self.own = [_Own(max_minutes=most, max_run=endless) for _ in facts.ward.employees]
        self.needs: dict[Cell, dict[str | None, list[CoverStep]]] = defaultdict(dict)
        self.requests: list[Request] = []
        self.balances: list[Balance] = []
        self.combinations: list[CombinationCost] = []
        self.run_costs: list[RunCost] = []
        self.window_costs: list[WindowCost] = []
        self.whole_weekends: list[WholeWeekend] = []
        self.pairs: list[PairCost] = []
        self.pair_limits: list[PairLimit] = []

    def concerned(self, rule: WardRule) -> Iterator[tuple[int, Employee]]:
        """Yield the employees whom a rule is about, with their numbers."""
        for number, employee in enumerate(self.facts.ward.employees):
            if rule.concerns(employee.code):
                yield number, employee

    def exclude(self, rule: WardRule, number: int, cells: tuple[Cell, ...]) -> None:
        """Say that an employee may not have all the cells; `FREE` in place of a shift is a free day."""
        left = cells
        if min(cells)[0] < 0:  # of ten thousands, few
            past = self.facts.past_of(number)
            before = (cell for cell in cells if cell[0] < 0)
            if any(past.get(day, FREE) != shift for day, shift in before):
                return
            left = tuple(cell for cell in cells if cell[0] >= 0)
            if not left:  # the past alone has broken the rule
                return
        if not rule.hard:
            self._charge(rule, number, left)
        elif len(left) == 1 and left[0][1] != FREE:
            self.own[number].blocked[rule.rule].add(left[0])
        else:
            self.own[number].forbidden.setdefault(left, rule.rule)

    def _charge(self, rule: WardRule, number: int, cells: tuple[Cell, ...]) -> None:
        if len(cells) == 1 and cells[0][1] != FREE:
            self.requests.append(Request(rule.term, number, cells, wanted=False, weight=rule.weight))
        else:
            self.combinations.append(CombinationCost(rule.term, number, cells, rule.weight))

    def block(self, rule: WardRule, number: int, cells: AbstractSet[Cell]) -> None:
        """Close cells of the period to an employee."""
        if cells:
            self.own[number].blocked[rule.rule] |= cells

    def window(
        self,
        rule: WardRule,
        number: int,
        days: range,
        amounts: Amounts,
        limits: tuple[int | None, int | None],
    ) -> None:
        """Limit the sum over days of the period from below and above; what always holds is left out."""
        most = sum(max(row, default=0) for row in amounts)
        low, high = limits
        low = None if low is None or low <= 0 else low
        high = None if high is None or high >= most else high
        if not days or low is high is None:
            return
        if rule.hard:
            self.own[number].window_limits.append(WindowLimit(rule.rule, days, amounts, low, high))
        else:
            self.window_costs.append(WindowCost(rule.term, number, days, amounts, low, high, rule.weight))

    def runs(self, rule: WardRule, number: int, shifts: frozenset[int], limit: int, before: int) -> None:
        """Limit the days in a row with some shifts; `before` of them lie before day 0."""
        if not shifts:
            return
        if rule.hard:
            self.own[number].run_limits.append(RunLimit(rule.rule, shifts, limit, before))
        else:
            cost = RunCost(rule.term, number, shifts, low=0, high=limit, over=rule.weight, before=before)
            self.run_costs.append(cost)

    def keep_hired(self) -> None:
        """Let those who are hired have what they are hired for, and nothing more."""
        ward, shifts = self.facts.ward, self.facts.shifts
        for number, employee in enumerate(ward.employees):
            if employee.hired:
                own = (pin for pin in ward.pins if pin.employee == employee.code and pin.shift)
                given = {(ward.period.day_of(pin.date), shifts[pin.shift or ""]): None for pin in own}
                self.own[number].pinned |= given
                self.own[number].blocked[Rule.PIN] |= self.facts.cells - given.keys()

    def problem(self) -> Problem:
        """Return all that was said."""
        facts = self.facts
        return Problem(
            days=len(facts.days),
            shifts=tuple(facts.shifts),
            minutes=self.minutes,
            weekends=tuple(
                tuple(day for day in (saturday, saturday + 1) if day in facts.days)
                for saturday in facts.saturdays
            ),
            employees=tuple(self._rules(number) for number in range(len(self.own))),
            cover=tuple(self._cover()),
            requests=tuple(self.requests),
            weekend_costs=tuple(self._weekend_cost(number) for number in range(len(self.own))),
            balances=tuple(self.balances),
            combination_costs=tuple(self._possible_combinations()),
            run_costs=tuple(self.run_costs),
            window_costs=tuple(self.window_costs),
            whole_weekends=tuple(self.whole_weekends),
            pairs=tuple(self.pairs),
            pair_limits=tuple(self.pair_limits),
        )

    def _rules(self, number: int) -> EmployeeRules:
        own, employee = self.own[number], self.facts.ward.employees[number]
        return EmployeeRules(
            id=employee.code,
            min_minutes=own.min_minutes,
            max_minutes=own.max_minutes,
            max_run=own.max_run,
            run_before=self.facts.run_before(employee),
            max_weekends=own.max_weekends,
            pinned=tuple(own.pinned),
            blocked=tuple(Blocked(rule, frozenset(cells)) for rule, cells in own.blocked.items()),
            forbidden=tuple(Forbidden(rule, cells) for cells, rule in own.forbidden.items()),
            rest_windows=tuple(own.rest_windows),
            run_limits=tuple(own.run_limits),
            window_limits=tuple(own.window_limits),
        )

    def _cover(self) -> Iterator[CoverRow]:
        employees = self.facts.ward.employees
        for (day, shift), by_skill in self.needs.items():
            for skill, steps in by_skill.items():
                counted = frozenset(
                    number
                    for number, employee in enumerate(employees)
                    if skill is None or skill in self.facts.skills_on(employee, day)
                )
                yield CoverRow(day, shift, counted, tuple(steps))

    def _possible_combinations(self) -> Iterator[CombinationCost]:
        """Yield the costs of what no hard rule excludes anyway."""
        closed = [frozenset[Cell]().union(*own.blocked.values()) for own in self.own]
        for cost in self.combinations:
            own = self.own[cost.employee]
            pairs = combinations(cost.cells, 2)
            if closed[cost.employee].isdisjoint(cost.cells) and not any(p in own.forbidden for p in pairs):
                yield cost

    def _weekend_cost(self, number: int) -> WeekendCost:
        own = self.own[number]
        past, first = self.facts.past_of(number), self.facts.saturdays.start
        before = {index for index in (-1, 0) if first + 7 * index in past or first + 7 * index + 1 in past}
        free = len(self.facts.saturdays) if own.weekends_free is None else own.weekends_free
        return WeekendCost(number, free, own.weekend_over, own.weekend_adjacent, frozenset(before))
