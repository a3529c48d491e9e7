"""Even shares of nights, weekends, holidays and shifts against wishes, carried on from earlier periods.

Those of one profession and roster type share with one another, by the hours of their contracts; who has less
than an hour has no share. What lies more than one whole unit from the share costs.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import ClassVar

from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward import WishKind
from samplan_rostering.domain.ward_rules.base import HARD_ONLY, SOFT_ONLY, Breach, RosterRule, WardRule
from samplan_rostering.domain.ward_rules.case import Case, Person


def sharers(case: Case) -> list[list[Person]]:
    """Return the groups of two or more who share."""
    groups: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in case.people:
        contract = person.first_contract()
        if contract is not None and person.target_minutes() >= 60:
            groups[person.employee.profession, contract.roster_type.value].append(person)
    return [members for members in groups.values() if len(members) > 1]


class _EvenShare(RosterRule):
    """Each has a share of the group's total."""

    __slots__ = ()
    levels: ClassVar[frozenset[Level]] = SOFT_ONLY
    usual: ClassVar[Level] = Level.SOFT

    def breaches(self, case: Case) -> Iterator[Breach]:
        """Yield who has too much or too little, by whole units beyond one."""
        for members in sharers(case):
            people = [person for person in members if self.concerns(person.code)]
            counts = [
                self.count(case, person) + case.carried.get((self.key, person.code), 0) for person in people
            ]
            hours = [person.target_minutes() // 60 for person in people]
            for person, count, own in zip(people, counts, hours, strict=True):
                distance = abs(count - Fraction(sum(counts) * own, sum(hours)))
                beyond = -(-distance.numerator // distance.denominator) - 1
                if len(people) > 1 and beyond > 0:
                    yield Breach(person.code, None, count, amount=beyond)

    @abstractmethod
    def count(self, case: Case, person: Person) -> int:
        """Return how many a person has in the period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenNights(_EvenShare):
    """Nights are shared evenly."""

    key: ClassVar[str] = "uneven_nights"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_uneven_nights"})

    def count(self, case: Case, person: Person) -> int:
        """Return the nights."""
        return sum(case.timeline.is_night(shift) for shift in person.row.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenWeekends(_EvenShare):
    """Weekends are shared evenly."""

    key: ClassVar[str] = "uneven_weekends"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_uneven_weekends"})

    def count(self, case: Case, person: Person) -> int:
        """Return the weekends worked."""
        return sum(person.works_weekend(saturday) for saturday in case.saturdays)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenHolidays(_EvenShare):
    """Shifts that begin on public holidays are shared evenly."""

    key: ClassVar[str] = "uneven_holidays"

    def count(self, case: Case, person: Person) -> int:
        """Return the shifts on holidays."""
        return sum(public_holiday(case.ward.period.date_of(day)) is not None for day in person.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenWishes(_EvenShare):
    """Shifts that are worked against a wish are shared evenly."""

    key: ClassVar[str] = "uneven_wishes"
    usual: ClassVar[Level] = Level.OFF

    def count(self, case: Case, person: Person) -> int:
        """Return the days worked against a wish not to."""
        day_of = case.ward.period.day_of
        against = {
            day_of(wish.date)
            for wish in case.ward.wishes
            if wish.employee == person.code
            and wish.kind is not WishKind.WANT
            and (given := person.row.get(day_of(wish.date))) is not None
            and wish.shift in {None, given}
        }
        return len(against)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedBalance(WardRule):
    """What somebody had more (or less, negative) than the share in earlier periods: no rule by itself."""

    key: ClassVar[str] = "carried_balance"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    usual: ClassVar[Level] = Level.OFF
    repeated: ClassVar[bool] = True
    nights: int = 0
    weekends: int = 0
    holidays: int = 0
    wishes: int = 0

    def by_rule(self) -> dict[str, int]:
        """Return the balance by the rule that shares."""
        return {
            EvenNights.key: self.nights,
            EvenWeekends.key: self.weekends,
            EvenHolidays.key: self.holidays,
            EvenWishes.key: self.wishes,
        }

    def faults(self) -> Iterator[str]:
        """Refuse a balance of nobody."""
        if self.employee is None:
            yield "employee"
