"""What is new after a roster was published: who is away, who is needed more; and what changing it costs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, time

from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Absence, AbsenceKind, DatedRequirement, WardData
from samplan_rostering.domain.ward_rules.case import kept_by_parts

MOST_PEOPLE = 999


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who cannot work from one date to another, inclusive; why is not told here.

    With `start` and `end` it is that part of each date.
    """

    employee: str
    first: date
    last: date
    start: time | None = None
    end: time | None = None

    def absence(self, kind: AbsenceKind = AbsenceKind.SICK) -> Absence:
        """Return it as the ward's input holds it."""
        return Absence(self.employee, self.first, self.last, kind, self.start, self.end)


@dataclass(frozen=True, slots=True)
class News:
    """Who is away, and what is needed instead of what was asked for before."""

    away: tuple[Away, ...] = ()
    needs: tuple[DatedRequirement, ...] = ()

    def unknown(self, ward: WardData) -> str | None:
        """Return what the news name that the ward has not: a field, or None."""
        people = {person.code for person in ward.employees}
        shifts = {kind.code for kind in ward.shift_types}
        skills = {None, *(skill.code for skill in ward.skills)}
        if any(row.employee not in people for row in self.away):
            return "employee"
        if any(row.last < row.first or not row.absence().sound for row in self.away):
            return "last"
        if any(not _meets(ward, row.first, row.last) for row in self.away):
            return "first"
        if any(not _meets(ward, row.date, row.date) for row in self.needs):
            return "date"
        if any(row.shift not in shifts for row in self.needs):
            return "shift"
        return "skill" if any(row.skill not in skills for row in self.needs) else None


def needed(on: date, shift: str, skill: str | None, number: int) -> DatedRequirement:
    """Return that so many are needed on a shift of a date; raises ValueError for no such number."""
    if type(number) is not int or not 0 <= number <= MOST_PEOPLE:
        raise ValueError("not a number of people")
    return DatedRequirement(on, shift, skill, number, number, None)


def with_news(ward: WardData, news: News, kind: AbsenceKind = AbsenceKind.SICK) -> WardData:
    """Return the ward as it is with the news: a need takes the place of one of the same date and shift."""
    away = tuple(row.absence(kind) for row in news.away)
    places = {(row.date, row.shift, row.skill) for row in news.needs}
    kept = (row for row in ward.dated_requirements if (row.date, row.shift, row.skill) not in places)
    return replace(ward, absences=(*ward.absences, *away), dated_requirements=(*kept, *news.needs))


def forced(ward: WardData, news: News, cells: Iterable[Assignment], first: int) -> tuple[CellChange, ...]:
    """Return the shifts from a day on that nobody can work any more, as changes to free days."""
    final, cells = ward.period.days - 1, tuple(cells)
    gone = {
        (row.employee, day)
        for row in news.away
        if row.start is None
        for day in range(
            max(ward.period.day_of(row.first), first), min(ward.period.day_of(row.last), final) + 1
        )
    }
    away = replace(ward, absences=tuple(row.absence() for row in news.away))
    rows = ((cell.employee, cell.day, cell.shift) for cell in cells if cell.day >= first)
    gone |= kept_by_parts(away, rows)
    lost = (cell for cell in cells if (cell.employee, cell.day) in gone)
    return tuple(sorted(CellChange(cell.employee, cell.day, cell.shift, "") for cell in lost))


def applied(cells: Collection[Assignment], changes: Iterable[CellChange]) -> tuple[Assignment, ...]:
    """Return a roster with changes made.

    Raises:
        ValueError: a change is not from what the roster says, or two are of one cell.
    """
    rows = {(cell.employee, cell.day): cell.shift for cell in cells}
    done = set()
    for change in changes:
        place = (change.employee, change.day)
        if rows.get(place, "") != change.before or place in done:
            raise ValueError(f"{change} is not from what the roster says")
        done.add(place)
        rows.pop(place, None)
        if change.after:
            rows[place] = change.after
    return tuple(sorted(Assignment(employee, day, shift) for (employee, day), shift in rows.items()))


@dataclass(frozen=True, slots=True)
class Prices:
    """Points for each cell that is changed: with the notice of the law, with less, and more for those told.

    `told` comes on top where a person has been told of the cell before: nobody is to be called twice.
    """

    later: int = 50
    soon: int = 100
    told: int = 100

    def of(self, notice: int, asked: int, told: bool) -> int:
        """Return the price of a change so many days ahead, where the ward's rule asks for some."""
        return (self.soon if notice < asked else self.later) + (self.told if told else 0)


USUAL_PRICES = Prices()


def _meets(ward: WardData, first: date, last: date) -> bool:
    return first <= ward.period.end and last >= ward.period.start
