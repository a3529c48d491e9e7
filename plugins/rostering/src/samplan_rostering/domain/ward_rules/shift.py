"""Rules about a single shift: its length, its breaks, when it begins, and who may have it."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from types import MappingProxyType
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.timeline import Interval, minutes
from samplan_rostering.domain.ward_rules.base import HARD_ONLY, Breach, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Person

NIGHT = (time(22, 0), time(6, 0))
"""Night by Arbetstidslagen 13 a § (ATL-13aD)."""


class _ShiftRule(PersonRule):
    """A rule that each shift keeps or breaks by itself."""

    __slots__ = ()

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the shifts of the period that are not as asked."""
        always = self.valid_from is None and self.valid_to is None
        for day, shift in sorted(person.row.items()):
            if always or self.holds_on(case.ward.period.date_of(day)):
                yield from self.of_shift(case, person, day, shift)

    @abstractmethod
    def of_shift(self, case: Case, person: Person, day: int, shift: str) -> Iterator[Breach]:
        """Yield a breach when a shift is not as asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftLength(_ShiftRule):
    """Work and on-call duty are at most 13 h long, unless a permission says more (AB § 13)."""

    key: ClassVar[str] = "shift_length"
    source: ClassVar[str] = "AB13-13"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"minutes": "max_shift_minutes"})
    minutes: int = field(default=780, metadata={"rule": "AB13-13"})

    def of_shift(self, case: Case, person: Person, day: int, shift: str) -> Iterator[Breach]:
        """Yield a breach when the shift is too long."""
        on = case.ward.period.date_of(day)
        limit = case.permissions.longest_shift(person.code, on, self.minutes)
        length = case.length(day, shift)
        if length > limit:
            yield Breach(person.code, day, length, limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendedLength(_ShiftRule):
    """A shift is not longer than what research recommends."""

    key: ClassVar[str] = "recommended_length"
    source: ClassVar[str] = "HS-03"
    usual: ClassVar[Level] = Level.SOFT
    weight: int = 5
    minutes: int = field(default=600, metadata={"rule": "HS-03"})

    def of_shift(self, case: Case, person: Person, day: int, shift: str) -> Iterator[Breach]:
        """Yield a breach when the shift is too long."""
        length = case.length(day, shift)
        if length > self.minutes:
            yield Breach(person.code, day, length, self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks(_ShiftRule):
    """Nobody works more than 5 h without a break (Arbetstidslagen 15 §); at night a meal break may do.

    On-call duty is left out: what is worked then is not known beforehand.
    """

    key: ClassVar[str] = "breaks"
    source: ClassVar[str] = "ATL-15"
    minutes: int = field(default=300, metadata={"rule": "ATL-15"})
    meal_breaks: tuple[str, ...] = field(default=("night",), metadata={"rule": "ATL-16"})
    """Parts of the day in which breaks may be meal breaks, which count as working time."""

    def of_shift(self, case: Case, person: Person, day: int, shift: str) -> Iterator[Breach]:
        """Yield a breach when the shift is long and its type has no break."""
        kind = case.timeline.type_of(shift)
        begin, end = case.timeline.ordinary(day, shift)
        length = minutes(end - begin)
        if length > self.minutes and not kind.break_minutes and kind.kind.value not in self.meal_breaks:
            yield Breach(person.code, day, length, self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyStart(_ShiftRule):
    """No shift begins between midnight and early morning."""

    key: ClassVar[str] = "early_start"
    source: ClassVar[str] = "HS-07"
    usual: ClassVar[Level] = Level.SOFT
    weight: int = 5
    earliest: time = field(default=time(6, 0), metadata={"rule": "HS-07"})

    def of_shift(self, case: Case, person: Person, day: int, shift: str) -> Iterator[Breach]:
        """Yield a breach when the shift begins early."""
        if case.timeline.is_work(shift) and case.timeline.type_of(shift).start < self.earliest:
            yield Breach(person.code, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhysicianHours(_ShiftRule):
    """The ordinary working time of some professions lies on weekdays within a window (HÖK Läkare)."""

    key: ClassVar[str] = "physician_window"
    source: ClassVar[str] = "AB13-LK"
    usual: ClassVar[Level] = Level.OFF
    professions: tuple[str, ...] = ("Läkare",)
    start: time = field(default=time(7, 0), metadata={"rule": "AB13-LK"})
    end: time = field(default=time(21, 0), metadata={"rule": "AB13-LK"})

    def of_shift(self, case: Case, person: Person, day: int, shift: str) -> Iterator[Breach]:
        """Yield a breach when its ordinary work is not wholly within the window of a weekday."""
        if person.employee.profession not in self.professions or not case.timeline.is_ordinary(shift):
            return
        begin, end = case.timeline.ordinary(day, shift)
        at = case.timeline.instant
        weekday = case.ward.period.date_of(day).weekday() < 5
        if not (weekday and at(day, self.start) <= begin and end <= at(day, self.end)):
            yield Breach(person.code, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRisk(PersonRule):
    """At most 8 h of work in each of the own 24 hours in which there is night work with special risks.

    Arbetstidslagen 13 a §: for work that is assessed to have special risks or great strain.
    """

    key: ClassVar[str] = "night_risk"
    source: ClassVar[str] = "ATL-13aR"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    usual: ClassVar[Level] = Level.OFF
    minutes: int = field(default=480, metadata={"rule": "ATL-13aR"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the 24-hour periods with night work and too much work; the past alone breaks nothing."""
        at, day_break = case.timeline.instant, person.employee.day_break
        spans = case.spans(person)
        for day in range(-1, case.ward.period.days):
            window = (at(day, day_break), at(day + 1, day_break))
            inside = {d: cut for d, span in spans.items() if (cut := _cut(span, window))}
            total = sum(minutes(end - begin) for begin, end in inside.values())
            past = {d: cut for d, cut in inside.items() if d < 0}
            if total <= self.minutes or not _some_night(case, inside) or self._broken_before(case, past):
                continue
            if self.holds_on(case.ward.period.date_of(day)):
                yield Breach(person.code, max(day, 0), total, self.minutes)

    def _broken_before(self, case: Case, past: dict[int, Interval]) -> bool:
        total = sum(minutes(end - begin) for begin, end in past.values())
        return total > self.minutes and _some_night(case, past)


def _cut(span: Interval, window: Interval) -> Interval | None:
    """Return the part of a span inside a window."""
    begin, end = max(span[0], window[0]), min(span[1], window[1])
    return (begin, end) if end - begin > timedelta(0) else None


def _some_night(case: Case, work: dict[int, Interval]) -> bool:
    at = case.timeline.instant
    return any(
        _cut(span, (at(night, NIGHT[0]), at(night + 1, NIGHT[1])))
        for day, span in work.items()
        for night in range(day - 1, day + 2)
    )
