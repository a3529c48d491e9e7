"""The typed read interfaces that plugins offer one another: their values and protocols stand in the core."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from samplan.modules.contributions import Period


@dataclass(frozen=True, slots=True)
class StaffingGap:
    """People missing on one shift of a unit, to be called off; instants are in UTC.

    `id` stays the same while the line is known, `state` is `agency` while it waits; without a skill anybody
    counts.
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


class StaffingGaps(Protocol):
    """What rostering cannot staff by own people, for who calls off agency staff."""

    def open(self, period: Period, units: Collection[str] = ()) -> Sequence[StaffingGap]:
        """Return the lines handed over that begin in the period, of these units (none: of all)."""
        ...
