"""The input of one ward and one roster period, as a user gives it.

Values are identifiers (strings), dates and local clock times. Instants are derived where
they are needed, in the time zone of the unit. `samplan_rostering.domain.validation.validate`
says what is wrong with a ward in plain terms; nothing here raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from samplan_rostering.domain.absence import Absence as Absence  # noqa: PLC0414 - a part of the ward that its users take from here
from samplan_rostering.domain.absence import AbsenceKind as AbsenceKind  # noqa: PLC0414 - as above
from samplan_rostering.domain.hired import Hired, WorkElsewhere
from samplan_rostering.domain.rule_setting import RuleSetting

DEFAULT_DAY_BREAK = time(19, 0)
"""Day break of an employee who has none of their own: day, evening and night shifts at ordinary hospital
hours, repeated, all leave 11 h of rest in the 24 hours from 19:00; from midnight a day shift would not."""


class ShiftKind(StrEnum):
    """Part of the day a shift type belongs to; rules on nights apply to NIGHT."""

    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


class RosterType(StrEnum):
    """How a contract is rostered; it decides the full-time minutes of a week."""

    DAY = "day"
    DAY_WEEKEND = "day_weekend"
    ROTATION_20 = "rotation_20"
    ROTATION_30 = "rotation_30"
    NIGHT = "night"


FULLTIME_WEEK_MINUTES: Mapping[RosterType, int] = MappingProxyType(
    {
        RosterType.DAY: 2400,  # AB13-H0: 40:00
        RosterType.DAY_WEEKEND: 2295,  # AB13-H1: 38:15
        RosterType.ROTATION_20: 2180,  # AB13-H2: 36:20, at least 20 % nights
        RosterType.ROTATION_30: 2060,  # AB13-H3: 34:20, at least 30 % nights
        RosterType.NIGHT: 2060,  # AB13-H4: 34:20, nights only
    }
)
"""Suggested full-time minutes of a week; local agreements may set others in the contract."""


class WishKind(StrEnum):
    """What an employee wishes for a date.

    WANT: to work (the shift, or any). AVOID: not to work (the shift, or any).
    OFF: no shift that starts on the date.
    """

    WANT = "want"
    AVOID = "avoid"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Unit:
    """The ward and the time zone its clocks follow (IANA name)."""

    code: str
    name: str
    timezone: str = "Europe/Stockholm"


@dataclass(frozen=True, slots=True)
class Period:
    """The dates to roster; `end` is the last date, inclusive."""

    start: date
    end: date
    name: str = ""

    @property
    def days(self) -> int:
        """Number of dates in the period."""
        return (self.end - self.start).days + 1

    def date_of(self, day: int) -> date:
        """Date of a day index counted from 0; negative before the period."""
        return date.fromordinal(self.start.toordinal() + day)

    def day_of(self, on: date) -> int:
        """Day index of a date; negative before the period."""
        return (on - self.start).days


@dataclass(frozen=True, slots=True)
class Skill:
    """A competence or certificate that requirements can ask for."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ShiftType:
    """A shift by local clock times; it ends the next date when `end` is not after `start`.

    `paid_minutes` counts against the contract on an ordinary date; over a clock change the hour gained or
    lost is added. `colour` is "#rrggbb". A shift is ordinary work up to its last `on_call_minutes +
    standby_minutes`: then on-call duty (jour), and at the end standby (beredskap), by the clock. On-call duty
    is work but no ordinary working time; standby is no work.
    """

    code: str
    name: str
    kind: ShiftKind
    start: time
    end: time
    break_minutes: int
    paid_minutes: int
    colour: str | None = None
    on_call_minutes: int = 0
    standby_minutes: int = 0


@dataclass(frozen=True, slots=True)
class HeldSkill:
    """A skill held by an employee from and to dates, inclusive; None is unlimited."""

    skill: str
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, on: date) -> bool:
        """Tell whether the skill may be used on a date."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Employee:
    """A person to roster; `code` is a pseudonymous employment id.

    `day_break` is when the own 24-hour periods start (AB § 13). Who is `hired` has no contract.
    """

    code: str
    name: str
    profession: str
    day_break: time = DEFAULT_DAY_BREAK
    skills: tuple[HeldSkill, ...] = ()
    hired: Hired | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """Working time of an employee from `valid_from` to `valid_to`, inclusive (None: open)."""

    employee: str
    valid_from: date
    valid_to: date | None
    percentage: Decimal
    roster_type: RosterType
    fulltime_week_minutes: int

    def valid_on(self, on: date) -> bool:
        """Tell whether the contract is in force on a date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class WeeklyRequirement:
    """People needed on a weekday (0 is Monday) and shift; skill None counts everyone.

    `maximum` None is unlimited. A person counts in every row whose skill they hold that day.
    """

    weekday: int
    shift: str
    skill: str | None
    minimum: int
    target: int
    maximum: int | None


@dataclass(frozen=True, slots=True)
class DatedRequirement:
    """Exception that replaces the weekly row of the same shift and skill on one date."""

    date: date
    shift: str
    skill: str | None
    minimum: int
    target: int
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for a date; `points` is what breaking it costs, before the weight of wishes."""

    employee: str
    date: date
    kind: WishKind
    shift: str | None
    points: int


@dataclass(frozen=True, slots=True)
class PastShift:
    """A shift worked before the period; rest, runs and weekends count across the border."""

    employee: str
    date: date
    shift: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A locked cell of the roster: the shift to be worked, or None for a locked free date."""

    employee: str
    date: date
    shift: str | None


@dataclass(frozen=True, slots=True)
class RuleProfile:
    """Limits of the hard rules and weights of the soft ones.

    Hours band: the period's minutes may differ from the contract's by `hours_band_minutes`
    or `hours_band_percent` of them, whichever is more. The weights are points per unit:
    a person missing or in excess, a wish point, a weekend, a shift beyond an even share.
    """

    daily_rest_minutes: int = field(default=660, metadata={"rule": "AB13-DV"})
    max_shift_minutes: int = field(default=780, metadata={"rule": "AB13-13"})
    # 36 h, or 47 h where daily and weekly rest must follow one another (AB13-VV).
    weekly_rest_minutes: int = field(default=2160, metadata={"rule": "ATL-14"})
    max_consecutive_days: int = field(default=5, metadata={"rule": "HS-01"})
    max_consecutive_nights: int = field(default=3, metadata={"rule": "HS-02"})
    hours_band_minutes: int = field(default=480, metadata={"rule": "AB13-BP"})
    hours_band_percent: int = field(default=2, metadata={"rule": "AB13-BP"})
    max_weekends_percent: int = field(default=50, metadata={"rule": "AB13-HG"})
    weight_under_minimum: int = field(default=1000, metadata={"rule": "OP-01"})
    weight_under_target: int = field(default=30, metadata={"rule": "OP-01"})
    weight_over_maximum: int = field(default=30, metadata={"rule": "OP-01"})
    weight_wish: int = 1
    weight_weekend_over: int = field(default=20, metadata={"rule": "AB13-HG"})
    weight_weekend_adjacent: int = field(default=10, metadata={"rule": "AB13-HG"})
    weight_uneven_nights: int = 10
    weight_uneven_weekends: int = 10


@dataclass(frozen=True, slots=True)
class WardData:
    """All that is needed to roster one ward for one period."""

    unit: Unit
    period: Period
    skills: tuple[Skill, ...]
    shift_types: tuple[ShiftType, ...]
    employees: tuple[Employee, ...]
    contracts: tuple[Contract, ...]
    weekly_requirements: tuple[WeeklyRequirement, ...]
    dated_requirements: tuple[DatedRequirement, ...] = ()
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    history: tuple[PastShift, ...] = ()
    pins: tuple[Pin, ...] = ()
    rules: RuleProfile = RuleProfile()
    settings: tuple[RuleSetting, ...] = ()
    elsewhere: tuple[WorkElsewhere, ...] = ()
    """What those who are hired work in other wards meanwhile: to judge a roster by, and no input of one."""

    @property
    def hired(self) -> frozenset[str]:
        """The codes of those who are hired."""
        return frozenset(employee.code for employee in self.employees if employee.hired)
