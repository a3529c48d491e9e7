"""Rest: after each shift, in the employee's own day, in each week, after nights; and what may shorten it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from types import MappingProxyType
from typing import ClassVar

from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.timeline import Interval, longest_rest, minutes
from samplan_rostering.domain.ward_rules.base import HARD_ONLY, Breach, PersonRule, WardRule
from samplan_rostering.domain.ward_rules.case import Case, Person

MAIN_RULE_SHIFT = 780
"""The longest shift of the agreement's main rule: 24 h less 11 h of rest (AB § 13)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestAfterShift(PersonRule):
    """Each shift is followed by daily rest; work and rest alternate (AB § 13).

    Where a permission shortens a rest, the next one is longer by what was missing; a shift that a permission
    lets be longer than 13 h is followed by rest of at least its own length.
    """

    key: ClassVar[str] = "rest_after_shift"
    source: ClassVar[str] = "AB13-13"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"minutes": "daily_rest_minutes"})
    minutes: int = field(default=660, metadata={"rule": "AB13-DV"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the shifts that begin too soon after the one before, of another ward too."""
        missing = 0
        for (before, one), (day, two) in pairwise(_everywhere(case, person)):
            rest = max(minutes(two[0] - one[1]), 0)
            own = day if day is not None else before
            on = case.ward.period.date_of(own if own is not None else 0)
            limit = case.permissions.least_rest(person.code, on, self.minutes)
            limit = max(limit, self.minutes + missing if missing else 0, _long(one))
            missing = max(self.minutes - rest, 0)
            if own is not None and own >= 0 and rest < limit:
                yield Breach(person.code, own, rest, limit)


def _everywhere(case: Case, person: Person) -> list[tuple[int | None, Interval]]:
    """Return the person's work in order, by day, and without a day what is worked in other wards.

    Of work that lies within other work the end of the longer one counts.
    """
    spans: list[tuple[int | None, Interval]] = [*case.spans(person).items()]
    if not person.elsewhere:
        return spans
    spans += [(None, span) for span in _elsewhere(person)]
    found: list[tuple[int | None, Interval]] = []
    last = None
    for day, (begin, end) in sorted(spans, key=lambda span: span[1]):
        last = end if last is None else max(last, end)
        found.append((day, (begin, last)))
    return found


def _elsewhere(person: Person) -> list[Interval]:
    """Return when the person works in other wards; standby is no work."""
    return [(one.begins, one.works_until) for one in person.elsewhere if one.works_until > one.begins]


def _long(span: Interval) -> int:
    """Return the length of a shift beyond the main rule, which its rest must equal; 0 for any other."""
    length = minutes(span[1] - span[0])
    return length if length > MAIN_RULE_SHIFT else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRest(PersonRule):
    """Each 24 hours from the employee's own day break hold one rest (AB § 13).

    A shift beyond 13 h that a permission allows is left out: the others judge the periods it falls in.
    """

    key: ClassVar[str] = "daily_rest"
    source: ClassVar[str] = "AB13-DV"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"minutes": "daily_rest_minutes"})
    minutes: int = field(default=660, metadata={"rule": "AB13-DV"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the 24-hour periods without a rest; what the past alone has broken is not held against it."""
        period = case.ward.period
        work = case.spans(person)
        if case.permissions.long_shifts:
            work = {day: span for day, span in work.items() if not _permitted(case, person, day, span)}
        for day in range(-1, period.days):
            limit = case.permissions.least_rest(person.code, period.date_of(day), self.minutes)
            # A shift that begins on another day does not reach into the 24 hours.
            near = {begun: work[begun] for begun in range(day - 1, day + 2) if begun in work}
            yield from too_little_rest(
                case, person, near, (day, day + 1), limit, elsewhere=_elsewhere(person)
            )


def _permitted(case: Case, person: Person, day: int, span: Interval) -> bool:
    """Tell whether a permission lets a shift be longer than the main rule."""
    length, on = minutes(span[1] - span[0]), case.ward.period.date_of(day)
    return MAIN_RULE_SHIFT < length <= case.permissions.longest_shift(person.code, on, MAIN_RULE_SHIFT)


def too_little_rest(
    case: Case,
    person: Person,
    work: dict[int, Interval],
    days: tuple[int, int],
    limit: int,
    *,
    elsewhere: Sequence[Interval] = (),
) -> Iterator[Breach]:
    """Yield a breach when no rest of that many minutes lies between two of the person's day breaks.

    What the past and other wards have broken without the period's own shifts is not held against these.
    """
    day_break = person.employee.day_break
    window = (case.timeline.instant(days[0], day_break), case.timeline.instant(days[1], day_break))
    rest = longest_rest(window, [*work.values(), *elsewhere])
    if rest >= limit:
        return
    before = longest_rest(window, [*(span for day, span in work.items() if day < 0), *elsewhere])
    if limit <= before:
        yield Breach(person.code, max(days[0], 0), rest, limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRest(PersonRule):
    """Each seven of the employee's 24-hour periods hold one long rest (Arbetstidslagen 14 §).

    36 h, or 47 h where daily and weekly rest must follow one another (AB13-VV). Standby is no such rest.
    """

    key: ClassVar[str] = "weekly_rest"
    source: ClassVar[str] = "ATL-14"
    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    sheet: ClassVar[Mapping[str, str]] = MappingProxyType({"minutes": "weekly_rest_minutes"})
    minutes: int = field(default=2160, metadata={"rule": "ATL-14"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the seven days without the rest, counted from the period's start."""
        lead = int(person.employee.day_break > time(0, 0))
        taken = {day: case.timeline.interval(day, shift) for day, shift in person.worked.items()}
        for first in range(-lead, case.ward.period.days - 7 - lead + 1, 7):
            others = [(one.begins, one.ends) for one in person.elsewhere]
            yield from too_little_rest(
                case, person, taken, (first, first + 7), self.minutes, elsewhere=others
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class StandbyRest(PersonRule):
    """Standby is followed by room for daily rest and for what makes good a disturbance (AB § 13 mom. 8).

    Standby that goes on without a break between shifts is one period, after whose end the rest lies. How much
    was disturbed is known of worked time only: `outcome_rest` judges that.
    """

    key: ClassVar[str] = "standby_rest"
    source: ClassVar[str] = "AB13-BE"
    usual: ClassVar[Level] = Level.OFF
    minutes: int = field(default=660, metadata={"rule": "AB13-DV"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the work that begins too soon after standby, but for what goes straight on to more of it."""
        timeline = case.timeline
        for (before, one), (day, two) in pairwise(sorted(person.worked.items())):
            if day < 0 or not timeline.standby_minutes(before, one) or not timeline.is_work(two):
                continue
            rest = minutes(timeline.interval(day, two)[0] - timeline.interval(before, one)[1])
            goes_on = rest == 0 and timeline.standby_minutes(day, two) > 0
            if not goes_on and rest < self.minutes and self.holds_on(case.ward.period.date_of(day)):
                yield Breach(person.code, day, rest, self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickReturn(PersonRule):
    """Two shifts do not lie close to one another."""

    key: ClassVar[str] = "quick_return"
    source: ClassVar[str] = "HS-05"
    usual: ClassVar[Level] = Level.SOFT
    minutes: int = field(default=660, metadata={"rule": "HS-05"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield every two shifts with less than that between them."""
        spans = list(case.spans(person).items())
        for number, (_, one) in enumerate(spans, start=1):
            for day, two in spans[number:]:
                rest = minutes(two[0] - one[1])
                if rest >= self.minutes:
                    break  # later shifts begin later
                if day >= 0 and self.holds_on(case.ward.period.date_of(day)):
                    yield Breach(person.code, day, rest, self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestAfterNights(PersonRule):
    """The last of some nights in a row is followed by a long rest."""

    key: ClassVar[str] = "rest_after_nights"
    source: ClassVar[str] = "HS-04"
    usual: ClassVar[Level] = Level.SOFT
    minutes: int = field(default=2880, metadata={"rule": "HS-04"})

    def of_person(self, case: Case, person: Person) -> Iterator[Breach]:
        """Yield the shifts that come too soon after a night, but for a night on the very next day."""
        is_night, worked = case.timeline.is_night, person.worked
        for (before, one), (day, two) in pairwise(case.spans(person).items()):
            goes_on = day == before + 1 and is_night(worked[day])
            rest = minutes(two[0] - one[1])
            if day < 0 or goes_on or not is_night(worked[before]) or rest >= self.minutes:
                continue
            if self.holds_on(case.ward.period.date_of(day)):
                yield Breach(person.code, day, rest, self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Permit(WardRule):
    """A registered permission: it is no rule to be broken, but what others are judged by."""

    levels: ClassVar[frozenset[Level]] = HARD_ONLY
    usual: ClassVar[Level] = Level.OFF
    repeated: ClassVar[bool] = True
    minutes: int = 0
    reason: str = ""
    negotiated: date | None = None

    def faults(self) -> Iterator[str]:
        """Name what a permission lacks: a reason, when it was negotiated, and from when to when it holds."""
        given = {
            "reason": self.reason,
            "negotiated": self.negotiated,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }
        yield from (name for name, value in given.items() if not value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortRest(_Permit):
    """A planned exception: daily rest of at least 9 h, made good in the next rest (AB § 13 mom. 8 a)."""

    key: ClassVar[str] = "short_rest_permission"
    source: ClassVar[str] = "AB13-9"
    minutes: int = field(default=540, metadata={"rule": "AB13-9"})

    def faults(self) -> Iterator[str]:
        """Refuse less than 9 h."""
        yield from _Permit.faults(self)
        if self.minutes < 540:
            yield "minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongShift(_Permit):
    """Work beyond 13 h: up to 20 h (AB § 13 mom. 5), with a dispensation up to 24 h (AB13-24)."""

    key: ClassVar[str] = "long_shift_permission"
    source: ClassVar[str] = "AB13-20"
    minutes: int = field(default=1200, metadata={"rule": "AB13-20"})

    def faults(self) -> Iterator[str]:
        """Refuse more than 24 h."""
        yield from _Permit.faults(self)
        if not MAIN_RULE_SHIFT < self.minutes <= 24 * 60:
            yield "minutes"
