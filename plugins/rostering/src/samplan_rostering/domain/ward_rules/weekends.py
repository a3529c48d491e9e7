"""Weekends: how many are worked, two in a row, and whole ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward_rules.base import Breach, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekendShare(PersonRule):
    """At most a share of the period's weekends is worked, rounded up."""

    key: ClassVar[str] = "weekends_over"
    spares_hired: ClassVar[bool] = True
    source: ClassVar[str] = "AB13-HG"
    usual: ClassVar[Level] = Level.SOFT
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"percent": "max_weekends_percent", "weight": "weight_weekend_over"}
    )
    percent: int = field(default=50, metadata={"rule": "AB13-HG"})

    @property
    def rule(self) -> Rule:
        """The hard rule is named as in benchmark files."""
        return Rule.MAX_WEEKENDS

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield each weekend beyond the share, on its first day."""
        free = -(-self.percent * len(case.saturdays) // 100)
        worked = [saturday for saturday in case.saturdays if person.works_weekend(saturday)]
        for count, saturday in enumerate(worked, start=1):
            if count > free:
                yield Breach(person.code, max(saturday, 0), count, free)

    def faults(self) -> Iterator[str]:
        """Refuse more than all."""
        if not 0 <= self.percent <= 100:
            yield "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class EverySecondWeekend(PersonRule):
    """Two weekends in a row are not worked."""

    key: ClassVar[str] = "weekends_adjacent"
    spares_hired: ClassVar[bool] = True
    source: ClassVar[str] = "AB13-HG"
    usual: ClassVar[Level] = Level.SOFT
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"weight": "weight_weekend_adjacent"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield each worked weekend that follows a worked one, on its first day."""
        for saturday in case.saturdays:
            days = (saturday - 7, saturday - 6, saturday, saturday + 1)
            if self.hard and not any(day in person.row for day in days):
                continue  # what the past alone has broken is not held against this roster
            if person.works_weekend(saturday) and person.works_weekend(saturday - 7):
                yield Breach(person.code, max(saturday, 0), 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeWeekend(PersonRule):
    """A weekend is worked on both days or on none."""

    key: ClassVar[str] = "whole_weekend"
    spares_hired: ClassVar[bool] = True
    usual: ClassVar[Level] = Level.OFF

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the weekends of which one day is worked; both days lie in the period."""
        for saturday in case.saturdays:
            days = (saturday, saturday + 1)
            inside = saturday >= 0 and saturday + 1 < case.ward.period.days
            if inside and sum(day in person.row for day in days) == 1:
                yield Breach(person.code, saturday)
