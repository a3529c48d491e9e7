"""Somebody hired from a supplier: known by a reference, not by name."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Hired:
    """What is known of somebody who is hired for a period: from whom, when, and for how much.

    The dates are inclusive, None is no end. `most_minutes` is the most that may be worked in the period.
    """

    supplier: str
    valid_from: date | None = None
    valid_to: date | None = None
    most_minutes: int | None = None

    def engaged_on(self, on: date) -> bool:
        """Tell whether the person may be given work on a date."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@dataclass(frozen=True, slots=True, order=True)
class WorkElsewhere:
    """A shift that somebody hired has in another ward: from when to when, and until when it is work.

    Instants in UTC; from `works_until` to `ends` there is standby.
    """

    employee: str
    begins: datetime
    works_until: datetime
    ends: datetime
