"""What scenarios, their changes and their figures are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from samplan.plugin_api import Text, _, _l
from samplan_rostering import labels
from samplan_rostering.domain.faults import Expected, Fault
from samplan_rostering.workbook.faults import EXPECTED

KINDS: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        "staffing": (_l("Staffing"), _l("How many are needed: scaled, more or fewer, or as given.")),
        "task_shift": (_l("Task shifting"), _l("Tasks move from one competence to another.")),
        "skill": (_l("Competence"), _l("A competence that the ward has not had, and who holds it.")),
        "shift_type": (_l("Shift type"), _l("Times and length of a shift, or a new one.")),
        "replace_shifts": (_l("Shifts replaced"), _l("A shift takes the place of others, as a long day.")),
        "contract": (_l("Share of full time"), _l("Contracts of some or all, within the period.")),
        "working_time": (_l("Working-time model"), _l("Minutes of a full week, or another rotation.")),
        "add_staff": (_l("More staff"), _l("People who are recruited, or lent by another ward.")),
        "vacancy": (_l("Vacancies"), _l("People who are not there, or who are lent to another ward.")),
        "absence": (_l("Absence"), _l("Some or all, or a share of them, are away.")),
        "summer": (_l("Summer"), _l("Weeks of vacation in a row, spread evenly within each profession.")),
        "rule": (_l("Rule"), _l("A line of the rule profile.")),
        "limit": (_l("Limit or weight"), _l("A figure of the sheet of rules.")),
        "crisis": (_l("Crisis profile"), _l("Staffing falls to the minimum, and exceptions are opened.")),
    }
)  # fmt: skip
"""The kinds of changes, each with what it does."""
FIELDS: Mapping[str, Text] = MappingProxyType(
    {
        "absence": _l("Kind of absence"),
        "add": _l("More or fewer"),
        "add_percentage": _l("Percentage points more or fewer"),
        "break_minutes": _l("Break (minutes)"),
        "by": _l("Replaced by"),
        "code": _l("Code"),
        "count": _l("Number of people"),
        "employee": _l("Employee"),
        "employees": _l("Employees"),
        "end": _l("End, time"),
        "first": _l("First date"),
        "from_skill": _l("From competence"),
        "fulltime_week_minutes": _l("Minutes of a full week"),
        "last": _l("Last date"),
        "lent_by": _l("Lent by"),
        "level": _l("Level"),
        "maximum": _l("Maximum"),
        "minimum": _l("Minimum"),
        "minimum_percent": _l("Per cent of the minimum kept"),
        "name": _l("Name"),
        "negotiated": _l("Exceptions negotiated on"),
        "of_types": _l("Of the roster types"),
        "on_call_minutes": _l("On-call duty (minutes)"),
        "opened": _l("Exceptions opened"),
        "other": _l("The other employee"),
        "paid_minutes": _l("Paid minutes"),
        "parameters": _l("Figures"),
        "part": _l("Part of the day"),
        "percent": _l("Per cent of today"),
        "percentage": _l("Share of full time (per cent)"),
        "profession": _l("Profession"),
        "professions": _l("Professions"),
        "profile": _l("Profile"),
        "roster_type": _l("Roster type"),
        "rule": _l("Rule"),
        "share": _l("Share of the staff (per cent)"),
        "shifts": _l("Shifts"),
        "skills": _l("Skills"),
        "standby_minutes": _l("Standby (minutes)"),
        "start": _l("Start, time"),
        "target": _l("Target"),
        "to_skill": _l("To competence"),
        "valid_from": _l("From"),
        "valid_to": _l("To"),
        "value": _l("Value"),
        "weekdays": _l("Weekdays"),
        "weeks": _l("Weeks in a row"),
        "weight": _l("Weight"),
    }
)
NOTHING_CHOSEN: Mapping[tuple[str, str], Text] = MappingProxyType(
    {
        ("crisis", "opened"): _l("Nothing chosen means those of the profile."),
        ("replace_shifts", "shifts"): "",
        ("add_staff", "skills"): "",
        ("vacancy", "employees"): _l("Choose people, or a profession and how many."),
        ("skill", "employees"): _l("Choose people or professions."),
        ("skill", "professions"): "",
    }
)
"""What it means that nothing is chosen, by kind and field, where that is not all of them."""
CHOICES: Mapping[str, Text] = MappingProxyType(
    {
        "pandemic": _l("Pandemic"),
        "heightened_alert": _l("Heightened alert"),
        "short_rest": _l("Daily rest of 9 h"),
        "long_shift": _l("Shifts of up to 20 h"),
        "extra_days": _l("A day and a night more in a row"),
        "wider_hours": _l("20 % around the hours of the contract"),
        "more_weekends": _l("Every weekend may be worked"),
        "wishes_wait": _l("Wishes cost nothing"),
        "off": _l("Off"),
        "soft": _l("Desirable"),
        "hard": _l("Required"),
        **{kind.value: name for kind, name in labels.SHIFT_KINDS.items()},
        **{
            kind.value: name
            for kind, name in labels.ROSTER_TYPES.items()
            if kind.value not in ("day", "night")
        },
        **{kind.value: name for kind, (_sign, name) in labels.ABSENCES.items()},
        **{str(rule): name for rule, name in labels.RULES.items()},
        **{str(term): name for term, name in labels.TERMS.items()},
    }
)
"""What the words to choose from are called; others are shown as they are."""


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A key figure: its name, how it is written, and what is better."""

    name: str
    label: Text
    unit: Literal["minutes", "number", "money", "fulltime"]
    better: Literal["lower", "higher", ""] = "lower"


FIGURES = (
    FigureWords("required_minutes", _l("Required hours (target)"), "minutes", ""),
    FigureWords("unfilled_minutes", _l("Unfilled hours"), "minutes"),
    FigureWords("people_below_minimum", _l("People below the minimum"), "number"),
    FigureWords("agency_minutes", _l("Agency need (hours below the minimum)"), "minutes"),
    FigureWords("agency_fulltime", _l("Agency need (full-time equivalents of 165 h a month)"), "fulltime"),
    FigureWords("breaches", _l("Broken rules"), "number"),
    FigureWords("rostered_minutes", _l("Rostered hours"), "minutes", ""),
    FigureWords("contract_minutes", _l("Hours of the contracts"), "minutes", ""),
    FigureWords("minutes_over_contract", _l("Hours above the contracts"), "minutes"),
    FigureWords("minutes_under_contract", _l("Hours below the contracts"), "minutes"),
    FigureWords("paid_minutes", _l("Cost: paid hours"), "minutes"),
    FigureWords("money", _l("Cost in money, by the ward's rates"), "money"),
    FigureWords("wishes", _l("Wishes"), "number", ""),
    FigureWords("wishes_met", _l("Wishes met"), "number", "higher"),
    FigureWords("weekends_spread", _l("Weekends: between most and fewest"), "number"),
    FigureWords("nights_spread", _l("Nights: between most and fewest"), "number"),
)
"""The figures that scenarios are compared by, in their order."""


def fault_text(fault: Fault) -> str:
    """Return what a fault of a change says: the value and what was expected."""
    expected = str(EXPECTED[fault.expected](fault.data))
    if fault.expected in (Expected.GIVEN, Expected.ONE_GIVEN) or not fault.value:
        return _("expected %(expected)s", expected=expected)
    return _("%(value)s, expected %(expected)s", value=fault.value, expected=expected)
