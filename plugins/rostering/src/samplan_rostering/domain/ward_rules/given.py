"""Rules that follow from the input: skills, contracts, absences and locked cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward import RosterType
from samplan_rostering.domain.ward_rules.base import HARD_ONLY, Breach, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Person

FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Skilled(PersonRule):
    """A shift is worked by those who count for some need of it, by a skill valid on the day."""

    key: ClassVar[str] = "skill"
    source: ClassVar[str] = "OP-02"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the shifts that the person counts for in no need."""
        for day, shift in person.row.items():
            if not any(need.shift == shift and person.has_skill(day, need.skill) for need in case.needs[day]):
                yield Breach(person.code, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderContract(PersonRule):
    """A contract, or the hiring, is in force on each day worked."""

    key: ClassVar[str] = "contract"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY

    def of_person(self, _case: Case, person: Person) -> Iterator[Breach]:
        """Yield the days worked without a contract."""
        yield from (Breach(person.code, day) for day in person.row if not person.engaged_on(day))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRosterType(PersonRule):
    """Shifts are of the roster type that sets the contract's working time (AB § 13).

    Shifts of nothing but on-call duty and standby are no ordinary working time, and may be of any.
    """

    key: ClassVar[str] = "roster_type"
    source: ClassVar[str] = "AB13-H0"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the shifts that the contract's roster type does not have."""
        for day, shift in person.row.items():
            if not case.timeline.is_ordinary(shift):
                continue
            contract = person.contract_on(day)
            weekday = person.period.date_of(day).weekday()
            if contract and not _allowed(contract.roster_type, weekday, case.timeline.is_night(shift)):
                yield Breach(person.code, day)


def _allowed(kind: RosterType, weekday: int, night: bool) -> bool:
    """Tell whether a roster type has shifts on the weekday, by day or by night."""
    if kind is RosterType.DAY:
        return not night and weekday <= FRIDAY
    if kind is RosterType.DAY_WEEKEND:
        return not night
    return night or kind is not RosterType.NIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAbsent(PersonRule):
    """No shift is worked on a day of absence or in the part of one, nor reaches into it."""

    key: ClassVar[str] = "absence"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the shifts that touch absence."""
        for day, shift in person.row.items():
            if case.away(person, day, shift):
                yield Breach(person.code, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked(PersonRule):
    """A locked cell is as it is locked."""

    key: ClassVar[str] = "pin"
    spares_hired: ClassVar[bool] = True  # who makes the roster may change what they are hired for
    levels: ClassVar[frozenset[Level]] = HARD_ONLY

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the locked cells that are otherwise."""
        for pin in case.pins_of(person.code):
            day = case.ward.period.day_of(pin.date)
            if person.row.get(day) != pin.shift:
                yield Breach(person.code, day)
