"""Compile the hard rules of each employee of a ward."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import time

from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import Contract, Employee, RosterType, ShiftKind
from samplan_rostering.solver.problem import Blocked, Cell, EmployeeRules, Forbidden, RunLimit
from samplan_rostering.solver.rest import RestCompiler
from samplan_rostering.solver.ward_facts import WardFacts


def employee_rules(facts: WardFacts) -> tuple[EmployeeRules, ...]:
    """Return the rules of all employees, in the ward's order."""
    rest = RestCompiler(facts.ward, facts.clock)
    return tuple(_rules(facts, rest, employee) for employee in facts.ward.employees)


def _rules(facts: WardFacts, rest: RestCompiler, employee: Employee) -> EmployeeRules:
    limits = facts.ward.rules
    past = facts.history[employee.code]
    worked = frozenset(past.items())
    combinations = rest.forbidden(employee.day_break, worked)
    target = facts.targets[employee.code]
    band = max(limits.hours_band_minutes, target * limits.hours_band_percent // 100)
    past_nights = [day for day, shift in past.items() if shift in facts.nights]
    pins = [pin for pin in facts.ward.pins if pin.employee == employee.code]
    day_of = facts.ward.period.day_of
    return EmployeeRules(
        id=employee.code,
        min_minutes=max(target - band, 0),
        max_minutes=target + band,
        max_run=limits.max_consecutive_days,
        run_before=_run_before(past),
        pinned=tuple((day_of(pin.date), facts.shifts[pin.shift]) for pin in pins if pin.shift is not None),
        blocked=_blocked(
            facts, employee, combinations, {day_of(pin.date) for pin in pins if pin.shift is None}
        ),
        forbidden=tuple(item for item in combinations if len(item.cells) > 1),
        rest_windows=rest.weekly(employee.day_break, worked),
        run_limits=(
            RunLimit(
                Rule.CONSECUTIVE_NIGHTS,
                facts.nights,
                limits.max_consecutive_nights,
                _run_before(past_nights),
            ),
        ),
    )


def _blocked(
    facts: WardFacts, employee: Employee, combinations: Iterable[Forbidden], free: Collection[int]
) -> tuple[Blocked, ...]:
    """Return the cells closed to an employee, by the rule that closes them."""
    closed: dict[Rule, set[Cell]] = defaultdict(set)
    for item in combinations:
        if len(item.cells) == 1:
            closed[item.rule].update(item.cells)
    for day in facts.days:
        contract = facts.contract_on(employee, day)
        needed = {row.shift for row in facts.requirements[day] if facts.counts(employee, day, row)}
        for code, shift in facts.shifts.items():
            start, end = facts.clock.span(day, shift)
            reasons = {
                Rule.PIN: day in free,
                Rule.CONTRACT: contract is None,
                Rule.ROSTER_TYPE: contract is not None and not _fits(facts, contract, day, shift),
                Rule.SKILL: code not in needed,
                Rule.SHIFT_LENGTH: end - start > facts.ward.rules.max_shift_minutes,
                Rule.ABSENCE: not facts.absent[employee.code].isdisjoint(_dates_of(facts, day, shift)),
            }
            for rule, applies in reasons.items():
                if applies:
                    closed[rule].add((day, shift))
    return tuple(Blocked(rule, frozenset(cells)) for rule, cells in closed.items())


def _fits(facts: WardFacts, contract: Contract, day: int, shift: int) -> bool:
    """Tell whether a shift is within the roster type that sets the contract's working time.

    AB § 13: 40:00 is for weekdays without nights, 38:15 for weekends too, and the shorter
    times are for rotation with nights or nights only.
    """
    night = facts.ward.shift_types[shift].kind is ShiftKind.NIGHT
    match contract.roster_type:
        case RosterType.DAY:
            return not night and facts.ward.period.date_of(day).weekday() < 5
        case RosterType.DAY_WEEKEND:
            return not night
        case RosterType.NIGHT:
            return night
        case _:
            return True


def _dates_of(facts: WardFacts, day: int, shift: int) -> tuple[int, ...]:
    """Return the days on which some of a shift is worked."""
    kind = facts.ward.shift_types[shift]
    over_midnight = time.min < kind.end <= kind.start
    return (day, day + 1) if over_midnight else (day,)


def _run_before(past: Iterable[int]) -> int:
    """Return how many days in a row, ending the day before the period, are among those given."""
    days, run = set(past), 0
    while -run - 1 in days:
        run += 1
    return run
