"""The figures that everybody quotes of hired staff: share, change, full-time equivalents, above the target.

Definitions: SKR, Bemanningstrenden (cost of hired staff in relation to cost of own staff; independence is at
most 2 per cent); hours of a full-time equivalent: 165 a month, Region Jämtland Härjedalen (2023).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

Denominator: TypeAlias = Literal["own", "own_and_hired"]
HOURS_PER_FTE_MONTH = "hours_per_fte_month"
TARGET_SHARE = "target_share"
EMPLOYERS_CONTRIBUTIONS = "employers_contributions"
CONTROL_TOLERANCE = "control_tolerance"
"""SEK of an invoice line up to which a difference is none: what is rounded to whole kronor."""


def share(hired: Decimal, own: Decimal, denominator: Denominator = "own") -> Decimal | None:
    """Return hired staff's cost in per cent of own staff's, or of both; None where that is not positive."""
    whole = own if denominator == "own" else own + hired
    return 100 * hired / whole if whole > 0 else None


def target_share(target: Decimal, denominator: Denominator = "own") -> Decimal:
    """Return a target in per cent of own staff's cost as the share that `share` would then have."""
    return target if denominator == "own" else 100 * target / (100 + target)


def change(now: Decimal, before: Decimal) -> Decimal | None:
    """Return the change in per cent; None where nothing positive was there to change from."""
    return 100 * (now - before) / before if before > 0 else None


def full_time_equivalents(hours: Decimal, months: int, hours_per_month: Decimal) -> Decimal:
    """Return how many full-time employees work as many hours in as many months."""
    return hours / (hours_per_month * months)


def above_target(hired: Decimal, own: Decimal, target: Decimal) -> Decimal:
    """Return by how much hired staff costs more than `target` per cent of own staff; negative below."""
    return hired - own * target / 100
