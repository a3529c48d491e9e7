"""Sequences of shifts: not wanted, wanted after one another, and fixed rotations.

A pattern is written as shift codes with spaces between, such as `N N -`: `-` is a day without a shift that
begins on it, and `*` any shift.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward_rules.base import Breach, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Person

FREE, ANY = "-", "*"


def fits(token: str, shift: str | None) -> bool:
    """Tell whether what is worked on a day is what a token of a pattern says."""
    return shift is None if token == FREE else shift is not None and token in {ANY, shift}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnwantedPattern(PersonRule):
    """A sequence of shifts does not occur."""

    key: ClassVar[str] = "unwanted_pattern"
    spares_hired: ClassVar[bool] = True
    usual: ClassVar[Level] = Level.OFF
    repeated: ClassVar[bool] = True
    pattern: str = ""

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield each place where it does, on its last day; days before anything is known are left out."""
        tokens, worked = self.pattern.split(), person.worked
        for first in range(person.known_from, case.ward.period.days - len(tokens) + 1):
            last = first + len(tokens) - 1
            found = all(fits(token, worked.get(first + place)) for place, token in enumerate(tokens))
            if found and last >= 0 and self.holds_on(case.ward.period.date_of(last)):
                yield Breach(person.code, last)

    def faults(self) -> Iterator[str]:
        """Refuse no pattern, and those that would forbid a free day or are longer than a week."""
        tokens = self.pattern.split()
        if not 1 <= len(tokens) <= 7 or all(token == FREE for token in tokens):
            yield "pattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPattern(PersonRule):
    """Where a sequence of shifts begins, it goes on as it should."""

    key: ClassVar[str] = "wanted_pattern"
    spares_hired: ClassVar[bool] = True
    usual: ClassVar[Level] = Level.OFF
    repeated: ClassVar[bool] = True
    pattern: str = ""
    """How it begins."""
    then: str = ""
    """How it is to go on."""

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield each beginning that goes on otherwise, on the day where it does."""
        begin, then, worked = self.pattern.split(), self.then.split(), person.worked
        for first in range(person.known_from, case.ward.period.days):
            if not all(fits(token, worked.get(first + place)) for place, token in enumerate(begin)):
                continue
            after = range(first + len(begin), first + len(begin) + len(then))
            wrong = [d for d, t in zip(after, then, strict=True) if not fits(t, worked.get(d))]
            inside = wrong and 0 <= wrong[0] < case.ward.period.days
            if inside and self.holds_on(case.ward.period.date_of(wrong[0])):
                yield Breach(person.code, wrong[0])

    def faults(self) -> Iterator[str]:
        """Refuse what has no beginning or no end, or is longer than a week."""
        begin, then = self.pattern.split(), self.then.split()
        if not begin or all(token == FREE for token in begin):
            yield "pattern"
        if not then or len(begin) + len(then) > 7:
            yield "then"


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedRotation(PersonRule):
    """A rotation is repeated from the date from which the rule holds; absence breaks it without harm."""

    key: ClassVar[str] = "fixed_rotation"
    spares_hired: ClassVar[bool] = True
    usual: ClassVar[Level] = Level.OFF
    repeated: ClassVar[bool] = True
    weight: int = 50
    pattern: str = ""

    def expected(self, case_start: int, day: int) -> str:
        """Return what a day should be, given on which day of the period the rotation starts."""
        tokens = self.pattern.split()
        return tokens[(day - case_start) % len(tokens)]

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the days that are not as the rotation says."""
        period = case.ward.period
        start = 0 if self.valid_from is None else period.day_of(self.valid_from)
        for day in range(period.days):
            if not self.holds_on(period.date_of(day)):
                continue
            token = self.expected(start, day)
            excused = self._excused(case, person, day, token)
            if not excused and not fits(token, person.row.get(day)):
                yield Breach(person.code, day)

    def _excused(self, case: Case, person: Person, day: int, token: str) -> bool:
        if token == FREE:
            return False
        shifts = [row.code for row in case.ward.shift_types] if token == ANY else [token]
        return all(case.away(person, day, shift) for shift in shifts)

    def faults(self) -> Iterator[str]:
        """Refuse no rotation, and one that begins on no date."""
        if not self.pattern.split():
            yield "pattern"
        if self.valid_from is None:
            yield "valid_from"
