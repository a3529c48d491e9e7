"""What it would do to put a lifted shift down somewhere, before anybody does it."""

from __future__ import annotations

from dataclasses import dataclass

from samplan_rostering.domain.explain.effect import CellChange, Effect
from samplan_rostering.queries.rosters.desks import Desk


@dataclass(frozen=True, slots=True)
class Target:
    """A place, the shift that comes there, and what that does."""

    employee: str
    day: int
    shift: str
    effect: Effect

    @property
    def level(self) -> str:
        """Whether it breaks a rule or leaves a gap (`bad`), costs points (`dear`), or neither (`good`)."""
        if self.effect.broken or self.effect.opened:
            return "bad"
        return "dear" if self.effect.points > 0 else "good"


def one_target(desk: Desk, employee: str, day: int, to: str, to_day: int) -> Target:
    """Return what it does to move a shift to a place; what is there goes the other way."""
    rows = desk.rows
    lifted, there = rows.get((employee, day), ""), rows.get((to, to_day), "")
    changes = [CellChange(employee, day, lifted, there), CellChange(to, to_day, there, lifted)]
    if (employee, day) == (to, to_day):
        changes = []
    return Target(to, to_day, lifted, desk.effect(changes))


def column_targets(desk: Desk, employee: str, day: int) -> list[Target]:
    """Return what it does to give a shift to each of the others on the same day."""
    return [
        one_target(desk, employee, day, person.code, day)
        for person in desk.ward.employees
        if person.code != employee
    ]


def shift_targets(desk: Desk, employee: str, day: int) -> list[Target]:
    """Return what it does to place each of the ward's shifts in a cell, and to leave it free."""
    return [
        Target(employee, day, shift, desk.effect([desk.change(employee, day, shift)]))
        for shift in [*(kind.code for kind in desk.stands.ward.shift_types), ""]
    ]
