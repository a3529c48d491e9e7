"""When an employee is away: whole dates, or the same part of each of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

DAY = 24 * 60


class AbsenceKind(StrEnum):
    """Kind of absence; the reason behind it is never stored."""

    VACATION = "vacation"
    SICK = "sick"
    PARENTAL = "parental"
    LEAVE = "leave"
    TRAINING = "training"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Absence:
    """Dates on which an employee may not work, inclusive; they lower the contract hours.

    With `start` and `end` it is that part of each date; an end at midnight is the end of the date.
    """

    employee: str
    first: date
    last: date
    kind: AbsenceKind
    start: time | None = None
    end: time | None = None

    @property
    def whole(self) -> bool:
        """Whether it takes the whole of each date."""
        return self.start is None

    @property
    def clock(self) -> tuple[int, int]:
        """From which minute of a date to which, by the clock."""
        return clock_span(self.start, self.end)

    @property
    def times_told(self) -> bool:
        """Whether it is for a part of a day whose times are known: see `discreet`."""
        return not self.whole and self.clock != (0, DAY)

    @property
    def discreet(self) -> "Absence":
        """It as colleagues may see it: without its kind and, for a part of a day, without its times."""
        times = None if self.whole else time()
        return replace(self, kind=AbsenceKind.OTHER, start=times, end=times)

    @property
    def sound(self) -> bool:
        """Whether start and end are both there, in order, or both missing."""
        begin, end = self.clock
        return (self.start is None) == (self.end is None) and begin < end


def clock_span(start: time | None, end: time | None) -> tuple[int, int]:
    """Return from which minute of a date to which somebody is away; without times the whole date."""
    begin = _minute(start) if start else 0
    return begin, (_minute(end) or DAY) if end is not None else DAY


def collide(one: Absence, other: Absence) -> bool:
    """Tell whether two absences of one person share some of a date."""
    return (
        one.first <= other.last
        and other.first <= one.last
        and one.clock[0] < other.clock[1]
        and other.clock[0] < one.clock[1]
    )


def covered_minutes(rows: Iterable[Absence]) -> int:
    """Return how much of a date some absences take together, by the clock."""
    covered, until = 0, 0
    for begin, end in sorted(row.clock for row in rows):
        covered += max(end - max(begin, until), 0)
        until = max(until, end)
    return covered


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
