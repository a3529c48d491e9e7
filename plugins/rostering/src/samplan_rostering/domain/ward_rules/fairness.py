"""Even shares of nights, weekends, holidays and shifts against wishes, carried on from earlier periods.

Those of one profession and roster type share with one another, by the hours of their contracts; who has less
than an hour has no share. What lies more than one whole unit from the share costs.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


Shares = Sequence[tuple[str, int]]
"""Those who share with one another, each with the hours of the contract."""


def shares(case: Case) -> list[Shares]:
    """Return the groups who share, with their hours."""
    return [[(person.code, person.target_minutes() // 60) for person in group] for group in sharers(case)]


class EvenShare(RosterRule):
    """Each has a share of the group's total."""

    __slots__ = ()
    levels: ClassVar[frozenset[Level]] = SOFT_ONLY
    usual: ClassVar[Level] = Level.SOFT

    def breaches(self, case: Case) -> Iterator[Breach]:
        """Yield who has too much or too little, by whole units beyond one."""
        counts = {person.code: self.counted(case, person) for person in case.people}
        return self.by_counts(shares(case), counts)

    def by_counts(self, groups: Iterable[Shares], counts: Mapping[str, int]) -> Iterator[Breach]:
        """Yield the breaches, given what each has."""
        for members in groups:
            own = [(code, hours, counts[code]) for code, hours in members if self.concerns(code)]
            all_hours, total = sum(hours for _, hours, _ in own), sum(count for _, _, count in own)
            for code, hours, count in own:
                distance = abs(count * all_hours - total * hours)
                beyond = -(-distance // all_hours) - 1
                if len(own) > 1 and beyond > 0:
                    yield Breach(code, None, count, amount=beyond)

    def counted(self, case: Case, person: Person) -> int:
        """Return how many a person has, with what was carried on."""
        return self.count(case, person) + case.carried.get((self.key, person.code), 0)

    @abstractmethod
    def count(self, case: Case, person: Person) -> int:
        """Return how many a person has in the period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenNights(EvenShare):
    """Nights are shared evenly."""

    key: ClassVar[str] = "uneven_nights"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_uneven_nights"})

    def count(self, case: Case, person: Person) -> int:
        """Return the nights."""
        return sum(case.timeline.is_night(shift) for shift in person.row.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenWeekends(EvenShare):
    """Weekends are shared evenly."""

    key: ClassVar[str] = "uneven_weekends"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_uneven_weekends"})

    def count(self, case: Case, person: Person) -> int:
        """Return the weekends worked."""
        return sum(person.works_weekend(saturday) for saturday in case.saturdays)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenHolidays(EvenShare):
    """Shifts that begin on public holidays are shared evenly."""

    key: ClassVar[str] = "uneven_holidays"

    def count(self, case: Case, person: Person) -> int:
        """Return the shifts on holidays."""
        return sum(public_holiday(case.ward.period.date_of(day)) is not None for day in person.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenWishes(EvenShare):
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
