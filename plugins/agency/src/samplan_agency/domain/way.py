"""What a plan on the way to independence of hired staff is made of.

Three kinds of action: own positions instead of hired staff, hiring for weekends only, and an internal unit.
Months are their first date, money is SEK.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

DRAWS = 1000
"""How many times it is drawn when each position is filled."""


@dataclass(frozen=True, slots=True)
class Hired:
    """What hired staff of a profession works and costs in a usual month."""

    hours: float
    cost: float

    @property
    def per_hour(self) -> float:
        """What an hour costs; 0 where there is none."""
        return self.cost / self.hours if self.hours > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Start:
    """A usual month now: hired staff by profession, own staff's cost, hours of a full-time employee.

    `target` is the share in per cent that counts as independence.
    """

    hired: Mapping[str, Hired]
    own_cost: float
    hours_per_fte: float
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPositions:
    """Own positions of a profession that are advertised from `first` on.

    Recruiting takes `quickest` to `slowest` months, most often `usual` (triangular distribution). From then
    on a position is filled each month with the probability `filled`. `cost` is of one position a month, with
    employer's contributions; it begins when the position is filled. After `introduction` months with hired
    staff beside it, the position replaces the hours of `replaces` hired full-time equivalents.
    """

    category: str
    number: int
    first: date
    quickest: float
    usual: float
    slowest: float
    filled: float
    cost: float
    introduction: int
    replaces: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekendsOnly:
    """From `first` on hired staff of a profession works weekends only: the part `remains` of its hours."""

    category: str
    first: date
    remains: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalUnit:
    """From `first` on an internal unit of so many full-time equivalents at `cost` each a month.

    The part `used` of its hours replaces those of hired staff of the profession.
    """

    category: str
    first: date
    fte: float
    cost: float
    used: float


Action: TypeAlias = OwnPositions | WeekendsOnly | InternalUnit
