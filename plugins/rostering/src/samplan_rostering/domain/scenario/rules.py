"""Changes of rules, limits and weights, and profiles for a crisis."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import ClassVar, TypeVar

from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.scenario.base import Change, half_up
from samplan_rostering.domain.scenario.readers import (
    Choice,
    Code,
    Day,
    Figures,
    Whole,
    Words,
    holds,
    must_hold,
)
from samplan_rostering.domain.ward import DatedRequirement, RuleProfile, WardData, WeeklyRequirement
from samplan_rostering.domain.ward_rules import BY_KEY
from samplan_rostering.domain.ward_rules.rest import LongShift, ShortRest

Row = TypeVar("Row", WeeklyRequirement, DatedRequirement)
LIMITS = tuple(item.name for item in fields(RuleProfile))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange(Change):
    """A line of the rule profile; it takes the place of the one for the same rule and person."""

    kind: ClassVar[str] = "rule"
    rule: str = must_hold(Choice(tuple(BY_KEY), Expected.KNOWN_RULE))
    level: str = must_hold(Choice(tuple(level.value for level in Level)))
    weight: int | None = holds(Whole(0, 100_000))
    employee: str | None = holds(Code("employees"))
    other: str | None = holds(Code("employees"))
    parameters: tuple[tuple[str, str], ...] = holds(Figures(), ())
    valid_from: date | None = holds(Day())
    valid_to: date | None = holds(Day())

    def apply(self, ward: WardData) -> WardData:
        """Replace the line, or add it; of rules that there may be several of, it is added."""
        setting = RuleSetting(
            self.rule,
            Level(self.level),
            self.weight,
            self.employee,
            self.other,
            self.parameters,
            self.valid_from,
            self.valid_to,
        )
        return with_setting(ward, setting)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChange(Change):
    """A limit or weight of the ward's sheet of rules."""

    kind: ClassVar[str] = "limit"
    name: str = must_hold(Choice(LIMITS))
    value: int = must_hold(Whole(0, 100_000))

    def apply(self, ward: WardData) -> WardData:
        """Set the figure."""
        return replace(ward, rules=replace(ward.rules, **{self.name: self.value}))


EXCEPTIONS = ("short_rest", "long_shift", "extra_days", "wider_hours", "more_weekends", "wishes_wait")
"""What a crisis may open, within what agreements let be opened: see `Crisis`."""


@dataclass(frozen=True, slots=True)
class CrisisProfile:
    """How much of the minimum is kept in a crisis, in per cent, and which exceptions are opened."""

    minimum_percent: int
    opened: tuple[str, ...]


PROFILES: Mapping[str, CrisisProfile] = MappingProxyType(
    {
        "pandemic": CrisisProfile(100, ("short_rest", "extra_days", "wishes_wait")),
        "heightened_alert": CrisisProfile(80, EXCEPTIONS),
    }
)
"""Our own starting points, not taken from any regulation; each figure can be set in the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crisis(Change):
    """Staffing falls to the minimum, or to a share of it, and exceptions are opened.

    short_rest: daily rest of 9 h (AB § 13 mom. 8 a); long_shift: shifts of up to 20 h (AB § 13 mom. 5);
    extra_days: a day and a night more in a row; wider_hours: 20 % around the hours of the contract;
    more_weekends: every weekend; wishes_wait: wishes cost nothing.
    """

    kind: ClassVar[str] = "crisis"
    profile: str = must_hold(Choice(tuple(PROFILES)))
    minimum_percent: int | None = holds(Whole(1, 100))
    opened: tuple[str, ...] | None = holds(Words(EXCEPTIONS))
    negotiated: date | None = holds(Day())

    def apply(self, ward: WardData) -> WardData:
        """Lower what is needed, and open the exceptions."""
        profile = PROFILES[self.profile]
        percent = self.minimum_percent or profile.minimum_percent
        ward = replace(
            ward,
            weekly_requirements=tuple(_lowered(row, percent) for row in ward.weekly_requirements),
            dated_requirements=tuple(_lowered(row, percent) for row in ward.dated_requirements),
        )
        for name in profile.opened if self.opened is None else self.opened:
            ward = self._open(ward, name)
        return ward

    def _open(self, ward: WardData, name: str) -> WardData:
        rules = ward.rules
        if name in {"short_rest", "long_shift"}:
            return with_setting(
                ward, self._permission(ward, ShortRest.key if name == "short_rest" else LongShift.key)
            )
        changed = {
            "extra_days": {
                "max_consecutive_days": rules.max_consecutive_days + 1,
                "max_consecutive_nights": rules.max_consecutive_nights + 1,
            },
            "wider_hours": {"hours_band_percent": max(rules.hours_band_percent, 20)},
            "more_weekends": {"max_weekends_percent": 100},
            "wishes_wait": {"weight_wish": 0},
        }[name]
        return replace(ward, rules=replace(rules, **changed))

    def _permission(self, ward: WardData, rule: str) -> RuleSetting:
        """Return a permission for everybody in the period and the night after it."""
        on = self.negotiated or ward.period.start
        figures = (("negotiated", on.isoformat()), ("reason", self.profile))
        last = ward.period.end + timedelta(days=1)
        return RuleSetting(rule, Level.HARD, parameters=figures, valid_from=ward.period.start, valid_to=last)


def with_setting(ward: WardData, setting: RuleSetting) -> WardData:
    """Return a ward with a line of the rule profile; it takes the place of the one that it contradicts."""
    repeated = BY_KEY[setting.rule].repeated
    kept = tuple(
        row
        for row in ward.settings
        if repeated or (row.rule, row.employee) != (setting.rule, setting.employee)
    )
    return replace(ward, settings=(*kept, setting))


def _lowered(row: Row, percent: int) -> Row:
    """Return a requirement that asks for a share of its minimum and no more."""
    minimum = half_up(row.minimum * percent, 100)
    return replace(row, minimum=minimum, target=minimum)
