"""Amounts shared out in whole öre, so that the shares sum to them exactly: by the largest remainder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key")
_ORE = Decimal("0.01")
_FINE = 10_000


def cents(amount: Decimal | float) -> Decimal:
    """Return an amount with two decimals."""
    return Decimal(str(amount)).quantize(_ORE, ROUND_HALF_UP)


def round_to_sum(parts: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Return parts in whole öre that sum to `total`: the ones cut most get the öre that are left over."""
    ore = [part * 100 for part in parts]
    cut = [part.numerator // part.denominator for part in ore]
    by_loss = sorted(range(len(parts)), key=lambda place: cut[place] - ore[place])
    return _with_rest(cut, int(total * 100), by_loss)


def in_proportion(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Return shares of an amount by weights, which count to four decimals.

    Evenly where these sum to nothing positive. Who stands first comes first among equals.
    """
    fine = [int(weight * _FINE) for weight in weights]
    whole = sum(fine)
    if whole <= 0:
        fine, whole = [1] * len(weights), len(weights)
    wanted = int(amount * 100)
    shared = [divmod(wanted * weight, whole) for weight in fine]
    by_loss = sorted(range(len(shared)), key=lambda place: -shared[place][1])
    return _with_rest([share for share, _rest in shared], wanted, by_loss)


def spread(amount: Decimal, weights: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """Return the shares of an amount by these weights, as in `in_proportion`; those of nothing are left out.

    Weights of 0 or less get nothing. Raises ValueError where none is more.
    """
    positive = {key: weight for key, weight in weights.items() if weight * _FINE >= 1}
    if not positive:
        raise ValueError("nothing to share out by")
    shares = in_proportion(amount, list(positive.values()))
    return {key: share for key, share in zip(positive, shares, strict=True) if share}


def _with_rest(cut: list[int], wanted: int, by_loss: Sequence[int]) -> list[Decimal]:
    """Return öre as SEK, after the first by loss have got one more each of what is left over."""
    for place in by_loss[: wanted - sum(cut)]:
        cut[place] += 1
    return [Decimal(ore).scaleb(-2) for ore in cut]
