"""Names of the hard rules and of the soft terms, with where each hard rule comes from."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Rule(StrEnum):
    """A hard rule: a roster that breaks one is refused."""

    UNKNOWN = "unknown"  # an assignment names an employee, day or shift that does not exist
    ONE_SHIFT = "one_shift"
    SKILL = "skill"
    CONTRACT = "contract"
    ROSTER_TYPE = "roster_type"
    ABSENCE = "absence"
    PIN = "pin"
    SHIFT_LENGTH = "shift_length"
    REST_AFTER_SHIFT = "rest_after_shift"
    DAILY_REST = "daily_rest"
    WEEKLY_REST = "weekly_rest"
    CONSECUTIVE_DAYS = "consecutive_days"
    CONSECUTIVE_NIGHTS = "consecutive_nights"
    HOURS_MIN = "hours_min"
    HOURS_MAX = "hours_max"
    # Only in benchmark files:
    SUCCESSION = "succession"
    MIN_CONSECUTIVE = "min_consecutive"
    MIN_DAYS_OFF = "min_days_off"
    MAX_WEEKENDS = "max_weekends"
    MAX_SHIFTS = "max_shifts"


SOURCES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.SKILL: "OP-02",
        Rule.ROSTER_TYPE: "AB13-H0",
        Rule.SHIFT_LENGTH: "AB13-13",
        Rule.REST_AFTER_SHIFT: "AB13-13",
        Rule.DAILY_REST: "AB13-DV",
        Rule.WEEKLY_REST: "ATL-14",
        Rule.CONSECUTIVE_DAYS: "HS-01",
        Rule.CONSECUTIVE_NIGHTS: "HS-02",
        Rule.HOURS_MIN: "AB13-BP",
        Rule.HOURS_MAX: "AB13-BP",
    }
)
"""Identifier of law, agreement or recommendation; the others follow from the input itself."""


class Term(StrEnum):
    """A soft term: its share of the objective is shown in the breakdown."""

    UNDER_MINIMUM = "under_minimum"
    UNDER_TARGET = "under_target"
    OVER_MAXIMUM = "over_maximum"
    WISHES = "wishes"
    WEEKENDS_OVER = "weekends_over"
    WEEKENDS_ADJACENT = "weekends_adjacent"
    UNEVEN_NIGHTS = "uneven_nights"
    UNEVEN_WEEKENDS = "uneven_weekends"
    # Only in benchmark files:
    UNDER_COVER = "under_cover"
    OVER_COVER = "over_cover"
    SHIFT_ON = "shift_on"
    SHIFT_OFF = "shift_off"
    RUNS = "runs"
    DAYS_OFF = "days_off"
    TOTAL_SHIFTS = "total_shifts"
