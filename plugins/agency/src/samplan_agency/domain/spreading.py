"""Sharing an amount out so that the shares sum to it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

Key = TypeVar("Key")
_CENT = Decimal("0.01")


def cents(amount: Decimal | float) -> Decimal:
    """Return an amount with two decimals."""
    return Decimal(str(amount)).quantize(_CENT, ROUND_HALF_UP)


def spread(amount: Decimal, weights: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """Return the shares of an amount with two decimals by these weights; they sum to it exactly.

    Method of the largest remainder, in hundredths; who stands first comes first among equals. Weights of 0 or
    less get nothing. Raises ValueError where none is more.
    """
    whole = {key: int(weight * 10_000) for key, weight in weights.items()}
    whole = {key: weight for key, weight in whole.items() if weight > 0}
    total = sum(whole.values())
    if total == 0:
        raise ValueError("nothing to share out by")
    wanted, sign = abs(int(amount * 100)), 1 if amount >= 0 else -1
    shares = {key: wanted * weight // total for key, weight in whole.items()}
    remainders = sorted(whole, key=lambda key: -(wanted * whole[key] % total))
    for key in remainders[: wanted - sum(shares.values())]:
        shares[key] += 1
    return {key: sign * Decimal(share) / 100 for key, share in shares.items() if share}
