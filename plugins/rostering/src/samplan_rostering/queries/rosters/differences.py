"""What differs between two rosters of the same dates: cells, staffing and shifts; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from samplan_rostering.domain.ward import Employee, ShiftType, Skill, WardData
from samplan_rostering.queries.rosters.coverage import Need
from samplan_rostering.queries.rosters.grid import Day, Grid, PersonRow, Week, roster_grid
from samplan_rostering.queries.rosters.standing import AWAY, Standing


@dataclass(frozen=True, slots=True)
class CellPair:
    """What somebody works on a day, before and after; None is a free day."""

    day: Day
    before: ShiftType | None
    after: ShiftType | None

    @property
    def changed(self) -> bool:
        """Whether it is another shift."""
        return (self.before and self.before.code) != (self.after and self.after.code)


@dataclass(frozen=True, slots=True)
class PersonPair:
    """Somebody with a changed day; `only` says before or after of who is in one input only."""

    employee: Employee
    only: str
    cells: tuple[CellPair, ...]

    @property
    def changed(self) -> int:
        """On how many days."""
        return sum(cell.changed for cell in self.cells)


@dataclass(frozen=True, slots=True)
class NeedPair:
    """The need of a shift and skill on a day, before and after; None where nobody is asked for."""

    day: Day
    before: Need | None
    after: Need | None

    @property
    def changed(self) -> bool:
        """Whether the need or its staffing is another."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class CoveragePair:
    """A shift and skill with a changed day."""

    shift: ShiftType
    skill: Skill | None
    needs: tuple[NeedPair, ...]


@dataclass(frozen=True, slots=True)
class ShiftPair:
    """A shift type that is not alike; None where there is none of its code."""

    before: ShiftType | None
    after: ShiftType | None


@dataclass(frozen=True, slots=True)
class Differences:
    """What is not alike; people, needs and shifts that are, are left out."""

    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    people: tuple[PersonPair, ...]
    coverage: tuple[CoveragePair, ...]
    shifts: tuple[ShiftPair, ...]

    @property
    def cells(self) -> int:
        """How many cells differ."""
        return sum(person.changed for person in self.people)


def differences(before: Standing, after: Standing) -> Differences:
    """Return what differs between two rosters of a period, by person and day and by shift and day."""
    old = roster_grid(before.ward, before.cells, {}, before.guests)
    new = roster_grid(after.ward, after.cells, {}, after.guests)
    return Differences(
        days=old.days,
        weeks=old.weeks,
        people=tuple(_people(old, new)),
        coverage=tuple(_coverage(old, new)),
        shifts=tuple(_shifts(before.ward, after.ward)),
    )


def _people(old: Grid, new: Grid) -> Iterator[PersonPair]:
    before = {row.employee.code: row for row in old.people}
    after = {row.employee.code: row for row in new.people}
    for code, row in {**before, **after}.items():
        own = [_worked(people.get(code), old.days) for people in (before, after)]
        only = "" if code in before and code in after else "before" if code in before else "after"
        pair = PersonPair(row.employee, only, tuple(map(CellPair, old.days, *own)))
        if pair.changed:
            yield pair


def _coverage(old: Grid, new: Grid) -> Iterator[CoveragePair]:
    before, after = ({(r.shift.code, r.skill and r.skill.code): r for r in g.coverage} for g in (old, new))
    nothing = (None,) * len(old.days)
    for key, row in {**before, **after}.items():
        own = [rows[key].needs if key in rows else nothing for rows in (before, after)]
        needs = tuple(map(NeedPair, old.days, *own))
        if any(need.changed for need in needs):
            yield CoveragePair(row.shift, row.skill, needs)


def _shifts(before: WardData, after: WardData) -> Iterator[ShiftPair]:
    old, new = ({shift.code: shift for shift in ward.shift_types} for ward in (before, after))
    for code in dict.fromkeys([*old, *new]):
        if old.get(code) != new.get(code) and AWAY not in code:
            yield ShiftPair(old.get(code), new.get(code))


def _worked(row: PersonRow | None, days: tuple[Day, ...]) -> tuple[ShiftType | None, ...]:
    return (None,) * len(days) if row is None else tuple(cell.shift for cell in row.cells)
