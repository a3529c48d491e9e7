"""The roster as a grid of people and days with its coverage: what the page and the workbook show; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Absence, Employee, ShiftType, Skill, WardData, WishKind
from samplan_rostering.queries.rosters.coverage import Need, coverage
from samplan_rostering.queries.rosters.hours import Hours, hours_by_employee
from samplan_rostering.solver.ward_facts import WardFacts

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the period; `holiday` is the public holiday's Swedish name."""

    number: int
    on: date
    holiday: str | None

    @property
    def red(self) -> bool:
        """Whether the date is a weekend or public holiday."""
        return self.on.weekday() >= SATURDAY or self.holiday is not None

    @property
    def monday(self) -> bool:
        """Whether a week begins."""
        return self.on.weekday() == 0


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week, and how many of the period's days it has."""

    number: int
    days: int


@dataclass(frozen=True, slots=True)
class WishMark:
    """A wish for a date, and whether the roster meets it."""

    kind: WishKind
    shift: str | None
    met: bool


class GridCell(NamedTuple):  # thousands are made for a page, several times as fast as frozen dataclasses are
    """What an employee does on a date."""

    day: Day
    shift: ShiftType | None
    absence: Absence | None
    parts: tuple[Absence, ...]
    """Absences for a part of the date."""
    wishes: tuple[WishMark, ...]
    locked: bool
    """Whether it was locked; what somebody is hired for always is, and not marked."""
    breaches: tuple[str, ...]

    @property
    def look(self) -> tuple[object, ...]:
        """What tells the cell from others of the grid."""
        shift = None if self.shift is None else self.shift.code
        absence = None if self.absence is None else self.absence.kind
        return self.day.number, shift, absence, self.parts, self.wishes, self.locked, self.breaches


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An employee's row; `percentages` are those of the contracts in the period, in order."""

    employee: Employee
    percentages: tuple[Decimal, ...]
    cells: tuple[GridCell, ...]
    hours: Hours


class CoverageCell(NamedTuple):
    """A need on a day, if anybody is asked for."""

    day: Day
    need: Need | None

    @property
    def look(self) -> tuple[object, ...]:
        """What tells the cell from others; one where somebody is missing leads to a page of its own."""
        day, need = self
        if need is None:
            return (day.monday,)
        place = (day.number, need.shift, need.skill) if need.missing else None
        return day.monday, need.level, need.staffed, need.target, need.minimum, need.maximum, place


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """The needs of a shift and skill by day; None where nobody is asked for."""

    shift: ShiftType
    skill: Skill | None
    needs: tuple[Need | None, ...]


@dataclass(frozen=True, slots=True)
class DayGap:
    """How many people a day lacks, over all its needs: below the minimum, and to the target."""

    day: Day
    below_minimum: int
    below_target: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole roster."""

    ward: WardData
    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    people: tuple[PersonRow, ...]
    coverage: tuple[CoverageRow, ...]
    unmet: tuple[Need, ...]
    gaps: tuple[DayGap, ...]

    def covered(self, row: CoverageRow) -> list[CoverageCell]:
        """Return the cells of a row of the coverage."""
        return list(map(CoverageCell, self.days, row.needs))

    @property
    def holidays(self) -> tuple[Day, ...]:
        """The public holidays of the period."""
        return tuple(day for day in self.days if day.holiday)


def roster_grid(
    ward: WardData,
    assignments: Iterable[Assignment],
    breaches: Mapping[tuple[str, int], tuple[str, ...]],
    guests: Collection[Guest] = (),
    *,
    facts: WardFacts | None = None,
    only: Collection[str] | None = None,
) -> Grid:
    """Return the grid of a roster.

    Args:
        ward: the period's input.
        assignments: the roster.
        breaches: texts of broken rules by employee and day.
        guests: who comes from an internal unit and counts for what is needed.
        facts: those of the ward, where the caller has them; kinds of absence and wishes do not matter.
        only: whose cells are wanted; the rows of others have none.
    """
    cells = list(assignments)
    days = tuple(_day(ward, number) for number in range(ward.period.days))
    facts = facts or WardFacts(ward)
    needs = coverage(ward, cells, guests, facts)
    return Grid(
        ward=ward,
        days=days,
        weeks=tuple(
            Week(week, len(list(group)))
            for week, group in groupby(days, key=lambda day: day.on.isocalendar().week)
        ),
        people=_people(ward, days, cells, breaches, facts=facts, only=only),
        coverage=_coverage_rows(ward, needs),
        unmet=tuple(need for need in needs if need.missing),
        gaps=_gaps(days, needs),
    )


def _day(ward: WardData, number: int) -> Day:
    on = ward.period.date_of(number)
    return Day(number, on, public_holiday(on))


def _people(
    ward: WardData,
    days: tuple[Day, ...],
    assignments: list[Assignment],
    breaches: Mapping[tuple[str, int], tuple[str, ...]],
    *,
    facts: WardFacts,
    only: Collection[str] | None,
) -> tuple[PersonRow, ...]:
    shift_of = {shift.code: shift for shift in ward.shift_types}
    worked = {(cell.employee, cell.day): shift_of.get(cell.shift) for cell in assignments}
    away, parts = _absences(ward), _part_days(ward)
    wishes = {place: tuple(marks) for place, marks in _wishes(ward, worked).items()}
    hours = hours_by_employee(ward, assignments, facts)
    locked = {(pin.employee, pin.date) for pin in ward.pins}
    return tuple(
        PersonRow(
            employee=employee,
            percentages=_percentages(ward, employee.code),
            cells=tuple(
                GridCell(
                    day=day,
                    shift=worked.get((employee.code, day.number)),
                    absence=away.get((employee.code, day.on)),
                    parts=parts.get((employee.code, day.on), ()),
                    wishes=wishes.get((employee.code, day.number), ()),
                    locked=(employee.code, day.on) in locked and not employee.hired,
                    breaches=breaches.get((employee.code, day.number), ()),
                )
                for day in (days if only is None or employee.code in only else ())
            ),
            hours=hours[employee.code],
        )
        for employee in ward.employees
    )


def _absences(ward: WardData) -> dict[tuple[str, date], Absence]:
    return {(row.employee, on): row for row in ward.absences if row.whole for on in _dates(ward, row)}


def _part_days(ward: WardData) -> dict[tuple[str, date], tuple[Absence, ...]]:
    parts: dict[tuple[str, date], tuple[Absence, ...]] = defaultdict(tuple)
    for row in sorted((row for row in ward.absences if not row.whole), key=lambda row: row.clock):
        for on in _dates(ward, row):
            parts[row.employee, on] += (row,)
    return parts


def _dates(ward: WardData, absence: Absence) -> list[date]:
    first, last = max(absence.first, ward.period.start), min(absence.last, ward.period.end)
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _wishes(
    ward: WardData, worked: Mapping[tuple[str, int], ShiftType | None]
) -> dict[tuple[str, int], list[WishMark]]:
    marks: dict[tuple[str, int], list[WishMark]] = defaultdict(list)
    for wish in ward.wishes:
        day = ward.period.day_of(wish.date)
        shift = worked.get((wish.employee, day))
        works = shift is not None and wish.shift in {None, shift.code}
        marks[wish.employee, day].append(
            WishMark(wish.kind, wish.shift, works == (wish.kind is WishKind.WANT))
        )
    return marks


def _percentages(ward: WardData, employee: str) -> tuple[Decimal, ...]:
    """Return the percentages of the contracts that meet the period, in the order of their dates."""
    period = ward.period
    own = sorted((row for row in ward.contracts if row.employee == employee), key=lambda row: row.valid_from)
    return tuple(
        row.percentage
        for row in own
        if row.valid_from <= period.end and (row.valid_to is None or row.valid_to >= period.start)
    )


def _gaps(days: tuple[Day, ...], needs: list[Need]) -> tuple[DayGap, ...]:
    minimum, target = [0] * len(days), [0] * len(days)
    for need in needs:
        minimum[need.day] += max(need.minimum - need.staffed, 0)
        target[need.day] += need.missing
    return tuple(DayGap(day, minimum[day.number], target[day.number]) for day in days)


def _coverage_rows(ward: WardData, needs: list[Need]) -> tuple[CoverageRow, ...]:
    by_row: dict[tuple[str, str | None], dict[int, Need]] = defaultdict(dict)
    for need in needs:
        by_row[need.shift, need.skill][need.day] = need
    skills = {skill.code: skill for skill in ward.skills}
    numbers = {skill.code: number for number, skill in enumerate(ward.skills)}
    return tuple(
        CoverageRow(
            shift=shift,
            skill=None if skill is None else skills[skill],
            needs=tuple(row.get(day) for day in range(ward.period.days)),
        )
        for shift in ward.shift_types
        for (code, skill), row in sorted(
            by_row.items(), key=lambda item: -1 if item[0][1] is None else numbers[item[0][1]]
        )
        if code == shift.code
    )
