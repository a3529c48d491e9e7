"""Why a cost changed: split into hours, mix and price, in parts that add up exactly.

The mix is told apart one dimension after the other. The hours of the later period are priced at the earlier
period's average, first of all hours, then within each value of the first dimension, then within each pair of
the first two, and so on: each step's difference is what the mix of that dimension did. What remains is price.
This is the usual price-volume-mix analysis of management accounting, in nested form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

Key: TypeAlias = tuple[object, ...]
_ORE = Decimal("0.01")
_FINE = Decimal("1e-8")
_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Cost:
    """Amount and hours of one group of a period; `key` has a value for each dimension."""

    key: Key
    amount: Decimal
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Split:
    """The change from one period to another: `hours` + `mix` of each dimension + `price` + `lump_sums`.

    `lump_sums` is the change of amounts without hours, such as travel: they have no price of an hour. All in
    SEK to two decimals; the parts sum to `total` exactly.
    """

    before: Decimal
    after: Decimal
    hours: Decimal
    mix: tuple[Decimal, ...]
    price: Decimal
    lump_sums: Decimal

    @property
    def total(self) -> Decimal:
        """Return the change of the whole."""
        return self.after - self.before


def split_change(before: Iterable[Cost], after: Iterable[Cost], dimensions: int) -> Split:
    """Return why the cost changed; every key has `dimensions` values, in the order of the mix.

    A group that was not there before is priced as the group around it was.
    """
    old, new = list(before), list(after)
    worked_old, worked_new = _worked(old), _worked(new)
    prices = [_averages(worked_old, level) for level in range(dimensions + 1)]
    steps = [_priced(prices[: depth + 1], worked_new) for depth in range(dimensions + 1)]
    was, is_ = _amount(worked_old), _amount(worked_new)
    lumps = (_amount(new) - is_) - (_amount(old) - was)
    parts = [
        steps[0] - was,
        *(later - earlier for earlier, later in pairwise(steps)),
        is_ - steps[-1],
        lumps,
    ]
    rounded = round_to_sum(parts, Decimal(_exact(_amount(new))) - Decimal(_exact(_amount(old))))
    return Split(
        _exact(_amount(old)), _exact(_amount(new)), rounded[0], tuple(rounded[1:-2]), rounded[-2], rounded[-1]
    )


def round_to_sum(parts: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Return parts in whole öre that sum to `total`: the ones cut most get the öre that are left over."""
    cut = [_floor(part) for part in parts]
    left = int((total - sum(cut, Decimal(0))) / _ORE)
    by_loss = sorted(range(len(parts)), key=lambda place: Fraction(cut[place]) - parts[place])
    for place in by_loss[:left]:
        cut[place] += _ORE
    return cut


def _worked(costs: Iterable[Cost]) -> list[Cost]:
    return [cost for cost in costs if cost.hours > 0]


def _amount(costs: Iterable[Cost]) -> Fraction:
    return Fraction(sum((cost.amount for cost in costs), Decimal(0)))


def _priced(prices: Sequence[Mapping[Key, Decimal]], new: Sequence[Cost]) -> Fraction:
    """Return what the new hours would have cost at the old averages, the closest there are for each.

    To a millionth of an öre: parts add up whatever it is, and exact sums of thousands of fractions take long.
    """
    hours: dict[tuple[int, Key], Decimal] = defaultdict(Decimal)
    # What nothing of the kind was worked of before is all more hours, at today's price.
    unknown = Decimal(0)
    for cost in new:
        for level in range(len(prices) - 1, -1, -1):
            key = cost.key[:level]
            if key in prices[level]:
                hours[level, key] += cost.hours
                break
        else:
            unknown += cost.amount
    with localcontext(_EXACT):
        known = sum((worked * prices[level][key] for (level, key), worked in hours.items()), Decimal(0))
        return Fraction(known.quantize(_FINE) + unknown)


def _averages(old: Sequence[Cost], level: int) -> dict[Key, Decimal]:
    amounts: dict[Key, Decimal] = defaultdict(Decimal)
    hours: dict[Key, Decimal] = defaultdict(Decimal)
    for cost in old:
        key = cost.key[:level]
        amounts[key] += cost.amount
        hours[key] += cost.hours
    with localcontext(_EXACT):
        return {key: amounts[key] / hours[key] for key in amounts}


def _exact(amount: Fraction) -> Decimal:
    """Return an amount of whole öre."""
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(_ORE)


def _floor(part: Fraction) -> Decimal:
    ore = part * 100
    return (Decimal(ore.numerator // ore.denominator) * _ORE).quantize(_ORE, rounding=ROUND_FLOOR)
