"""Days and nights in a row, and in which order shifts follow one another."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward import ShiftKind
from samplan_rostering.domain.ward_rules.base import Breach, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Person

ORDER = (ShiftKind.DAY, ShiftKind.EVENING, ShiftKind.NIGHT)


class _RunRule(PersonRule):
    """At most so many days in a row with certain shifts: a breach for each run, of so many days beyond."""

    __slots__ = ()
    limit: int

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the runs that are too long and reach into the period."""
        yield from long_runs(person, self.days(case, person), self.limit)

    def days(self, case: Case, person: Person) -> set[int]:
        """Return the days that count, before the period and in it."""
        return set(case.at_work(person))


def long_runs(person: Person, days: Collection[int], limit: int) -> Iterator[Breach]:
    """Yield runs of days that are longer than the limit; days beyond it before day 0 have no amount."""
    for end in sorted(day for day in days if day >= 0 and day + 1 not in days):
        begin = end
        while begin - 1 in days:
            begin -= 1
        if end - begin + 1 > limit:
            beyond = range(max(begin + limit, 0), end + 1)
            yield Breach(person.code, max(begin, 0), end - begin + 1, limit, len(beyond))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsecutiveDays(_RunRule):
    """At most five working days in a row."""

    key: ClassVar[str] = "consecutive_days"
    source: ClassVar[str] = "HS-01"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"limit": "max_consecutive_days"})
    limit: int = field(default=5, metadata={"rule": "HS-01"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsecutiveNights(_RunRule):
    """At most three nights in a row."""

    key: ClassVar[str] = "consecutive_nights"
    source: ClassVar[str] = "HS-02"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"limit": "max_consecutive_nights"})
    limit: int = field(default=3, metadata={"rule": "HS-02"})

    def days(self, case: Case, person: Person) -> set[int]:
        """Return the days on which a night begins."""
        return {day for day, shift in person.worked.items() if case.timeline.is_night(shift)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsecutiveLong(_RunRule):
    """At most four long shifts in a row."""

    key: ClassVar[str] = "consecutive_long"
    source: ClassVar[str] = "HS-01"
    usual: ClassVar[Level] = Level.SOFT
    limit: int = field(default=4, metadata={"rule": "HS-01"})
    minutes: int = field(default=600, metadata={"rule": "HS-01"})

    def days(self, case: Case, person: Person) -> set[int]:
        """Return the days with a shift that is longer by the clock."""
        timeline = case.timeline

        def long(shift: str) -> bool:
            worked = timeline.nominal_minutes(shift) - timeline.type_of(shift).standby_minutes
            return worked > self.minutes

        return {day for day, shift in person.worked.items() if long(shift)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardRotation(PersonRule):
    """Day is followed by evening and evening by night, not the other way round from one day to the next."""

    key: ClassVar[str] = "forward_rotation"
    source: ClassVar[str] = "HS-06"
    usual: ClassVar[Level] = Level.SOFT
    weight: int = 5

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the days whose shift belongs to an earlier part of the day than that of the day before."""
        worked = case.at_work(person)
        place = {day: ORDER.index(case.timeline.type_of(shift).kind) for day, shift in worked.items()}
        for day in sorted(worked.keys() & person.row.keys()):
            backwards = place[day] < place.get(day - 1, 0)
            if backwards and self.holds_on(case.ward.period.date_of(day)):
                yield Breach(person.code, day)
