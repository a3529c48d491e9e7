"""Compile a ward into a problem: hard rules by employee, and the ward's soft terms."""

from collections import defaultdict
from collections.abc import Iterator

from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.ward import Employee, RosterType, WardData, Wish, WishKind
from samplan_rostering.solver.problem import (
    Balance,
    CoverRow,
    CoverStep,
    Problem,
    Request,
    WeekendCost,
)
from samplan_rostering.solver.ward_facts import Requirement, WardFacts
from samplan_rostering.solver.ward_rules import employee_rules


def problem_from_ward(ward: WardData) -> Problem:
    """Return the problem of a valid ward, with employees and shifts in the ward's order."""
    facts = WardFacts(ward)
    shifts = range(len(ward.shift_types))
    positions = {employee.code: index for index, employee in enumerate(ward.employees)}
    return Problem(
        days=len(facts.days),
        shifts=tuple(facts.shifts),
        minutes=tuple(tuple(facts.clock.paid_minutes(day, s) for s in shifts) for day in facts.days),
        weekends=tuple(
            tuple(day for day in (saturday, saturday + 1) if day in facts.days)
            for saturday in facts.saturdays
        ),
        employees=employee_rules(facts),
        cover=tuple(_cover(facts, day, row) for day in facts.days for row in facts.requirements[day]),
        requests=tuple(_request(facts, positions, wish) for wish in ward.wishes),
        weekend_costs=tuple(_weekend_cost(facts, i, e) for i, e in enumerate(ward.employees)),
        balances=tuple(_balances(facts)),
    )


def _cover(facts: WardFacts, day: int, row: Requirement) -> CoverRow:
    rules = facts.ward.rules
    steps = [
        CoverStep(Term.UNDER_MINIMUM, row.minimum, under=rules.weight_under_minimum),
        CoverStep(Term.UNDER_TARGET, row.target, under=rules.weight_under_target),
    ]
    if row.maximum is not None:
        steps.append(CoverStep(Term.OVER_MAXIMUM, row.maximum, over=rules.weight_over_maximum))
    counted = frozenset(i for i, e in enumerate(facts.ward.employees) if facts.counts(e, day, row))
    return CoverRow(day, facts.shifts[row.shift], counted, tuple(steps))


def _request(facts: WardFacts, positions: dict[str, int], wish: Wish) -> Request:
    day = facts.ward.period.day_of(wish.date)
    shifts = facts.shifts.values() if wish.shift is None else (facts.shifts[wish.shift],)
    return Request(
        Term.WISHES,
        positions[wish.employee],
        tuple((day, shift) for shift in shifts),
        wanted=wish.kind is WishKind.WANT,
        weight=wish.points * facts.ward.rules.weight_wish,
    )


def _weekend_cost(facts: WardFacts, position: int, employee: Employee) -> WeekendCost:
    rules = facts.ward.rules
    past = facts.history[employee.code]
    first = facts.saturdays.start
    before = {index for index in (-1, 0) if first + 7 * index in past or first + 7 * index + 1 in past}
    return WeekendCost(
        employee=position,
        free=-(-rules.max_weekends_percent * len(facts.saturdays) // 100),
        over=rules.weight_weekend_over,
        adjacent=rules.weight_weekend_adjacent,
        worked_before=frozenset(before),
    )


def _balances(facts: WardFacts) -> Iterator[Balance]:
    """Yield even shares of nights and weekends among those of one profession and roster type."""
    groups: dict[tuple[str, RosterType], list[tuple[int, int]]] = defaultdict(list)
    for position, employee in enumerate(facts.ward.employees):
        contract = next(filter(None, (facts.contract_on(employee, day) for day in facts.days)), None)
        hours = facts.targets[employee.code] // 60
        if contract is not None and hours:
            groups[employee.profession, contract.roster_type].append((position, hours))
    rules = facts.ward.rules
    counted = (
        (Term.UNEVEN_NIGHTS, facts.nights, rules.weight_uneven_nights),
        (Term.UNEVEN_WEEKENDS, None, rules.weight_uneven_weekends),
    )
    for members in groups.values():
        for term, shifts, weight in counted:
            if len(members) > 1 and weight:
                employees, shares = zip(*members, strict=True)
                yield Balance(term, employees, shares, shifts, weight)
