"""What the values of choices are called in the ward workbook, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from samplan.plugin_api import Choice, Label
from samplan_rostering.domain.ward import AbsenceKind, RosterType, ShiftKind, WishKind

_WEEKDAYS = (
    ("Måndag", "Monday"),
    ("Tisdag", "Tuesday"),
    ("Onsdag", "Wednesday"),
    ("Torsdag", "Thursday"),
    ("Fredag", "Friday"),
    ("Lördag", "Saturday"),
    ("Söndag", "Sunday"),
)
_SHIFT_KINDS = {
    ShiftKind.DAY: Label("Dag", "Day"),
    ShiftKind.EVENING: Label("Kväll", "Evening"),
    ShiftKind.NIGHT: Label("Natt", "Night"),
}
_ROSTER_TYPES = {
    RosterType.DAY: Label("Dag", "Days"),
    RosterType.DAY_WEEKEND: Label("Dag och helg", "Days and weekends"),
    RosterType.ROTATION_20: Label("Rotation med minst 20 % natt", "Rotation with at least 20 % nights"),
    RosterType.ROTATION_30: Label("Rotation med minst 30 % natt", "Rotation with at least 30 % nights"),
    RosterType.NIGHT: Label("Ständig natt", "Permanent nights"),
}
_ABSENCE_KINDS = {
    AbsenceKind.VACATION: Label("Semester", "Vacation"),
    AbsenceKind.SICK: Label("Sjukfrånvaro", "Sick leave"),
    AbsenceKind.PARENTAL: Label("Föräldraledighet", "Parental leave"),
    AbsenceKind.LEAVE: Label("Tjänstledighet", "Leave of absence"),
    AbsenceKind.TRAINING: Label("Utbildning", "Training"),
    AbsenceKind.OTHER: Label("Övrig frånvaro", "Other absence"),
}
_WISH_KINDS = {
    WishKind.WANT: Label("Vill arbeta", "Wants to work"),
    WishKind.AVOID: Label("Vill helst inte arbeta", "Would rather not work"),
    WishKind.OFF: Label("Vill vara ledig", "Wants time off"),
}
LIMIT_LABELS: Mapping[str, Label] = {
    "daily_rest_minutes": Label("Dygnsvila (minuter)", "Daily rest (minutes)"),
    "max_shift_minutes": Label("Längsta pass (minuter)", "Longest shift (minutes)"),
    "weekly_rest_minutes": Label("Veckovila (minuter)", "Weekly rest (minutes)"),
    "max_consecutive_days": Label("Arbetsdagar i följd, högst", "Working days in a row, at most"),
    "max_consecutive_nights": Label("Nätter i följd, högst", "Nights in a row, at most"),
    "hours_band_minutes": Label("Timmar mot avtal, band (minuter)", "Hours against contract, band (minutes)"),
    "hours_band_percent": Label("Timmar mot avtal, band (%)", "Hours against contract, band (%)"),
    "max_weekends_percent": Label("Arbetade helger, högst (%)", "Weekends worked, at most (%)"),
    "weight_under_minimum": Label("Vikt: under minst", "Weight: below minimum"),
    "weight_under_target": Label("Vikt: under mål", "Weight: below target"),
    "weight_over_maximum": Label("Vikt: över högst", "Weight: above maximum"),
    "weight_wish": Label("Vikt: önskemål", "Weight: wishes"),
    "weight_weekend_over": Label("Vikt: helg över gränsen", "Weight: weekend beyond the limit"),
    "weight_weekend_adjacent": Label("Vikt: helger i följd", "Weight: weekends in a row"),
    "weight_uneven_nights": Label("Vikt: ojämnt fördelade nätter", "Weight: unevenly shared nights"),
    "weight_uneven_weekends": Label("Vikt: ojämnt fördelade helger", "Weight: unevenly shared weekends"),
}


Name = TypeVar("Name", bound=str)


def _as_choices(names: Mapping[Name, Label]) -> tuple[Choice, ...]:
    return tuple(Choice(str(value), name) for value, name in names.items())


WEEKDAYS = tuple(
    Choice(str(number), Label(sv, en), synonyms=(sv[:3], en[:3])) for number, (sv, en) in enumerate(_WEEKDAYS)
)
SHIFT_KINDS = _as_choices(_SHIFT_KINDS)
ROSTER_TYPES = _as_choices(_ROSTER_TYPES)
ABSENCE_KINDS = _as_choices(_ABSENCE_KINDS)
WISH_KINDS = _as_choices(_WISH_KINDS)
RULES = _as_choices(LIMIT_LABELS)
