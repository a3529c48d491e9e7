"""Changes of who is away: dates for some, a share of the staff, and holidays spread over a summer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import ClassVar

from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.scenario.base import Change, Trouble, chosen, evenly, in_order
from samplan_rostering.domain.scenario.readers import Choice, Clock, Codes, Day, Whole, holds, must_hold
from samplan_rostering.domain.ward import Absence, AbsenceKind, Employee, WardData
from samplan_rostering.domain.ward_rules.case import kept_by_parts

KINDS = tuple(kind.value for kind in AbsenceKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceChange(Change):
    """Some or all, or a share of them taken evenly from the list, are away from one date to another.

    With a start and an end it is that part of each date.
    """

    kind: ClassVar[str] = "absence"
    employees: tuple[str, ...] = holds(Codes("employees"), ())
    professions: tuple[str, ...] = holds(Codes("professions"), ())
    share: int = holds(Whole(1, 100), 100)
    first: date = must_hold(Day())
    last: date = must_hold(Day())
    start: time | None = holds(Clock())
    end: time | None = holds(Clock())
    absence: str = holds(Choice(KINDS), AbsenceKind.VACATION.value)

    def troubles(self, ward: WardData) -> Iterator[Trouble]:  # noqa: ARG002 - as of every change
        """Refuse a last date before the first, and times that make no part of a day."""
        yield from in_order(self.first, self.last)
        if not self._of("").sound:
            clock = self.end or self.start or time()
            yield Trouble("end", clock.isoformat("minutes"), Expected.PART_OF_DAY)

    def apply(self, ward: WardData) -> WardData:
        """Add the absences; locked shifts in them are given up."""
        people = evenly(chosen(ward, self.employees, self.professions), self.share)
        return with_absences(ward, [self._of(person.code) for person in people])

    def _of(self, code: str) -> Absence:
        return Absence(code, self.first, self.last, AbsenceKind(self.absence), self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summer(Change):
    """Everybody, or a share, has so many weeks of vacation in a row, spread evenly within each profession."""

    kind: ClassVar[str] = "summer"
    weeks: int = must_hold(Whole(1, 8))
    share: int = holds(Whole(1, 100), 100)
    professions: tuple[str, ...] = holds(Codes("professions"), ())
    first: date | None = holds(Day())
    last: date | None = holds(Day())

    def troubles(self, ward: WardData) -> Iterator[Trouble]:
        """Refuse dates that have not room for the weeks."""
        first, last = self._dates(ward)
        yield from in_order(first, last)
        room = ((last - first).days + 1) // 7
        if first <= last and room < self.weeks:
            high = str(max(room, 0))
            yield Trouble("weeks", str(self.weeks), Expected.BETWEEN, {"low": "1", "high": high})

    def apply(self, ward: WardData) -> WardData:
        """Give each group of the staff its weeks, one group after the other."""
        absences: list[Absence] = []
        by_profession: dict[str, list[Employee]] = {}
        for person in chosen(ward, (), self.professions):
            by_profession.setdefault(person.profession, []).append(person)
        for people in by_profession.values():
            away = evenly(people, self.share)
            starts = self._starts(ward)
            absences += [
                Absence(
                    person.code,
                    starts[place % len(starts)],
                    starts[place % len(starts)] + timedelta(weeks=self.weeks) - timedelta(days=1),
                    AbsenceKind.VACATION,
                )
                for place, person in enumerate(away)
            ]
        return with_absences(ward, absences)

    def _starts(self, ward: WardData) -> list[date]:
        first, last = self._dates(ward)
        groups = ((last - first).days + 1) // 7 // self.weeks
        return [first + timedelta(weeks=self.weeks * number) for number in range(groups)]

    def _dates(self, ward: WardData) -> tuple[date, date]:
        return self.first or ward.period.start, self.last or ward.period.end


def with_absences(ward: WardData, absences: Iterable[Absence]) -> WardData:
    """Return a ward with more absences, without the shifts that were locked in them."""
    new = tuple(row for row in absences if row not in ward.absences)
    spans: dict[str, list[tuple[date, date]]] = {}
    for row in (row for row in new if row.whole):
        spans.setdefault(row.employee, []).append((row.first, row.last))
    day_of = ward.period.day_of
    kept = kept_by_parts(
        replace(ward, absences=new),
        ((pin.employee, day_of(pin.date), pin.shift) for pin in ward.pins if pin.shift is not None),
    )
    pins = tuple(
        pin
        for pin in ward.pins
        if pin.shift is None
        or (
            (pin.employee, day_of(pin.date)) not in kept
            and not any(first <= pin.date <= last for first, last in spans.get(pin.employee, ()))
        )
    )
    return replace(ward, absences=(*ward.absences, *new), pins=pins)
