"""How a period's roster becomes the one in force: states, the steps between them, notice, and the seal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class State(StrEnum):
    """Where a period stands."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    DECIDED = "decided"
    PUBLISHED = "published"


class Step(StrEnum):
    """What takes a period from one state to another."""

    CONSULT = "consult"
    WITHDRAW = "withdraw"
    DECIDE = "decide"
    REOPEN = "reopen"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a step may be taken, and where it leads."""

    sources: frozenset[State]
    target: State


WAYS: Mapping[Step, Way] = MappingProxyType(
    {
        Step.CONSULT: Way(frozenset({State.DRAFT}), State.CONSULTATION),
        Step.WITHDRAW: Way(frozenset({State.CONSULTATION}), State.DRAFT),
        Step.DECIDE: Way(frozenset({State.CONSULTATION}), State.DECIDED),
        Step.REOPEN: Way(frozenset({State.DECIDED, State.PUBLISHED}), State.CONSULTATION),
        # Publishing again freezes what was changed since, under the next number.
        Step.PUBLISH: Way(frozenset({State.DECIDED, State.PUBLISHED}), State.PUBLISHED),
    }
)


def may_follow(step: Step, state: State) -> bool:
    """Tell whether the step may be taken from the state."""
    return state in WAYS[step].sources


@dataclass(frozen=True, slots=True, order=True)
class FrozenShift:
    """A shift as it was published; the person by the key, which stays when the person becomes anonymous."""

    employee_id: UUID
    on: date
    unit: str
    shift: str
    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    paid_minutes: int
    on_call_minutes: int = 0
    standby_minutes: int = 0

    @property
    def duty(self) -> tuple[int, ...]:
        """The minutes of on-call duty and of standby; nothing for a shift that has neither."""
        minutes = self.on_call_minutes, self.standby_minutes
        return minutes if any(minutes) else ()

    @property
    def turns(self) -> tuple[datetime, datetime]:
        """When ordinary work ends, and when on-call duty after it ends; standby may follow."""
        standby = self.ends_at - timedelta(minutes=self.standby_minutes)
        return standby - timedelta(minutes=self.on_call_minutes), standby

    @property
    def label(self) -> tuple[str, str]:
        """The shift's unit and code: what a reader sees change."""
        return self.unit, self.shift


def seal(period_id: UUID, number: int, shifts: Iterable[FrozenShift]) -> str:
    """Return the SHA-256 of a publication's content, in a form that no order or time zone can change."""
    content = [
        str(period_id),
        number,
        [
            [
                str(shift.employee_id),
                shift.on.isoformat(),
                shift.unit,
                shift.shift,
                shift.starts_at.astimezone(UTC).isoformat(timespec="seconds"),
                shift.ends_at.astimezone(UTC).isoformat(timespec="seconds"),
                shift.break_minutes,
                shift.paid_minutes,
                *shift.duty,
            ]
            for shift in sorted(shifts)
        ],
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


Cell = tuple[UUID, date]


def changed_cells(before: Iterable[FrozenShift], after: Iterable[FrozenShift]) -> list[Cell]:
    """Return who has another shift on which date, or the same at other times, in the order of the dates."""
    old, new = ({(s.employee_id, s.on): s for s in side} for side in (before, after))
    return sorted(
        (cell for cell in old.keys() | new.keys() if old.get(cell) != new.get(cell)),
        key=lambda cell: (cell[1], cell[0]),
    )


def lead_days(today: date, first: date) -> int:
    """Return how many days before the first date that it concerns something is published."""
    return (first - today).days


def is_late(lead: int, notice: int) -> bool:
    """Tell whether people learn of it later than the notice asks for (ATL 12 §: two weeks)."""
    return lead < notice
