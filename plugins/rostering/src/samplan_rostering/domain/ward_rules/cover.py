"""What the ward and its people ask for: staffing, skills on each shift, and wishes."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward import WishKind
from samplan_rostering.domain.ward_rules.base import SOFT_ONLY, Breach, DayRule, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Need, Person


def present(case: Case, day: int, need: Need) -> int:
    """Return how many work a need's shift and count for it, guests of an internal unit among them."""
    key = day, need.shift, need.skill
    if key not in case.counted:
        own = sum(person.has_skill(day, need.skill) for person in case.on_shift(day, need.shift))
        case.counted[key] = own + sum(guest.day == day and guest.counts(need) for guest in case.guests)
    return case.counted[key]


class _Staffing(DayRule):
    """One side of the needs of each day."""

    __slots__ = ()
    source: ClassVar[str] = "OP-01"
    levels: ClassVar[frozenset[Level]] = SOFT_ONLY
    usual: ClassVar[Level] = Level.SOFT

    def on_days(self, case: Case, days: Iterable[int]) -> Iterator[Breach]:
        """Yield the needs of some days that are not met."""
        for day in days:
            for need in case.needs[day]:
                there = present(case, day, need)
                amount, level = self.missed(need, there)
                if amount > 0:
                    yield Breach(None, day, there, level, amount, need.shift, need.skill)

    @abstractmethod
    def missed(self, need: Need, there: int) -> tuple[int, int]:
        """Return how many are missing or too many, and the level that is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderMinimum(_Staffing):
    """Nobody is missing below the minimum."""

    key: ClassVar[str] = "under_minimum"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_under_minimum"})
    weight: int = field(default=1000, metadata={"rule": "OP-01"})

    def missed(self, need: Need, there: int) -> tuple[int, int]:
        """Return how many are missing."""
        return need.minimum - there, need.minimum


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderTarget(_Staffing):
    """Nobody is missing below the target."""

    key: ClassVar[str] = "under_target"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_under_target"})
    weight: int = field(default=30, metadata={"rule": "OP-01"})

    def missed(self, need: Need, there: int) -> tuple[int, int]:
        """Return how many are missing."""
        return need.target - there, need.target


@dataclass(frozen=True, slots=True, kw_only=True)
class OverMaximum(_Staffing):
    """Nobody is too many."""

    key: ClassVar[str] = "over_maximum"
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_over_maximum"})
    weight: int = field(default=30, metadata={"rule": "OP-01"})

    def missed(self, need: Need, there: int) -> tuple[int, int]:
        """Return how many are too many."""
        return (0, 0) if need.maximum is None else (there - need.maximum, need.maximum)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillMix(DayRule):
    """Each shift that is needed has so many with a skill that is valid on the day."""

    key: ClassVar[str] = "skill_mix"
    source: ClassVar[str] = "OP-02"
    levels: ClassVar[frozenset[Level]] = SOFT_ONLY
    usual: ClassVar[Level] = Level.OFF
    repeated: ClassVar[bool] = True
    weight: int = 100
    skill: str = ""
    shift: str | None = None
    minimum: int = 1

    def on_days(self, case: Case, days: Iterable[int]) -> Iterator[Breach]:
        """Yield the shifts of some days on which somebody with the skill is missing."""
        for day in days:
            for shift in dict.fromkeys(need.shift for need in case.needs[day]):
                if self.shift not in {None, shift} or not self.holds_on(case.ward.period.date_of(day)):
                    continue
                there = sum(p.row.get(day) == shift and p.has_skill(day, self.skill) for p in case.people)
                if there < self.minimum:
                    yield Breach(None, day, there, self.minimum, self.minimum - there, shift, self.skill)

    def faults(self) -> Iterator[str]:
        """Refuse a rule about no skill."""
        if not self.skill:
            yield "skill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes(PersonRule):
    """Wishes are met."""

    key: ClassVar[str] = "wishes"
    levels: ClassVar[frozenset[Level]] = SOFT_ONLY
    usual: ClassVar[Level] = Level.SOFT
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_wish"})
    weight: int = 1

    def concerns(self, _employee: str) -> bool:
        """All wishes count, as they do in the search."""
        return True

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the wishes that are not met, by their points."""
        for wish in case.wishes_of(person.code):
            day = case.ward.period.day_of(wish.date)
            given = person.row.get(day)
            works = given is not None if wish.shift is None else given == wish.shift
            if works != (wish.kind is WishKind.WANT):
                yield Breach(wish.employee, day, amount=wish.points, shift=wish.shift)
