"""What concerns a single shift."""

from collections.abc import Iterator
from itertools import product

from samplan_rostering.domain.ward import Employee
from samplan_rostering.domain.ward_rules.shift import (
    NIGHT,
    Breaks,
    EarlyStart,
    NightRisk,
    PhysicianHours,
    RecommendedLength,
    ShiftLength,
)
from samplan_rostering.solver.instants import Span
from samplan_rostering.solver.problem import Cell
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


def _exclude(
    rule: ShiftLength | RecommendedLength | Breaks | EarlyStart | PhysicianHours,
    out: ProblemBuilder,
    number: int,
    cells: Iterator[Cell],
) -> None:
    for cell in cells:
        if rule.holds_on(out.facts.ward.period.date_of(cell[0])):
            out.exclude(rule, number, (cell,))


@compiles(ShiftLength)
def shift_length(rule: ShiftLength, out: ProblemBuilder) -> None:
    """Exclude shifts that are longer than the limit or what is permitted."""
    facts = out.facts
    for number, employee in out.concerned(rule):
        longest = facts.rule_set.permissions.longest_shift
        limits = [longest(employee.code, facts.ward.period.date_of(day), rule.minutes) for day in facts.days]
        _exclude(rule, out, number, (c for c in sorted(facts.cells) if facts.length(c) > limits[c[0]]))


@compiles(RecommendedLength)
def recommended_length(rule: RecommendedLength, out: ProblemBuilder) -> None:
    """Exclude shifts that are longer than what is recommended."""
    for number, _ in out.concerned(rule):
        cells = sorted(out.facts.cells)
        _exclude(rule, out, number, (cell for cell in cells if out.facts.length(cell) > rule.minutes))


@compiles(Breaks)
def breaks(rule: Breaks, out: ProblemBuilder) -> None:
    """Exclude long shifts of types without a break."""
    kinds = out.facts.ward.shift_types
    without = {
        shift
        for shift, kind in enumerate(kinds)
        if kind.break_minutes == 0 and kind.kind.value not in rule.meal_breaks
    }
    for number, _ in out.concerned(rule):
        cells = (c for c in sorted(out.facts.cells) if c[1] in without and _length(c, out) > rule.minutes)
        _exclude(rule, out, number, cells)


def _length(cell: Cell, out: ProblemBuilder) -> int:
    begin, end = out.facts.clock.ordinary(*cell)
    return end - begin


@compiles(EarlyStart)
def early_start(rule: EarlyStart, out: ProblemBuilder) -> None:
    """Exclude shifts that begin early."""
    kinds = out.facts.ward.shift_types
    early = {s for s in out.facts.working if kinds[s].start < rule.earliest}
    for number, _ in out.concerned(rule):
        _exclude(rule, out, number, (cell for cell in sorted(out.facts.cells) if cell[1] in early))


@compiles(PhysicianHours)
def physician_hours(rule: PhysicianHours, out: ProblemBuilder) -> None:
    """Exclude what is outside of the window of weekdays."""
    facts = out.facts
    clock = facts.clock

    def inside(cell: Cell) -> bool:
        begin, end = clock.ordinary(*cell)
        if clock.ordinary_minutes(cell[1]) <= 0:
            return True
        weekday = facts.ward.period.date_of(cell[0]).weekday() < 5
        return weekday and clock.at(cell[0], rule.start) <= begin and end <= clock.at(cell[0], rule.end)

    for number, employee in out.concerned(rule):
        if employee.profession in rule.professions:
            _exclude(rule, out, number, (cell for cell in sorted(facts.cells) if not inside(cell)))


@compiles(NightRisk)
def night_risk(rule: NightRisk, out: ProblemBuilder) -> None:
    """Exclude the smallest combinations with some night and too much work in one of the own 24 hours."""
    for number, employee in out.concerned(rule):
        for day in range(-1, len(out.facts.days)):
            if rule.holds_on(out.facts.ward.period.date_of(day)):
                for cells in _too_much(out.facts, rule, employee, day):
                    out.exclude(rule, number, cells)


def _too_much(facts: WardFacts, rule: NightRisk, employee: Employee, day: int) -> Iterator[tuple[Cell, ...]]:
    clock = facts.clock
    window = (clock.at(day, employee.day_break), clock.at(day + 1, employee.day_break))
    by_day: list[list[tuple[Cell, int, bool]]] = []
    for near in range(day - 2, min(day + 2, len(facts.days))):
        placed = [((near, s), _cut(clock.work(near, s), window)) for s in facts.shift_numbers]
        by_day.append([(cell, end - start, _night(facts, start, end, near)) for cell, (start, end) in placed])
    found: list[frozenset[Cell]] = []
    choices = [[None, *(item for item in items if item[1] > 0)] for items in by_day]
    for chosen in sorted(product(*choices), key=lambda items: sum(item is not None for item in items)):
        some = [item for item in chosen if item is not None]
        cells = frozenset(item[0] for item in some)
        enough = sum(item[1] for item in some) > rule.minutes and any(item[2] for item in some)
        if enough and not any(known <= cells for known in found):
            found.append(cells)
            yield tuple(sorted(cells))


def _cut(span: Span, window: Span) -> Span:
    return max(span[0], window[0]), min(span[1], window[1])


def _night(facts: WardFacts, start: int, end: int, day: int) -> bool:
    at = facts.clock.at
    nights = ((at(night, NIGHT[0]), at(night + 1, NIGHT[1])) for night in range(day - 1, day + 2))
    return any(start < last and first < end for first, last in nights) and start < end
