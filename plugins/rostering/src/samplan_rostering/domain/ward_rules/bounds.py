"""Within which limits a rule's figures may be set, and what law and agreement let nobody switch off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from samplan_rostering.domain.ward_rules.base import WardRule


class Group(StrEnum):
    """Where a rule comes from."""

    LAW = "law"
    AGREEMENT = "agreement"
    HEALTH = "health"
    WARD = "ward"


class Unit(StrEnum):
    """What a figure counts."""

    MINUTES = "minutes"
    PERCENT = "percent"
    DAYS = "days"
    WEEKS = "weeks"
    SHIFTS = "shifts"
    PEOPLE = "people"
    POINTS = "points"


class Why(StrEnum):
    """Why a rule is always kept."""

    LAW = "law"
    AGREEMENT = "agreement"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and highest value of a figure, and what it counts."""

    low: int
    high: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Loosened:
    """A field that is set less strictly than may be: the limits of the figure, or why the rule is kept."""

    field: str
    bounds: Bounds | None
    why: Why | None


_PREFIXES = MappingProxyType({"ATL": Group.LAW, "EU": Group.LAW, "AB13": Group.AGREEMENT, "HS": Group.HEALTH})
FIXED: Mapping[str, Why] = MappingProxyType(
    {
        "skill": Why.INPUT,
        "contract": Why.INPUT,
        "roster_type": Why.INPUT,
        "absence": Why.INPUT,
        "pin": Why.INPUT,
        "shift_length": Why.AGREEMENT,  # AB13-13
        "breaks": Why.LAW,  # ATL-15
        "rest_after_shift": Why.AGREEMENT,  # AB13-13
        "daily_rest": Why.AGREEMENT,  # AB13-DV, not to be changed by local agreement
        "weekly_rest": Why.LAW,  # ATL-14
        "average_total": Why.LAW,  # ATL-10b
        "night_average": Why.LAW,  # ATL-13a
        "on_call_hours": Why.LAW,  # ATL-06
    }
)
"""Rules that are kept in every roster, by key."""

_DAY, _WEEK = 24 * 60, 7 * 24 * 60
_MINUTES = {
    ("shift_length", "minutes"): (60, 780),
    ("breaks", "minutes"): (60, 300),
    ("night_risk", "minutes"): (60, 480),
    ("recommended_length", "minutes"): (60, 780),
    ("rest_after_shift", "minutes"): (660, 22 * 60),
    ("daily_rest", "minutes"): (660, 22 * 60),
    ("weekly_rest", "minutes"): (2160, 6 * _DAY),
    ("rest_after_nights", "minutes"): (0, _WEEK),
    ("standby_rest", "minutes"): (60, 2 * _DAY),
    ("quick_return", "minutes"): (0, _DAY),
    ("short_rest_permission", "minutes"): (540, 659),
    ("long_shift_permission", "minutes"): (781, _DAY),
    ("consecutive_long", "minutes"): (60, _DAY),
    ("hours_min", "minutes"): (0, 2 * _WEEK),
    ("hours_max", "minutes"): (0, 2 * _WEEK),
    ("average_total", "minutes"): (60, 2880),
    ("average_ordinary", "minutes"): (60, 2400),
    ("night_average", "minutes"): (60, 480),
    ("on_call_hours", "minutes"): (0, 2880),
    ("on_call_hours", "month_minutes"): (0, 3000),
}
_COUNTS = {
    ("consecutive_days", "limit"): (1, 31, Unit.DAYS),
    ("consecutive_nights", "limit"): (1, 31, Unit.SHIFTS),
    ("consecutive_long", "limit"): (1, 31, Unit.SHIFTS),
    ("hours_min", "percent"): (0, 100, Unit.PERCENT),
    ("hours_max", "percent"): (0, 100, Unit.PERCENT),
    ("average_total", "weeks"): (1, 17, Unit.WEEKS),
    ("average_ordinary", "weeks"): (4, 16, Unit.WEEKS),
    ("night_average", "weeks"): (1, 17, Unit.WEEKS),
    ("free_days", "days"): (1, 84, Unit.DAYS),
    ("free_days", "weeks"): (1, 12, Unit.WEEKS),
    ("nights_per_week", "limit"): (0, 7, Unit.SHIFTS),
    ("week_spread", "more"): (0, 5, Unit.DAYS),
    ("shift_count", "minimum"): (0, 366, Unit.SHIFTS),
    ("shift_count", "maximum"): (0, 366, Unit.SHIFTS),
    ("weekends_over", "percent"): (0, 100, Unit.PERCENT),
    ("skill_mix", "minimum"): (1, 999, Unit.PEOPLE),
    ("carried_balance", "nights"): (-999, 999, Unit.SHIFTS),
    ("carried_balance", "weekends"): (-999, 999, Unit.SHIFTS),
    ("carried_balance", "holidays"): (-999, 999, Unit.SHIFTS),
    ("carried_balance", "wishes"): (-999, 999, Unit.SHIFTS),
    ("cost", "hour"): (0, 10_000, Unit.POINTS),
    ("cost", "night_hour"): (0, 10_000, Unit.POINTS),
    ("cost", "weekend_hour"): (0, 10_000, Unit.POINTS),
    ("cost", "on_call_hour"): (0, 10_000, Unit.POINTS),
    ("cost", "standby_hour"): (0, 10_000, Unit.POINTS),
    ("notice", "days"): (0, 366, Unit.DAYS),
}
BOUNDS: Mapping[tuple[str, str], Bounds] = MappingProxyType(
    {place: Bounds(low, high, Unit.MINUTES) for place, (low, high) in _MINUTES.items()}
    | {place: Bounds(*limits) for place, limits in _COUNTS.items()}
)
"""The limits of each figure that is a number, by rule and name."""
_NIGHT_WORKERS = "night"


def group_of(kind: type[WardRule]) -> Group:
    """Return where a rule comes from, by the identifier of its source."""
    return _PREFIXES.get(kind.source.partition("-")[0], Group.WARD)


def loosened(rule: WardRule) -> Iterator[Loosened]:
    """Yield what of a rule is set less strictly than law, agreement or sense allow."""
    why = FIXED.get(rule.key)
    if why is not None:
        if not rule.hard:
            yield Loosened("level", None, why)
        yield from (
            Loosened(name, None, why)
            for name in ("valid_from", "valid_to")
            if getattr(rule, name) is not None
        )
    for (key, name), bounds in BOUNDS.items():
        if key == rule.key:
            value = getattr(rule, name)
            if value is not None and not bounds.low <= value <= bounds.high:
                yield Loosened(name, bounds, None)
    if rule.key == "night_average" and _NIGHT_WORKERS not in getattr(rule, "roster_types", ()):
        yield Loosened("roster_types", None, why)
