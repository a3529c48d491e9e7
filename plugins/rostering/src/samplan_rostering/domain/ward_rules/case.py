"""A roster laid out in real time, as the rules judge it; shares nothing with the model."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from samplan_rostering.domain.absence import Absence, AbsenceKind, covered_minutes
from samplan_rostering.domain.hired import WorkElsewhere
from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.timeline import Interval, Timeline, minutes
from samplan_rostering.domain.ward import (
    Contract,
    DatedRequirement,
    Employee,
    Period,
    Pin,
    WardData,
    WeeklyRequirement,
    Wish,
)
from samplan_rostering.domain.ward_rules.permissions import NO_PERMISSIONS, Permissions

Need = WeeklyRequirement | DatedRequirement
COUNTED_AS_WORKED = frozenset({AbsenceKind.VACATION, AbsenceKind.SICK})
"""Absence that Arbetstidslagen 10 b § counts as working time where one would have worked."""


@dataclass(slots=True)
class Person:
    """One person's part of the ward, and the row of the roster: shift by day; `past` is before day 0."""

    employee: Employee
    period: Period
    contracts: tuple[Contract, ...]
    absences: dict[int, AbsenceKind]
    parts: dict[int, tuple[Absence, ...]]
    """Absences for a part of a day, by day; `absences` are those of whole days."""
    past: dict[int, str]
    elsewhere: tuple[WorkElsewhere, ...] = ()
    row: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, ward: WardData, employee: Employee) -> "Person":
        """Gather what the ward says of an employee."""
        period, code = ward.period, employee.code
        return cls(
            employee,
            period,
            tuple(contract for contract in ward.contracts if contract.employee == code),
            {day: row.kind for day, row in _away(ward, code) if row.whole},
            _parts(ward, code),
            {period.day_of(past.date): past.shift for past in ward.history if past.employee == code},
            tuple(sorted(work for work in ward.elsewhere if work.employee == code)),
        )

    @property
    def code(self) -> str:
        """The employee's code."""
        return self.employee.code

    @property
    def worked(self) -> dict[int, str]:
        """Shift by day, before the period and in it."""
        return self.past | self.row

    @property
    def known_from(self) -> int:
        """The first day that anything is known of: that of the earliest past shift, else day 0."""
        return min(self.past, default=0)

    def contract_on(self, day: int) -> Contract | None:
        """Return the contract in force on a day."""
        on = self.period.date_of(day)
        return next((contract for contract in self.contracts if contract.valid_on(on)), None)

    def engaged_on(self, day: int) -> bool:
        """Tell whether a contract, or the hiring, is in force on a day."""
        hired = self.employee.hired
        return hired.engaged_on(self.period.date_of(day)) if hired else self.contract_on(day) is not None

    def first_contract(self) -> Contract | None:
        """Return the first contract in force in the period."""
        return next(filter(None, (self.contract_on(day) for day in range(self.period.days))), None)

    def has_skill(self, day: int, skill: str | None) -> bool:
        """Tell whether the person holds a skill that is valid on a day; None is no skill in particular."""
        if skill is None:
            return True
        on = self.period.date_of(day)
        return any(h.skill == skill and h.valid_on(on) for h in self.employee.skills)

    def works_weekend(self, saturday: int) -> bool:
        """Tell whether the Saturday or the Sunday after it is worked, also before the period."""
        return any(day in self.row or day in self.past for day in (saturday, saturday + 1))

    def day_minutes(self, day: int) -> Fraction:
        """Return what the contract asks for a day: a seventh of a week."""
        return _day_minutes(self.contracts, self.period.date_of(day))

    def target_minutes(self) -> int:
        """Return the contract's minutes for the period, without absence.

        A part of a day counts by its length, at most as the whole day would.
        """
        parts = tuple((day, covered_minutes(rows)) for day, rows in self.parts.items())
        return _target_minutes(self.contracts, self.period, frozenset(self.absences), parts)

    def credited_minutes(self, days: Iterable[int]) -> int:
        """Return what absence on some days counts as worked (Arbetstidslagen 10 b §)."""
        return int(sum((self._credited(day) for day in days), Fraction(0)) + Fraction(1, 2))

    def _credited(self, day: int) -> Fraction:
        whole = self.day_minutes(day)
        if day in self.absences:
            return whole if self.absences[day] in COUNTED_AS_WORKED else Fraction(0)
        counted = [row for row in self.parts.get(day, ()) if row.kind in COUNTED_AS_WORKED]
        return min(whole, Fraction(covered_minutes(counted)))


class Case:
    """A roster and the ward that it is for."""

    def __init__(
        self,
        ward: WardData,
        permissions: Permissions = NO_PERMISSIONS,
        carried: Mapping[tuple[str, str], int] = MappingProxyType({}),
        guests: Collection[Guest] = (),
    ) -> None:
        self.ward = ward
        self.permissions = permissions
        self.carried = carried
        self.guests = guests
        self.timeline = Timeline(ward)
        self.people = [Person.of(ward, employee) for employee in ward.employees]
        self.by_code = {person.code: person for person in self.people}
        self.needs = [list(_needs_on(ward, day)) for day in range(ward.period.days)]
        self.counted: dict[tuple[int, str, str | None], int] = {}
        """How many count for a need, by day, shift and skill, once that has been asked."""
        self._on_shift: dict[int, dict[str, list[Person]]] = {}
        self._pins: dict[str, list[Pin]] | None = None
        self._wishes: dict[str, list[Wish]] | None = None

    @property
    def saturdays(self) -> range:
        """First days of the weekends that touch the period; -1 when it begins on a Sunday."""
        return range(5 - self.ward.period.start.weekday(), self.ward.period.days, 7)

    @property
    def mondays(self) -> range:
        """First days of the calendar weeks that touch the period; the first may lie before it."""
        return range(-self.ward.period.start.weekday(), self.ward.period.days, 7)

    def on_shift(self, day: int, shift: str) -> list[Person]:
        """Return who works a shift on a day; to be asked once the roster is laid out."""
        there = self._on_shift.get(day)
        if there is None:
            there = self._on_shift[day] = {}
            for person in self.people:
                if day in person.row:
                    there.setdefault(person.row[day], []).append(person)
        return there.get(shift, [])

    def wishes_of(self, employee: str) -> list[Wish]:
        """Return an employee's wishes, in the order of the input."""
        if self._wishes is None:
            self._wishes = {}
            for wish in self.ward.wishes:
                self._wishes.setdefault(wish.employee, []).append(wish)
        return self._wishes.get(employee, [])

    def pins_of(self, employee: str) -> list[Pin]:
        """Return an employee's locked cells, in the order of the input."""
        if self._pins is None:
            self._pins = {}
            for pin in self.ward.pins:
                self._pins.setdefault(pin.employee, []).append(pin)
        return self._pins.get(employee, [])

    def with_people(self, changed: Mapping[str, Person]) -> "Case":
        """Return the same case with other rows for some people; this one stays as it is."""
        other = copy(self)
        people = [changed.get(person.code, person) for person in self.people]
        by_code = self.by_code | dict(changed)
        vars(other).update(people=people, by_code=by_code, counted={}, _on_shift={})
        return other

    def away(self, person: Person, day: int, shift: str) -> bool:
        """Tell whether a shift touches a day of absence, or reaches into the part of one."""
        return any(
            touched in person.absences
            or any(
                self.timeline.meets(day, shift, touched, row.start, row.end)
                for row in person.parts.get(touched, ())
                if row.start is not None and row.end is not None
            )
            for touched in self.timeline.days_touched(day, shift)
        )

    def spans(self, person: Person) -> dict[int, Interval]:
        """Return when the person works, by the day on which the shift begins; standby is no work."""
        work = self.timeline.work
        return {day: work(day, shift) for day, shift in sorted(self.at_work(person).items())}

    def at_work(self, person: Person) -> dict[int, str]:
        """Return the shifts that are more than standby by day, before the period and in it."""
        is_work = self.timeline.is_work
        return {day: shift for day, shift in person.worked.items() if is_work(shift)}

    def length(self, day: int, shift: str) -> int:
        """Return how many minutes of work a shift has, its breaks included."""
        begin, end = self.timeline.work(day, shift)
        return minutes(end - begin)

    def worked_minutes(self, person: Person, days: range, *, on_call: bool = False) -> int:
        """Return the paid minutes of the shifts that begin on some days, perhaps with their on-call duty."""
        paid = self.timeline.paid_minutes
        inside = [(day, shift) for day, shift in person.worked.items() if day in days]
        more = self.timeline.on_call_minutes
        return sum(paid(*cell) + (more(*cell) if on_call else 0) for cell in inside)


# Remembered, because many rules ask, and explanations have one person's row evaluated again and again.
@lru_cache(maxsize=65_536)
def _day_minutes(contracts: tuple[Contract, ...], on: date) -> Fraction:
    contract = next((contract for contract in contracts if contract.valid_on(on)), None)
    if contract is None:
        return Fraction(0)
    return Fraction(contract.fulltime_week_minutes, 7) * Fraction(contract.percentage) / 100


@lru_cache(maxsize=4_096)
def _target_minutes(
    contracts: tuple[Contract, ...],
    period: Period,
    absent: frozenset[int],
    parts: tuple[tuple[int, int], ...],
) -> int:
    days = (day for day in range(period.days) if day not in absent)
    away = dict(parts)
    left = (max(_day_minutes(contracts, period.date_of(day)) - away.get(day, 0), Fraction(0)) for day in days)
    return int(sum(left, Fraction(0)) + Fraction(1, 2))


def _away(ward: WardData, code: str) -> Iterator[tuple[int, Absence]]:
    """Yield the days on which somebody is away, before and after the period too."""
    day_of = ward.period.day_of
    for row in ward.absences:
        if row.employee == code:
            yield from ((day, row) for day in range(day_of(row.first), day_of(row.last) + 1))


def _parts(ward: WardData, code: str) -> dict[int, tuple[Absence, ...]]:
    found: dict[int, tuple[Absence, ...]] = {}
    for day, row in _away(ward, code):
        if not row.whole:
            found[day] = (*found.get(day, ()), row)
    return found


def _needs_on(ward: WardData, day: int) -> Iterator[Need]:
    """Yield the rows that apply on a day: a dated row replaces the weekly one of its shift and skill."""
    on = ward.period.date_of(day)
    dated = [row for row in ward.dated_requirements if row.date == on]
    replaced = {(row.shift, row.skill) for row in dated}
    yield from dated
    for row in ward.weekly_requirements:
        if row.weekday == on.weekday() and (row.shift, row.skill) not in replaced:
            yield row


def kept_by_parts(ward: WardData, cells: Iterable[tuple[str, int, str]]) -> set[tuple[str, int]]:
    """Return the employees and days of cells whose shift reaches into an absence for a part of a day."""
    parts = tuple(row for row in ward.absences if not row.whole)
    if not parts:
        return set()
    case, known = Case(replace(ward, absences=parts)), {kind.code for kind in ward.shift_types}
    return {
        (code, day)
        for code, day, shift in cells
        if shift in known and code in case.by_code and case.away(case.by_code[code], day, shift)
    }
