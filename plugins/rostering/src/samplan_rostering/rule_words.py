"""What the rules of the profile ask, where they come from, and what their figures are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import Text, _l
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward_rules.bounds import Group, Unit, Why
from samplan_rostering.domain.ward_rules.on_call import Reference

GROUPS: Mapping[Group, Text] = MappingProxyType(
    {
        Group.LAW: _l("Law"),
        Group.AGREEMENT: _l("Agreements"),
        Group.HEALTH: _l("Healthy schedules"),
        Group.WARD: _l("The ward's own"),
    }
)
LEVELS: Mapping[Level, Text] = MappingProxyType(
    {Level.OFF: _l("Off"), Level.SOFT: _l("Desirable"), Level.HARD: _l("Required")}
)
WHY: Mapping[Why, Text] = MappingProxyType(
    {
        Why.LAW: _l("The law asks for this in every roster: it can be made stricter, not looser."),
        Why.AGREEMENT: _l(
            "The collective agreement asks for this in every roster: it can be made stricter, and looser"
            " only by a registered exception."
        ),
        Why.INPUT: _l("Follows from what is entered: a roster that breaks it is none."),
    }
)
UNITS: Mapping[Unit, Text] = MappingProxyType(
    {
        Unit.MINUTES: _l("hours"),
        Unit.PERCENT: _l("per cent"),
        Unit.DAYS: _l("days"),
        Unit.WEEKS: _l("weeks"),
        Unit.SHIFTS: _l("number"),
        Unit.PEOPLE: _l("people"),
        Unit.POINTS: _l("points"),
    }
)
FIGURES: Mapping[str, Text] = MappingProxyType(
    {
        "minutes": _l("Time"),
        "meal_breaks": _l("Meal breaks suffice on"),
        "professions": _l("Professions"),
        "start": _l("From"),
        "end": _l("To"),
        "earliest": _l("Earliest start"),
        "limit": _l("At most"),
        "percent": _l("Share"),
        "weeks": _l("Reference period"),
        "reference": _l("Counted in"),
        "month_minutes": _l("Time in a calendar month"),
        "days": _l("Days"),
        "roster_types": _l("Roster types"),
        "more": _l("Days beyond the share"),
        "shift": _l("Shift type"),
        "minimum": _l("At least"),
        "maximum": _l("At most"),
        "pattern": _l("Sequence"),
        "then": _l("Goes on as"),
        "skill": _l("Skill"),
        "reason": _l("Reason"),
        "negotiated": _l("Negotiated on"),
        "nights": _l("Nights"),
        "weekends": _l("Weekends"),
        "holidays": _l("Holidays"),
        "wishes": _l("Wishes"),
        "hour": _l("Points for each hour"),
        "night_hour": _l("More for each hour at night"),
        "weekend_hour": _l("More for each hour on weekends and holidays"),
        "on_call_hour": _l("Points for each hour of on-call duty"),
        "standby_hour": _l("Points for each hour of standby"),
    }
)
"""What the figures of rules are called, by name."""
REFERENCES: Mapping[Reference, Text] = MappingProxyType(
    {Reference.WEEKS: _l("four weeks"), Reference.MONTH: _l("calendar months")}
)
_RESEARCH = _l("Research on healthy shift schedules")
_REGIONS = _l("What the regions ask of rostering")
SOURCES: Mapping[str, Text] = MappingProxyType(
    {
        "ATL-05": "Arbetstidslagen 5 §",
        "ATL-06": "Arbetstidslagen 6 §",
        "ATL-10b": "Arbetstidslagen 10 b §",
        "ATL-12": "Arbetstidslagen 12 §",
        "ATL-13a": "Arbetstidslagen 13 a § 1 st",
        "ATL-13aR": "Arbetstidslagen 13 a § 2 st",
        "ATL-14": "Arbetstidslagen 14 §",
        "ATL-15": "Arbetstidslagen 15–16 §§",
        "AB13-DV": "AB § 13",
        "AB13-13": "AB § 13",
        "AB13-9": "AB § 13 mom. 8 a",
        "AB13-20": "AB § 13 mom. 5",
        "AB13-BE": "AB § 13 mom. 8",
        "AB13-H0": "AB § 13",
        "AB13-LK": "HÖK Läkare",
        "AB13-BP": "AB § 13",
        "AB13-9F": "HÖK (2013)",
        "AB13-HG": "AB § 13",
        "HS-01": _RESEARCH,
        "HS-02": _RESEARCH,
        "HS-03": _RESEARCH,
        "HS-04": _RESEARCH,
        "HS-05": _RESEARCH,
        "HS-06": _RESEARCH,
        "HS-07": _RESEARCH,
        "HS-10": _RESEARCH,
        "OP-01": _REGIONS,
        "OP-02": _REGIONS,
    }
)
"""Where a rule is found, by the identifier of its source; the names of laws and agreements stay Swedish."""


def source_name(source: str) -> str:
    """Return where a rule is found, with the identifier to look it up by: "AB § 13 (AB13-DV)"."""
    return f"{SOURCES[source]} ({source})" if source in SOURCES else ""


TO_BE_CONFIRMED = frozenset({"AB13-BP", "AB13-HG", "AB13-9F"})
"""Sources that the region is to check against its own agreement."""
TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "skill": _l("Somebody on a shift counts for it by a skill that is valid that day."),
        "contract": _l("A contract is in force on the day."),
        "roster_type": _l("Shifts are of the contract's roster type."),
        "absence": _l("No work during absence, nor a shift that reaches into it."),
        "pin": _l("Locked cells are as they are locked."),
        "shift_length": _l("A shift is at most 13 hours long, unless an exception says more."),
        "breaks": _l("Nobody works more than 5 hours without a break."),
        "night_risk": _l("At most 8 hours in 24 with night work of special risks or great strain."),
        "physician_window": _l("Physicians' ordinary hours lie on weekdays from 07 to 21."),
        "recommended_length": _l("A shift is not longer than recommended."),
        "early_start": _l("No shift begins in the early morning."),
        "rest_after_shift": _l("At least 11 hours of rest between two shifts."),
        "daily_rest": _l("11 hours of rest in each 24 hours from the employee's own day break."),
        "weekly_rest": _l(
            "36 hours of rest in each seven days; 47 where daily and weekly rest must follow one another."
        ),
        "rest_after_nights": _l("48 hours free after the last of some nights in a row."),
        "standby_rest": _l("Room for rest after standby, before the next work."),
        "quick_return": _l("No two shifts close to one another, such as evening and then day."),
        "short_rest_permission": _l("Daily rest of at least 9 hours, made good in the next rest."),
        "long_shift_permission": _l("A shift of up to 20 hours; with a dispensation up to 24."),
        "consecutive_days": _l("At most so many working days in a row."),
        "consecutive_nights": _l("At most so many nights in a row."),
        "consecutive_long": _l("At most so many long shifts in a row."),
        "forward_rotation": _l("Day, evening, night in that order from one day to the next."),
        "hours_min": _l("The period's hours are not below the contract's by more than the band."),
        "hours_max": _l("The period's hours are not above the contract's by more than the band."),
        "average_total": _l("At most 48 hours a week on average over four months, all work included."),
        "average_ordinary": _l("At most 40 ordinary hours a week on average."),
        "night_average": _l("Night workers have at most 8 hours in 24 on average over four months."),
        "on_call_hours": _l("At most 48 hours of on-call duty in four weeks, or 50 in a calendar month."),
        "free_days": _l("Nine free days in four weeks."),
        "nights_per_week": _l("At most so many nights in a calendar week."),
        "week_spread": _l("Part-time work lies on few days of the week."),
        "shift_count": _l("From so many to so many shifts of a type in the period."),
        "weekends_over": _l("At most a share of the weekends is worked."),
        "weekends_adjacent": _l("No two weekends in a row."),
        "whole_weekend": _l("Both days of a weekend, or none."),
        "unwanted_pattern": _l("The sequence does not occur: shift codes with spaces, - a day off, * any."),
        "wanted_pattern": _l("Where the sequence occurs, it goes on as it should."),
        "fixed_rotation": _l("The sequence is repeated from its first date; absence is excused."),
        "under_minimum": _l("Points for each person missing below the minimum."),
        "under_target": _l("Points for each person missing below the target."),
        "over_maximum": _l("Points for each person above the maximum."),
        "skill_mix": _l("So many with a skill on each shift."),
        "wishes": _l("Points for each point of a wish that is not met."),
        "together": _l("The employee works no shift without the other, such as a mentor."),
        "apart": _l("The two never work the same shift on the same day."),
        "uneven_nights": _l("Nights are shared evenly among those of one profession and roster type."),
        "uneven_weekends": _l("Weekends are shared likewise."),
        "uneven_holidays": _l("Holidays are shared likewise."),
        "uneven_wishes": _l("Days worked against a wish are shared likewise."),
        "carried_balance": _l("What somebody had more or less than the share in earlier periods."),
        "cost": _l("What the hours cost, in the region's own figures."),
        "notice": _l("Changes of a published roster are told so many days ahead."),
    }
)
"""What each rule of the profile asks."""
