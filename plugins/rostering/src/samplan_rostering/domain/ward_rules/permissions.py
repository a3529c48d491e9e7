"""What a registered permission lets be shorter or longer than the agreement's main rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Permission:
    """Minutes that hold for everybody, or for one employee, from one date to another, inclusive."""

    minutes: int
    employee: str | None
    valid_from: date
    valid_to: date

    def covers(self, employee: str, on: date) -> bool:
        """Tell whether the permission is for somebody on a date."""
        return self.employee in {None, employee} and self.valid_from <= on <= self.valid_to


@dataclass(frozen=True, slots=True)
class Permissions:
    """Permissions for daily rest below the main rule, and for shifts above it."""

    short_rests: tuple[Permission, ...] = ()
    long_shifts: tuple[Permission, ...] = ()

    def least_rest(self, employee: str, on: date, usual: int) -> int:
        """Return the shortest daily rest on a date, in minutes."""
        return min([usual, *_minutes(self.short_rests, employee, on)]) if self.short_rests else usual

    def longest_shift(self, employee: str, on: date, usual: int) -> int:
        """Return the longest shift that may begin on a date, in minutes."""
        return max([usual, *_minutes(self.long_shifts, employee, on)]) if self.long_shifts else usual


NO_PERMISSIONS = Permissions()


def _minutes(permissions: Iterable[Permission], employee: str, on: date) -> list[int]:
    return [permission.minutes for permission in permissions if permission.covers(employee, on)]
