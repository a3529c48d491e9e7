"""What is carried from a worked period into the next: shifts to look back on, and balances; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from samplan_rostering.domain.outcome import shares as beyond_share
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import ShiftType, WardData
from samplan_rostering.domain.ward_rules.fairness import (
    EvenHolidays,
    EvenNights,
    EvenShare,
    EvenWeekends,
    EvenWishes,
    shares,
)
from samplan_rostering.domain.ward_rules.profile import rule_set, usual_rule

SHARED: Mapping[str, type[EvenShare]] = {
    "nights": EvenNights,
    "weekends": EvenWeekends,
    "holidays": EvenHolidays,
    "wishes": EvenWishes,
}
"""The figures of a carried balance, each with the rule that makes it even."""


def carried_balances(ward: WardData, worked: Iterable[Assignment]) -> Mapping[str, Mapping[str, int]]:
    """Return what each one has beyond an even share after the period, by figure; with what it began with.

    Those share who share by the rules, by the hours of their contracts. Nobody else has a balance.
    """
    case = rule_set(ward).case(ward)
    for cell in worked:
        if cell.employee in case.by_code:
            case.by_code[cell.employee].row[cell.day] = cell.shift
    found: dict[str, dict[str, int]] = {}
    for figure, kind in SHARED.items():
        rule = usual_rule(kind, ward.rules)
        if not isinstance(rule, EvenShare):
            raise TypeError(kind)
        for group in shares(case):
            counts = {code: rule.counted(case, case.by_code[code]) for code, _hours in group}
            for code, beyond in beyond_share(counts, dict(group)).items():
                found.setdefault(code, {})[figure] = beyond
    return found


def lasting(shift: ShiftType) -> int:
    """Return until when a shift lasts, in minutes from the start of its date; on an ordinary date."""
    begins, ends = (at.hour * 60 + at.minute for at in (shift.start, shift.end))
    return ends if ends > begins else ends + 24 * 60


def shift_like(worked: ShiftType, shifts: Iterable[ShiftType]) -> ShiftType | None:
    """Return the ward's shift most like one of another ward, if it can be one that ends no earlier.

    So the rest after it is never taken to be longer than it is.
    """
    shifts = tuple(shifts)
    begins = worked.start.hour * 60 + worked.start.minute
    late = [shift for shift in shifts if lasting(shift) >= lasting(worked)]
    return nearest_shift(begins, lasting(worked) - begins, late or shifts)


def nearest_shift(start: int, length: int, shifts: Iterable[ShiftType]) -> ShiftType | None:
    """Return the shift type most like some work: by when it starts and how long it is, in minutes."""

    def distance(shift: ShiftType) -> tuple[int, str]:
        begins = shift.start.hour * 60 + shift.start.minute
        apart = abs(begins - start)
        long = (shift.end.hour * 60 + shift.end.minute - begins) % (24 * 60) or 24 * 60
        return min(apart, 24 * 60 - apart) + abs(long - length), shift.code

    return min(shifts, key=distance, default=None)
