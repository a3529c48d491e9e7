"""Instances of the public shift-scheduling benchmark of Curtois and Qu (2014).

Such a file brings its own rules and nothing else applies. Days count from 0, day 0 is a
Monday, days outside the horizon are free; minimum runs are not asked for at the borders.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShiftDefinition:
    """A shift type: its length in minutes and the shifts that may not follow the day after."""

    id: str
    minutes: int
    not_followed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Limits of one employee over the horizon; a shift missing in `max_shifts` is unlimited."""

    id: str
    max_shifts: tuple[tuple[str, int], ...]
    max_minutes: int
    min_minutes: int
    max_consecutive: int
    min_consecutive: int
    min_days_off: int
    max_weekends: int


@dataclass(frozen=True, slots=True)
class ShiftRequest:
    """Cost `weight` when an asked shift is not given, or an unwanted one is."""

    employee: str
    day: int
    shift: str
    wanted: bool
    weight: int


@dataclass(frozen=True, slots=True)
class Cover:
    """People required; each one missing costs `under`, each one too many `over`."""

    day: int
    shift: str
    required: int
    under: int
    over: int


@dataclass(frozen=True, slots=True)
class CurtoisInstance:
    """One benchmark file; `days_off` holds (employee, day) that must be free."""

    days: int
    shifts: tuple[ShiftDefinition, ...]
    staff: tuple[StaffMember, ...]
    days_off: tuple[tuple[str, int], ...]
    requests: tuple[ShiftRequest, ...]
    cover: tuple[Cover, ...]
