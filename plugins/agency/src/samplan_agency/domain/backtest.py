"""What was accrued, held against what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """What a kept valuation said of its work months: what was booked then, and what was to come."""

    booked_to: date
    reported: Mapping[date, Decimal]
    reserve: Mapping[date, Decimal]
    p10: Decimal
    p90: Decimal

    @property
    def accrued(self) -> Decimal:
        """Return what was accrued in all."""
        return sum(self.reserve.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class BackTest:
    """A kept valuation and what is known now: booked since, and of the same work months still to come."""

    held: Held
    booked: Decimal
    to_come: Decimal

    @property
    def outcome(self) -> Decimal:
        """Return what became of what was accrued."""
        return self.booked + self.to_come

    @property
    def difference(self) -> Decimal:
        """Return by how much the outcome is more than what was accrued."""
        return self.outcome - self.held.accrued

    @property
    def within(self) -> bool:
        """Tell whether the outcome lies between P10 and P90."""
        return self.held.p10 <= self.outcome <= self.held.p90


def back_test(held: Held, reported: Mapping[date, Decimal], to_come: Mapping[date, Decimal]) -> BackTest:
    """Return a valuation held against what is booked by now and, by a newer valuation, still to come."""
    zero = Decimal(0)
    booked = sum((reported.get(month, zero) - then for month, then in held.reported.items()), zero)
    return BackTest(held, booked, sum((to_come.get(month, zero) for month in held.reported), zero))
