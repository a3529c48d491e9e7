"""An amount of a year over its months, in whole öre that sum to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from samplan_agency.domain.change import round_to_sum

Year: TypeAlias = tuple[Decimal, ...]
"""Twelve amounts, January to December."""

MONTHS = 12
NOTHING: Year = (Decimal(0),) * MONTHS


def spread(amount: Decimal, weights: Sequence[Decimal]) -> Year:
    """Return the amount by weights of January to December; evenly where they sum to nothing positive."""
    whole = sum(map(Fraction, weights), Fraction(0))
    shares = [Fraction(1)] * MONTHS if whole <= 0 else [Fraction(weight) for weight in weights]
    whole = sum(shares, Fraction(0))
    return tuple(round_to_sum([Fraction(amount) * share / whole for share in shares], amount))


def over_months(amount: Decimal, first: int, last: int) -> Year:
    """Return the amount evenly over months, 1 to 12, both of which belong to them."""
    return spread(amount, [Decimal(first <= month <= last) for month in range(1, MONTHS + 1)])


def added(one: Sequence[Decimal], other: Sequence[Decimal]) -> Year:
    """Return two years' amounts added month by month."""
    return tuple(here + there for here, there in zip(one, other, strict=True))
