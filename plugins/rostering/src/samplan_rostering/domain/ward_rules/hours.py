"""Working time over the period and over longer reference periods, and what it costs."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

from samplan_rostering.domain.hired import Hired
from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward_rules.base import HARD_ONLY, SOFT_ONLY, Breach, PersonRule
from samplan_rostering.domain.ward_rules.case import Case, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class _ContractHours(PersonRule):
    source: ClassVar[str] = "AB13-BP"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"minutes": "hours_band_minutes", "percent": "hours_band_percent"}
    )
    minutes: int = field(default=480, metadata={"rule": "AB13-BP"})
    percent: int = field(default=2, metadata={"rule": "AB13-BP"})

    def band(self, target: int) -> int:
        """Return by how many minutes the period may differ from the contract."""
        return max(self.minutes, target * self.percent // 100)

    def most(self, target: int, hired: Hired | None) -> int | None:
        """Return the most minutes of the period: of who is hired, what was agreed on; None is no limit."""
        return hired.most_minutes if hired else target + self.band(target)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastHours(_ContractHours):
    """The period's hours are not below the contract's by more than the band."""

    key: ClassVar[str] = "hours_min"
    spares_hired: ClassVar[bool] = True

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield a breach when there is too little work."""
        target = person.target_minutes()
        worked = case.worked_minutes(person, range(case.ward.period.days))
        if worked < target - self.band(target):
            yield Breach(person.code, None, worked, target - self.band(target))


@dataclass(frozen=True, slots=True, kw_only=True)
class MostHours(_ContractHours):
    """The period's hours are not above the contract's by more than the band, or above those hired for."""

    key: ClassVar[str] = "hours_max"

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield a breach when there is too much work."""
        most = self.most(person.target_minutes(), person.employee.hired)
        worked = case.worked_minutes(person, range(case.ward.period.days))
        if most is not None and worked > most:
            yield Breach(person.code, None, worked, most)


class AverageHours(PersonRule):
    """At most so many minutes a week on average over a reference period.

    The reference periods end with the roster, and every seven days before it as long as they begin inside
    the period. What came before counts as far back as anything is known. Vacation and sick leave count as
    worked by the contract (Arbetstidslagen 10 b §). What past and absence alone make too much is not held
    against the roster.
    """

    __slots__ = ()
    on_call: ClassVar[bool] = True
    """Whether on-call duty counts."""
    weeks: int

    @abstractmethod
    def allowed(self, days: int) -> int:
        """Return the minutes allowed in so many days."""

    def applies_to(self, person: Person) -> bool:
        """Tell whether the rule is for somebody in this period."""
        return person.first_contract() is not None

    def faults(self) -> Iterator[str]:
        """Refuse reference periods that are not from 1 to 52 weeks."""
        if not 1 <= self.weeks <= 52:
            yield "weeks"

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the reference periods with too much work."""
        if not self.applies_to(person):
            return
        for window in reference_periods(case.ward.period.days, person.known_from, self.weeks):
            credited = person.credited_minutes(window)
            past = range(window.start, 0)
            given = case.worked_minutes(person, past, on_call=self.on_call) + credited
            worked = case.worked_minutes(person, window, on_call=self.on_call) + credited
            limit = self.allowed(len(window))
            if worked > max(limit, given):
                yield Breach(person.code, max(window.start, 0), worked, limit, worked - limit)


def reference_periods(days: int, known_from: int, weeks: int) -> Iterator[range]:
    """Yield the reference periods that end inside the period, from what is known of the past."""
    for end in range(days, 0, -7):
        first = end - 7 * weeks
        yield range(max(first, known_from), end)
        if first <= 0:
            return


class _WeeklyAverage(AverageHours):
    """So many minutes in each week, whatever the length of the reference period."""

    __slots__ = ()
    minutes: int

    def allowed(self, days: int) -> int:
        """Return the minutes allowed in so many days."""
        return self.minutes * days // 7


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageTotal(_WeeklyAverage):
    """At most 48 h a week on average over four months, all work included (Arbetstidslagen 10 b §)."""

    key: ClassVar[str] = "average_total"
    source: ClassVar[str] = "ATL-10b"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    minutes: int = field(default=2880, metadata={"rule": "ATL-10b"})
    weeks: int = field(default=17, metadata={"rule": "ATL-10b"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageOrdinary(_WeeklyAverage):
    """At most 40 h of ordinary work a week on average over 4 to 16 weeks (Arbetstidslagen 5 §, AB § 13)."""

    key: ClassVar[str] = "average_ordinary"
    source: ClassVar[str] = "ATL-05"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    usual: ClassVar[Level] = Level.OFF
    on_call: ClassVar[bool] = False
    minutes: int = field(default=2400, metadata={"rule": "ATL-05"})
    weeks: int = field(default=16, metadata={"rule": "AB13-BP"})

    def faults(self) -> Iterator[str]:
        """Refuse reference periods that are not from 4 to 16 weeks."""
        if not 4 <= self.weeks <= 16:
            yield "weeks"


@dataclass(frozen=True, slots=True, kw_only=True)
class NightAverage(AverageHours):
    """Night workers have at most 8 h each 24 h on average over four months (Arbetstidslagen 13 a §).

    24 h are left out for each seven days that have begun. Who is a night worker follows from the roster type.
    """

    key: ClassVar[str] = "night_average"
    source: ClassVar[str] = "ATL-13a"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    minutes: int = field(default=480, metadata={"rule": "ATL-13a"})
    weeks: int = field(default=17, metadata={"rule": "ATL-13a"})
    roster_types: tuple[str, ...] = field(default=("night", "rotation_30"), metadata={"rule": "ATL-13aD"})

    def allowed(self, days: int) -> int:
        """Return the minutes allowed in so many days."""
        return self.minutes * (days - -(-days // 7))

    def applies_to(self, person: Person) -> bool:
        """Tell whether somebody is a night worker by the first contract of the period."""
        contract = person.first_contract()
        return contract is not None and contract.roster_type.value in self.roster_types


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost(PersonRule):
    """What the hours cost: points for each hour, more for nights, and more for weekends and holidays.

    Hours of on-call duty and standby have prices of their own, whenever they are. Whole points for a shift,
    rounded down; the figures are the region's own, in kronor or any other unit.
    """

    key: ClassVar[str] = "cost"
    spares_hired: ClassVar[bool] = True
    levels: ClassVar[frozenset[Level]] = SOFT_ONLY
    usual: ClassVar[Level] = Level.OFF
    weight: int = 1
    hour: int = 0
    night_hour: int = 0
    weekend_hour: int = 0
    on_call_hour: int = 0
    standby_hour: int = 0

    @property
    def rated(self) -> bool:
        """Whether some hour costs anything."""
        figures = self.hour, self.night_hour, self.weekend_hour, self.on_call_hour, self.standby_hour
        return any(figures)

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield what each shift costs."""
        for day, shift in sorted(person.row.items()):
            rate = self.hour + self.night_hour * case.timeline.is_night(shift)
            on = case.ward.period.date_of(day)
            if on.weekday() > 4 or public_holiday(on) or public_holiday(on + timedelta(days=1)):
                rate += self.weekend_hour
            duty = self.on_call_hour * case.timeline.on_call_minutes(day, shift)
            duty += self.standby_hour * case.timeline.standby_minutes(day, shift)
            amount = (rate * case.timeline.paid_minutes(day, shift) + duty) // 60
            if amount:
                yield Breach(person.code, day, amount=amount)
