"""Free days, nights a week, the spread of part-time work, and how many shifts of a type somebody has."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward_rules.base import Breach, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeDays(PersonRule):
    """Nine days without the beginning of a shift in each four weeks from the period's start.

    A shorter rest of the period has its share of them, rounded down.
    """

    key: ClassVar[str] = "free_days"
    spares_hired: ClassVar[bool] = True
    source: ClassVar[str] = "AB13-9F"
    usual: ClassVar[Level] = Level.SOFT
    days: int = field(default=9, metadata={"rule": "AB13-9F"})
    weeks: int = field(default=4, metadata={"rule": "AB13-9F"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the stretches of weeks with too few free days."""
        whole = 7 * self.weeks
        for first in range(0, case.ward.period.days, whole):
            stretch = range(first, min(first + whole, case.ward.period.days))
            asked = self.days * len(stretch) // whole
            free = sum(day not in person.row for day in stretch)
            if free < asked:
                yield Breach(person.code, first, free, asked, asked - free)

    def faults(self) -> Iterator[str]:
        """Refuse more free days than there are days."""
        if self.weeks < 1 or self.days > 7 * self.weeks:
            yield "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class NightsPerWeek(PersonRule):
    """At most so many nights in a calendar week, as is recommended during pregnancy; no reason is stored."""

    key: ClassVar[str] = "nights_per_week"
    source: ClassVar[str] = "HS-10"
    usual: ClassVar[Level] = Level.OFF
    limit: int = field(default=1, metadata={"rule": "HS-10"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the weeks with too many nights; the past alone breaks nothing."""
        is_night = case.timeline.is_night
        for monday in case.mondays:
            nights = [day for day in range(monday, monday + 7) if is_night(person.worked.get(day))]
            past = sum(day < 0 for day in nights)
            beyond = len(nights) - max(self.limit, past)
            if beyond > 0 and self.holds_on(case.ward.period.date_of(max(monday, 0))):
                yield Breach(person.code, max(monday, 0), len(nights), self.limit, beyond)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSpread(PersonRule):
    """Part-time work is not spread over more days of a week than its share of five, and some."""

    key: ClassVar[str] = "week_spread"
    spares_hired: ClassVar[bool] = True
    usual: ClassVar[Level] = Level.OFF
    more: int = 1

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the weeks with too many working days; the past alone breaks nothing."""
        contract = person.first_contract()
        if contract is None or contract.percentage >= 100:
            return
        limit = -int(-5 * contract.percentage // 100) + self.more
        worked = case.at_work(person)
        for monday in case.mondays:
            days = [day for day in range(monday, monday + 7) if day in worked]
            beyond = len(days) - max(limit, sum(day < 0 for day in days))
            if beyond > 0 and self.holds_on(case.ward.period.date_of(max(monday, 0))):
                yield Breach(person.code, max(monday, 0), len(days), limit, beyond)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCount(PersonRule):
    """From so many to so many shifts of a type in the period."""

    key: ClassVar[str] = "shift_count"
    spares_hired: ClassVar[bool] = True
    usual: ClassVar[Level] = Level.OFF
    repeated: ClassVar[bool] = True
    shift: str = ""
    minimum: int = 0
    maximum: int | None = None

    def of_person(self, _case: Case, person: Person) -> Iterator[Breach]:
        """Yield a breach when there are too few or too many."""
        count = list(person.row.values()).count(self.shift)
        if count < self.minimum:
            yield Breach(person.code, None, count, self.minimum, self.minimum - count, self.shift)
        elif self.maximum is not None and count > self.maximum:
            yield Breach(person.code, None, count, self.maximum, count - self.maximum, self.shift)

    def faults(self) -> Iterator[str]:
        """Refuse a minimum above the maximum, and limits of no shift."""
        if not self.shift:
            yield "shift"
        if self.maximum is not None and self.minimum > self.maximum:
            yield "minimum"
