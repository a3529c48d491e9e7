"""Rest, as cells that exclude one another.

A rest of given length in a window exists exactly when one exists that begins with the window or as some shift
ends. So a window has few candidate rests, each disturbed by certain cells.
"""

from collections.abc import Iterator
from datetime import time
from itertools import product

from samplan_rostering.domain.ward import Employee
from samplan_rostering.domain.ward_rules.rest import (
    MAIN_RULE_SHIFT,
    DailyRest,
    QuickReturn,
    RestAfterNights,
    RestAfterShift,
    StandbyRest,
    WeeklyRest,
)
from samplan_rostering.solver.problem import Cell, RestWindow
from samplan_rostering.solver.rest import RestCompiler
from samplan_rostering.solver.soft import FREE
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


def _least(facts: WardFacts, employee: Employee, usual: int) -> tuple[int, ...]:
    """Return the shortest daily rest by day, from the day before the period."""
    period, permissions = facts.ward.period, facts.rule_set.permissions
    return tuple(
        permissions.least_rest(employee.code, period.date_of(day), usual)
        for day in range(-1, len(facts.days))
    )


def _permitted(facts: WardFacts, employee: Employee) -> frozenset[Cell]:
    """Return the shifts beyond the main rule that a permission allows, in the period and just before."""
    longest = facts.rule_set.permissions.longest_shift
    found = set()
    for day in range(-3, len(facts.days)):
        most = longest(employee.code, facts.ward.period.date_of(day), MAIN_RULE_SHIFT)
        if most > MAIN_RULE_SHIFT:
            cells = ((day, shift) for shift in facts.shift_numbers)
            found |= {cell for cell in cells if MAIN_RULE_SHIFT < facts.length(cell) <= most}
    return frozenset(found)


@compiles(RestAfterShift)
def rest_after_shift(rule: RestAfterShift, out: ProblemBuilder) -> None:
    """Exclude pairs that are too close, and what follows a shortened rest too soon."""
    facts = out.facts
    found: dict[tuple[int, ...], list[tuple[Cell, ...]]] = {}
    for number, employee in out.concerned(rule):
        least = _least(facts, employee, rule.minutes)
        if least not in found:
            found[least] = [*_too_close(facts, least), *_not_made_good(facts, rule, least)]
        for cells in found[least]:
            out.exclude(rule, number, cells)
        for cell in _owed(facts, rule, number):
            out.exclude(rule, number, (cell,))


def _near(facts: WardFacts, first: int, last: int) -> Iterator[Cell]:
    days, shifts = range(first, min(last, len(facts.days))), sorted(facts.working)
    return ((day, shift) for day in days for shift in shifts)


def _rest(facts: WardFacts, one: Cell, two: Cell) -> int:
    return facts.clock.work(*two)[0] - facts.clock.work(*one)[1]


def _asked(facts: WardFacts, least: tuple[int, ...], one: Cell, two: Cell) -> int:
    """Return the rest that two shifts need between them by themselves."""
    length = facts.length(one)
    return max(least[two[0] + 1], length if length > MAIN_RULE_SHIFT else 0)


def _too_close(facts: WardFacts, least: tuple[int, ...]) -> Iterator[tuple[Cell, ...]]:
    for one in _near(facts, -3, len(facts.days)):
        for two in _near(facts, max(one[0] + 1, 0), one[0] + 4):
            if _rest(facts, one, two) < _asked(facts, least, one, two):
                yield one, two


def _not_made_good(
    facts: WardFacts, rule: RestAfterShift, least: tuple[int, ...]
) -> Iterator[tuple[Cell, ...]]:
    """Yield three shifts with a permitted short rest between the first two, and too little after it."""
    for two in _near(facts, 0, len(facts.days)):
        if least[two[0] + 1] >= rule.minutes:
            continue
        for one in _near(facts, two[0] - 3, two[0]):
            missing = rule.minutes - _rest(facts, one, two)
            if missing <= 0 or _rest(facts, one, two) < _asked(facts, least, one, two):
                continue
            for three in _near(facts, two[0] + 1, two[0] + 4):
                if _rest(facts, two, three) < rule.minutes + missing:
                    yield one, two, three


def _owed(facts: WardFacts, rule: RestAfterShift, number: int) -> Iterator[Cell]:
    """Yield the shifts that begin before the past's last rest, if that was short, is made good."""
    past = sorted(cell for cell in facts.past_of(number).items() if cell[1] in facts.working)
    if len(past) < 2:
        return
    missing = rule.minutes - _rest(facts, past[-2], past[-1])
    for cell in _near(facts, 0, 4):
        if missing > 0 and _rest(facts, past[-1], cell) < rule.minutes + missing:
            yield cell


@compiles(DailyRest)
def daily_rest(rule: DailyRest, out: ProblemBuilder) -> None:
    """Exclude the smallest combinations that leave no rest in one of the own 24 hours."""
    facts = out.facts
    compiler = RestCompiler(facts.clock, len(facts.days), len(facts.shifts))
    found: dict[object, list[tuple[Cell, ...]]] = {}
    for number, employee in out.concerned(rule):
        least, apart = _least(facts, employee, rule.minutes), _permitted(facts, employee)
        key = (employee.day_break, least, apart)
        if key not in found:
            days = enumerate(least, start=-1)
            patterns = (compiler.daily(d, employee.day_break, limit, apart) for d, limit in days)
            found[key] = [cells for pattern in patterns for cells in pattern]
        for cells in found[key]:
            out.exclude(rule, number, cells)


@compiles(WeeklyRest)
def weekly_rest(rule: WeeklyRest, out: ProblemBuilder) -> None:
    """Ask for one of the possible rests in each seven of the own 24-hour periods."""
    facts = out.facts
    compiler = RestCompiler(facts.clock, len(facts.days), len(facts.shifts))
    for number, employee in out.concerned(rule):
        past = frozenset(facts.past_of(number).items())
        lead = int(employee.day_break > time.min)
        for first in range(-lead, len(facts.days) - 7 - lead + 1, 7):
            options = compiler.weekly(first, employee.day_break, rule.minutes, past)
            if options:
                out.own[number].rest_windows.append(RestWindow(rule.rule, options))


@compiles(StandbyRest)
def standby_rest(rule: StandbyRest, out: ProblemBuilder) -> None:
    """Exclude standby and the next work after it with nothing between, where that is too soon."""
    facts = out.facts
    clock, tails = facts.clock, [kind.standby_minutes for kind in facts.ward.shift_types]
    reach = rule.minutes // (24 * 60) + 3
    found: list[tuple[Cell, ...]] = []
    starts = product(range(-reach, len(facts.days)), (n for n, tail in enumerate(tails) if tail))
    for one in starts:
        end = clock.span(*one)[1]
        for two in _near(facts, max(one[0] + 1, 0), one[0] + 1 + reach):
            rest = clock.span(*two)[0] - end
            goes_on = rest == 0 and bool(tails[two[1]])
            if not goes_on and rest < rule.minutes and rule.holds_on(facts.ward.period.date_of(two[0])):
                found.append((one, *((day, FREE) for day in range(one[0] + 1, two[0])), two))
    for number, _ in out.concerned(rule):
        for cells in found:
            out.exclude(rule, number, cells)


@compiles(QuickReturn)
def quick_return(rule: QuickReturn, out: ProblemBuilder) -> None:
    """Exclude pairs that are close to one another."""
    facts = out.facts
    reach = rule.minutes // (24 * 60) + 3
    pairs = [
        (one, two)
        for one in _near(facts, -reach, len(facts.days))
        for two in _near(facts, max(one[0] + 1, 0), one[0] + 1 + reach)
        if _rest(facts, one, two) < rule.minutes and rule.holds_on(facts.ward.period.date_of(two[0]))
    ]
    for number, _ in out.concerned(rule):
        for pair in pairs:
            out.exclude(rule, number, pair)


@compiles(RestAfterNights)
def rest_after_nights(rule: RestAfterNights, out: ProblemBuilder) -> None:
    """Exclude a night and the next work after it, where that is too soon."""
    facts = out.facts
    reach = rule.minutes // (24 * 60) + 3
    found: list[tuple[Cell, ...]] = []
    idle = (FREE, *(shift for shift in facts.shift_numbers if shift not in facts.working))
    for one in _near(facts, -reach, len(facts.days)):
        if one[1] not in facts.nights:
            continue
        for two in _near(facts, max(one[0] + 1, 0), one[0] + 1 + reach):
            goes_on = two[1] in facts.nights and two[0] == one[0] + 1
            if goes_on or _rest(facts, one, two) >= rule.minutes:
                continue
            if rule.holds_on(facts.ward.period.date_of(two[0])):
                free = [[(day, shift) for shift in idle] for day in range(one[0] + 1, two[0])]
                found += [(one, *between, two) for between in product(*free)]
    for number, _ in out.concerned(rule):
        for cells in found:
            out.exclude(rule, number, cells)
