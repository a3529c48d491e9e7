"""Amounts of a year by month."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from samplan_agency.domain.spreading import in_proportion

Year: TypeAlias = tuple[Decimal, ...]
"""Twelve amounts, January to December."""

MONTHS = 12
NOTHING: Year = (Decimal(0),) * MONTHS


def over_year(amount: Decimal, weights: Sequence[Decimal] = ()) -> Year:
    """Return the amount by weights of January to December; evenly where they sum to nothing positive."""
    return tuple(in_proportion(amount, weights or NOTHING))


def over_months(amount: Decimal, first: int, last: int) -> Year:
    """Return the amount evenly over months, 1 to 12, both of which belong to them."""
    return over_year(amount, [Decimal(first <= month <= last) for month in range(1, MONTHS + 1)])


def added(one: Sequence[Decimal], other: Sequence[Decimal]) -> Year:
    """Return two years' amounts added month by month."""
    return tuple(here + there for here, there in zip(one, other, strict=True))
