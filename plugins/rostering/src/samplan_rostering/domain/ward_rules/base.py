"""What every rule of a ward has: a name, where it comes from, its figures, and whether it is hard or soft."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import Period
from samplan_rostering.domain.ward_rules.case import Case, Person

HARD_ONLY = frozenset({Level.OFF, Level.HARD})
SOFT_ONLY = frozenset({Level.OFF, Level.SOFT})
ANY_LEVEL = frozenset(Level)
_TERMS: Mapping[str, Term] = MappingProxyType({term.value: term for term in Term})


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a roster is not as a rule asks; `amount` is how many units of it.

    `day` counts from 0 and is None where the whole period is meant; `measured` and `limit` are minutes for
    rules of time and counts for the others. `employee` is None for what nobody bears alone.
    """

    employee: str | None
    day: int | None = None
    measured: int | None = None
    limit: int | None = None
    amount: int = 1
    shift: str | None = None
    skill: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WardRule:
    """A rule with its figures; what it asks for is said once here and once in `solver.ward_rules`.

    Without `employee` it concerns everybody but those in `exempt`, who have the same rule with figures of
    their own, or are spared. It holds on the days from `valid_from` to `valid_to`, inclusive; None is no end.
    """

    key: ClassVar[str]
    """Name in the rule profile, and of the hard rule and the soft term."""
    source: ClassVar[str] = ""
    """Identifier of law, agreement or recommendation; empty when it follows from the input."""
    levels: ClassVar[frozenset[Level]] = ANY_LEVEL
    usual: ClassVar[Level] = Level.HARD
    repeated: ClassVar[bool] = False
    """Whether there may be several at once, as there are several pairs of people."""
    spares_hired: ClassVar[bool] = False
    """Whether it is about employment, and does not concern those who are hired unless they are named."""
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Which field has its value from which field of the sheet with limits and weights."""

    level: Level = Level.HARD
    weight: int = 10
    employee: str | None = None
    other: str | None = None
    exempt: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def rule(self) -> Rule:
        """The name under which a hard breach is reported."""
        return Rule(self.key)

    @property
    def term(self) -> Term:
        """The name under which a soft breach is charged."""
        return _TERMS[self.key]

    @property
    def hard(self) -> bool:
        """Whether a roster that breaks the rule is refused."""
        return self.level is Level.HARD

    @property
    def active(self) -> bool:
        """Whether the rule changes anything."""
        return self.hard or (self.level is Level.SOFT and self.weight > 0)

    def concerns(self, employee: str) -> bool:
        """Tell whether the rule is about somebody."""
        return employee not in self.exempt if self.employee is None else employee == self.employee

    def holds_on(self, on: date) -> bool:
        """Tell whether the rule is in force on a date."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )

    def touches(self, period: Period) -> bool:
        """Tell whether the rule is in force on some date of a period.

        Rules about single shifts, and what follows them, hold on the dates; rules about runs, weeks and the
        whole hold for the whole period.
        """
        return (self.valid_from is None or self.valid_from <= period.end) and (
            self.valid_to is None or period.start <= self.valid_to
        )

    def faults(self) -> Iterator[str]:
        """Yield the names of the figures that contradict one another or are missing."""
        yield from ()


class RosterRule(WardRule, ABC):
    """A rule that a roster keeps or breaks; the others say what these, or changes, are judged by."""

    __slots__ = ()

    @abstractmethod
    def breaches(self, case: Case) -> Iterator[Breach]:
        """Yield what a roster breaks."""


class PersonRule(RosterRule):
    """A rule that each person's row keeps or breaks by itself."""

    __slots__ = ()

    def breaches(self, case: Case) -> Iterator[Breach]:
        """Yield what a roster breaks, person by person."""
        for person in case.people:
            if self.concerns(person.code):
                yield from self.of_person(case, person)

    @abstractmethod
    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield what one person's row breaks."""


class DayRule(RosterRule):
    """A rule about what a day has in all: each day is judged by itself."""

    __slots__ = ()

    def breaches(self, case: Case) -> Iterator[Breach]:
        """Yield what the days of the period break, one after the other."""
        return self.on_days(case, range(case.ward.period.days))

    @abstractmethod
    def on_days(self, case: Case, days: Iterable[int]) -> Iterator[Breach]:
        """Yield what some days break."""
