"""What follows from the input: skills, contracts, absences, locked cells."""

from samplan_rostering.domain.ward import Contract, RosterType, ShiftKind
from samplan_rostering.domain.ward_rules import WardRule
from samplan_rostering.domain.ward_rules.given import Locked, NotAbsent, OfRosterType, Skilled, UnderContract
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


@compiles(Skilled)
def skilled(rule: WardRule, out: ProblemBuilder) -> None:
    """Close the shifts that somebody counts for in no need."""
    facts = out.facts
    for number, employee in out.concerned(rule):
        counted = {
            (day, facts.shifts[row.shift])
            for day in facts.days
            for row in facts.requirements[day]
            if facts.counts(employee, day, row)
        }
        out.block(rule, number, facts.cells - counted)


@compiles(UnderContract)
def under_contract(rule: WardRule, out: ProblemBuilder) -> None:
    """Close the days without a contract or hiring."""
    for number, employee in out.concerned(rule):
        closed = {day for day in out.facts.days if not out.facts.engaged_on(employee, day)}
        out.block(rule, number, {cell for cell in out.facts.cells if cell[0] in closed})


@compiles(OfRosterType)
def of_roster_type(rule: WardRule, out: ProblemBuilder) -> None:
    """Close the shifts that are not of the contract's roster type."""
    for number, employee in out.concerned(rule):
        closed = set()
        for day, shift in out.facts.cells:
            contract = out.facts.contract_on(employee, day)
            if contract is not None and not _fits(out.facts, contract, day, shift):
                closed.add((day, shift))
        out.block(rule, number, closed)


def _fits(facts: WardFacts, contract: Contract, day: int, shift: int) -> bool:
    """Tell whether a shift is within the roster type that sets the contract's working time.

    AB § 13: 40:00 is for weekdays without nights, 38:15 for weekends too, and the shorter
    times are for rotation with nights or nights only. On-call duty and standby are no ordinary time.
    """
    if facts.clock.ordinary_minutes(shift) <= 0:
        return True
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


@compiles(NotAbsent)
def not_absent(rule: WardRule, out: ProblemBuilder) -> None:
    """Close the shifts that touch a day of absence, or the part of one."""
    for number, employee in out.concerned(rule):
        out.block(rule, number, {cell for cell in out.facts.cells if out.facts.is_away(employee, cell)})


@compiles(Locked)
def locked(rule: WardRule, out: ProblemBuilder) -> None:
    """Pin what is locked to a shift, and close the days that are locked to be free."""
    facts = out.facts
    numbers = {employee.code: number for number, employee in enumerate(facts.ward.employees)}
    for pin in facts.ward.pins:
        if not rule.concerns(pin.employee):
            continue
        number, day = numbers[pin.employee], facts.ward.period.day_of(pin.date)
        if pin.shift is None:
            out.block(rule, number, {(day, shift) for shift in facts.shift_numbers})
        else:
            out.own[number].pinned[day, facts.shifts[pin.shift]] = None
