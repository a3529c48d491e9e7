"""The typed read interfaces that plugins offer one another: their values and protocols stand in the core."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Protocol, TypeAlias
from uuid import UUID

from samplan.modules.contributions import Period


@dataclass(frozen=True, slots=True)
class StaffingGap:
    """People missing on one shift of a unit, to be called off; instants are in UTC.

    `id` stays the same while the line is known, `state` is `agency` while it waits; without a skill anybody
    counts. `since` is when it was handed over, or last changed. `skill_name` is what the ward calls it.
    """

    id: UUID
    unit: str
    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    shift: str
    skill: str | None
    count: int
    state: str
    since: datetime
    skill_name: str = ""


class StaffingGaps(Protocol):
    """What rostering cannot staff by own people, for who calls off agency staff."""

    def open(self, period: Period, units: Collection[str] = ()) -> Sequence[StaffingGap]:
        """Return the lines handed over that begin in the period, of these units (none: of all)."""
        ...


@dataclass(frozen=True, slots=True)
class ConfirmedShift:
    """A shift that a supplier has confirmed for one of its people; instants are in UTC.

    `consultant` is the supplier's reference for the person, no name. `level` is the professional category
    of the agreement, `skill` what the shift asks for. `gap_id` is the line that it fills, where there is one.
    """

    id: UUID
    gap_id: UUID | None
    unit: str
    starts_at: datetime
    ends_at: datetime
    shift: str
    skill: str | None
    level: str
    supplier: str
    consultant: str


class ConfirmedShifts(Protocol):
    """Shifts confirmed by suppliers of hired staff, for who makes rosters."""

    def confirmed(self, period: Period, units: Collection[str] = ()) -> Sequence[ConfirmedShift]:
        """Return the shifts that begin in the period, of these units (none: of all)."""
        ...


@dataclass(frozen=True, slots=True)
class WorkedHiredShift:
    """What somebody hired has worked, as it turned out; the times are those where the work is done.

    `consultant` is the supplier's reference for the person, no name. `minutes` are the paid ones.
    """

    id: UUID
    unit: str
    supplier: str
    consultant: str
    on: date
    begins: time
    ends: time
    break_minutes: int
    minutes: int


class WorkedHiredShifts(Protocol):
    """Shifts that hired staff have worked, for who controls what is billed for them."""

    def worked(self, period: Period, units: Collection[str] = ()) -> Sequence[WorkedHiredShift]:
        """Return the shifts that begin in the period, of these units (none: of all)."""
        ...


@dataclass(frozen=True, slots=True)
class HiredHours:
    """Working hours of staff that is not the region's own, in one month (its first date) on one unit.

    `called_off` hours are of shifts handed over that nobody has been given yet, others stand in rosters.
    `profession` is as rostering names it, None where it cannot be told. `time_class` is what who asked calls
    their time of day.
    """

    month: date
    unit: str
    profession: str | None
    hours: Decimal
    called_off: bool
    time_class: str | None = None


HourClasses: TypeAlias = Callable[[datetime, datetime, int], Mapping[str, Decimal]]
"""Returns the hours of each time of day of a shift, by its begin and end on its own clock and its break."""


class RosteredHours(Protocol):
    """Hours that hired staff is rostered or called off for, for who expects what they will cost."""

    def hired(self, period: Period, classes: HourClasses | None = None) -> Sequence[HiredHours]:
        """Return the hours of shifts that begin in the period, in sums by month, unit and profession.

        With `classes` by time of day as well: paid hours are divided as it divides those of the shift.
        """
        ...
