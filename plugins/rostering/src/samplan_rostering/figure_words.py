"""The key figures of rostering: what each is, where it comes from, and when it is too small to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from samplan.plugin_api import Text, _l

FEW = 5
"""Fewer people than this are not told of."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a key figure is; `min_n` observations are needed for it to be shown, `scale` makes a per cent.

    `good` says which direction is better.
    """

    title: Text
    unit: Text
    definition: Text
    source: Text
    numerator: Text
    denominator: Text
    min_n: int = 0
    scale: int = 1
    good: Literal["higher", "lower", "neutral"] = "neutral"


_ROSTER = _l("Rosters in force")
_ENTERED = _l("Entered by the wards")
_PUBLISHED = _l("Publications")
_WORKED = _l("Entered outcome")
_PERSON = _l("employees")

DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        "coverage": Definition(
            _l("Coverage"),
            "%",
            _l("Required shifts (target) with somebody rostered, in per cent of all that are required."),
            _ROSTER,
            _l("staffed places"),
            _l("required places"),
            scale=100,
            good="higher",
        ),
        "unfilled": Definition(
            _l("Unfilled places"),
            _l("places"),
            _l("Places of required shifts (target) that nobody is rostered for."),
            _ROSTER,
            _l("unfilled places"),
            "",
            good="lower",
        ),
        "breaches": Definition(
            _l("Broken rules"),
            _l("per roster"),
            _l(
                "Required rules that the independent check finds broken, by roster."
                " A roster counts where its period begins."
            ),
            _ROSTER,
            _l("broken rules"),
            _l("rosters"),
            good="lower",
        ),
        "hours": Definition(
            _l("Hours against contract"),
            "%",
            _l(
                "Rostered hours in per cent of the contracts' hours for the same dates, without absence."
                " A roster counts where its period begins."
            ),
            _ROSTER,
            _l("rostered hours"),
            _l("hours of contracts"),
            min_n=FEW,
            scale=100,
        ),
        "weekends": Definition(
            _l("Weekends worked"),
            _l("per employee"),
            _l(
                "Weekends with a shift on the Saturday or Sunday, by employee and roster."
                " In a month, people count for the share of its days that are rostered."
            ),
            _ROSTER,
            _l("weekends worked"),
            _PERSON,
            min_n=FEW,
        ),
        "nights": Definition(
            _l("Nights worked"),
            _l("per employee"),
            _l(
                "Night shifts, by employee and roster."
                " In a month, people count for the share of its days that are rostered."
            ),
            _ROSTER,
            _l("night shifts"),
            _PERSON,
            min_n=FEW,
        ),
        "quick_returns": Definition(
            _l("Quick returns"),
            "%",
            _l("Times between two shifts of a person that are shorter than 11 hours, in per cent of all."),
            _ROSTER,
            _l("shorter than 11 hours"),
            _l("times between shifts"),
            min_n=10,
            scale=100,
            good="lower",
        ),
        "lead_time": Definition(
            _l("Notice of publication"),
            _l("days of notice"),
            _l("Days from a period's first publication to its first date, on average."),
            _PUBLISHED,
            _l("days of notice"),
            _l("periods published"),
            good="higher",
        ),
        "changes": Definition(
            _l("Changes after publication"),
            "%",
            _l("Cells changed by later publications, in per cent of the shifts first published."),
            _PUBLISHED,
            _l("changed cells"),
            _l("shifts published"),
            scale=100,
            good="lower",
        ),
        "wishes": Definition(
            _l("Wishes met"),
            "%",
            _l("Wishes that the roster meets, in per cent of all wishes."),
            _ROSTER,
            _l("wishes met"),
            _l("wishes"),
            min_n=10,
            scale=100,
            good="higher",
        ),
        "beyond": Definition(
            _l("Time beyond ordinary hours"),
            "%",
            _l("Paid time beyond the ordinary hours, in per cent of all time worked."),
            _WORKED,
            _l("hours beyond"),
            _l("hours worked"),
            min_n=FEW,
            scale=100,
            good="lower",
        ),
        "scheduling_clinical": Definition(
            _l("Scheduling by clinical staff"),
            _l("hours a month"),
            _l("Hours that clinical staff spend on rostering, by ward and month with a number entered."),
            _ENTERED,
            _l("hours"),
            _l("months entered"),
            good="lower",
        ),
        "scheduling_administrative": Definition(
            _l("Scheduling by administrative staff"),
            _l("hours a month"),
            _l(
                "Hours that administrative staff spend on rostering, by ward and month with a number entered."
            ),
            _ENTERED,
            _l("hours"),
            _l("months entered"),
        ),
        "payroll_corrections": Definition(
            _l("Payroll corrections"),
            _l("a month"),
            _l("Corrections of pay that time reports have caused, by ward and month with a number entered."),
            _ENTERED,
            _l("corrections"),
            _l("months entered"),
            good="lower",
        ),
        "units_stood_down": Definition(
            _l("Units stood down"),
            _l("a month"),
            _l("Units, such as ambulances, stood down for lack of crew, by ward and month entered."),
            _ENTERED,
            _l("units stood down"),
            _l("months entered"),
            good="lower",
        ),
        "employees_per_manager": Definition(
            _l("Employees per first-line manager"),
            _l("employees"),
            _l("Employees by first-line manager, over the months with both entered."),
            _ENTERED,
            _PERSON,
            _l("managers"),
            good="lower",
        ),
        "agency_share": Definition(
            _l("Agency staff's share of hours"),
            "%",
            _l(
                "Entered hours of external staff, in per cent of these and the hours of own staff worked,"
                " for wards and months with a number."
            ),
            _l("Entered by the wards, and entered outcome"),
            _l("hours of external staff"),
            _l("all hours worked"),
            scale=100,
            good="lower",
        ),
        "hired_share": Definition(
            _l("Hired staff's share of rostered hours"),
            "%",
            _l("Rostered hours of those who are hired, in per cent of all rostered hours."),
            _ROSTER,
            _l("rostered hours of hired staff"),
            _l("all rostered hours"),
            scale=100,
        ),
    }
)
"""The key figures, in the order in which they are shown."""

ENTERED: Mapping[str, Text] = MappingProxyType(
    {
        "scheduling_clinical": _l("Scheduling by clinical staff (hours)"),
        "scheduling_administrative": _l("Scheduling by administrative staff (hours)"),
        "payroll_corrections": _l("Payroll corrections caused by time reports"),
        "units_stood_down": _l("Units stood down for lack of crew"),
        "employees": _l("Employees"),
        "managers": _l("First-line managers"),
        "external_hours": _l("External staff (hours worked)"),
    }
)
"""What the numbers are called that a ward enters for a month."""

INDICATORS: Mapping[str, str] = MappingProxyType(
    {key: f"rostering.{key}" for key in DEFINITIONS} | {"wishes": "rostering.wishes_met_share"}
)
"""The indicator that each key figure is, for a calendar month."""
