"""Who is there against who is needed, by day, shift and skill; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Employee, WardData
from samplan_rostering.solver.ward_facts import WardFacts


class Level(StrEnum):
    """How the staffing of a shift compares with what is required."""

    BELOW_MINIMUM = "below_minimum"
    BELOW_TARGET = "below_target"
    MET = "met"
    ABOVE_MAXIMUM = "above_maximum"


@dataclass(frozen=True, slots=True)
class Need:
    """People needed on one date and shift, and how many are rostered; without a skill everybody counts."""

    day: int
    on: date
    shift: str
    skill: str | None
    minimum: int
    target: int
    maximum: int | None
    staffed: int

    @property
    def level(self) -> Level:
        """Where the staffing stands."""
        if self.staffed < self.minimum:
            return Level.BELOW_MINIMUM
        if self.staffed < self.target:
            return Level.BELOW_TARGET
        if self.maximum is not None and self.staffed > self.maximum:
            return Level.ABOVE_MAXIMUM
        return Level.MET

    @property
    def missing(self) -> int:
        """People missing to the target."""
        return max(self.target - self.staffed, 0)


def coverage(
    ward: WardData,
    assignments: Iterable[Assignment],
    guests: Collection[Guest] = (),
    facts: WardFacts | None = None,
) -> list[Need]:
    """Return every need of the period by day, in the order of shifts, with its staffing, guests included.

    `facts` are the ward's, where the caller has them.
    """
    facts = facts or WardFacts(ward)
    staff = {employee.code: employee for employee in ward.employees}
    working: dict[tuple[int, str], list[Employee]] = defaultdict(list)
    for cell in assignments:
        if cell.employee in staff:
            working[cell.day, cell.shift].append(staff[cell.employee])
    return [
        Need(
            day=day,
            on=ward.period.date_of(day),
            shift=row.shift,
            skill=row.skill,
            minimum=row.minimum,
            target=row.target,
            maximum=row.maximum,
            staffed=sum(facts.counts(employee, day, row) for employee in working[day, row.shift])
            + sum(guest.day == day and guest.counts(row) for guest in guests),
        )
        for day in facts.days
        for row in sorted(facts.requirements[day], key=lambda row: (facts.shifts[row.shift], row.skill or ""))
    ]
