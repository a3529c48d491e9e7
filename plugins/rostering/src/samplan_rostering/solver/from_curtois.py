"""Compile a benchmark instance: its own rules, and nothing else."""

from collections import defaultdict

from samplan_rostering.domain.curtois import CurtoisInstance, StaffMember
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.solver.problem import (
    Blocked,
    Cell,
    CoverRow,
    CoverStep,
    EmployeeRules,
    Forbidden,
    Problem,
    Request,
)


def problem_from_curtois(instance: CurtoisInstance) -> Problem:
    """Return the problem of an instance, with employees, days and shifts in file order."""
    number = {shift.id: index for index, shift in enumerate(instance.shifts)}
    position = {member.id: index for index, member in enumerate(instance.staff)}
    everyone = frozenset(range(len(instance.staff)))
    lengths = tuple(shift.minutes for shift in instance.shifts)
    return Problem(
        days=instance.days,
        shifts=tuple(number),
        minutes=(lengths,) * instance.days,
        weekends=tuple(
            tuple(day for day in (saturday, saturday + 1) if day < instance.days)
            for saturday in range(5, instance.days, 7)
        ),
        employees=_employees(instance, number),
        cover=tuple(
            CoverRow(
                row.day,
                number[row.shift],
                everyone,
                (
                    CoverStep(Term.UNDER_COVER, row.required, under=row.under),
                    CoverStep(Term.OVER_COVER, row.required, over=row.over),
                ),
            )
            for row in instance.cover
        ),
        requests=tuple(
            Request(
                Term.SHIFT_ON if request.wanted else Term.SHIFT_OFF,
                position[request.employee],
                ((request.day, number[request.shift]),),
                request.wanted,
                request.weight,
            )
            for request in instance.requests
        ),
    )


def _employees(instance: CurtoisInstance, number: dict[str, int]) -> tuple[EmployeeRules, ...]:
    off: dict[str, set[Cell]] = defaultdict(set)
    for employee, day in instance.days_off:
        off[employee].update((day, shift) for shift in number.values())
    successions = tuple(
        Forbidden(Rule.SUCCESSION, ((day, number[shift.id]), (day + 1, number[follower])))
        for day in range(instance.days - 1)
        for shift in instance.shifts
        for follower in shift.not_followed_by
    )
    return tuple(_rules(member, number, frozenset(off[member.id]), successions) for member in instance.staff)


def _rules(
    member: StaffMember, number: dict[str, int], off: frozenset[Cell], successions: tuple[Forbidden, ...]
) -> EmployeeRules:
    limits = dict(member.max_shifts)
    return EmployeeRules(
        id=member.id,
        min_minutes=member.min_minutes,
        max_minutes=member.max_minutes,
        max_run=member.max_consecutive,
        min_run=member.min_consecutive,
        min_off=member.min_days_off,
        max_weekends=member.max_weekends,
        max_per_shift=tuple(limits.get(shift) for shift in number),
        blocked=(Blocked(Rule.ABSENCE, off),) if off else (),
        forbidden=successions,
    )
