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
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from samplan_agency.domain.spreading import round_to_sum

Key: TypeAlias = tuple[object, ...]
Worked: TypeAlias = Mapping[Key, tuple[int, int]]
"""Amount and hours of groups that were worked in."""
_FINE = 10**12


class Cost(NamedTuple):
    """Öre and hundredths of hours of one group of a period; `key` has a value for each dimension."""

    key: Key
    amount: int
    hours: int


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
    (old, old_lumps), (new, new_lumps) = (_by_level(costs, dimensions) for costs in (before, after))
    was, is_ = _amount(old), _amount(new)
    steps = [Fraction(_priced(old, new, depth), _FINE) for depth in range(dimensions + 1)]
    parts = [
        steps[0] - was,
        *(later - earlier for earlier, later in pairwise(steps)),
        is_ - steps[-1],
        Fraction(new_lumps - old_lumps),
    ]
    total = _sek(is_ + new_lumps - was - old_lumps)
    rounded = round_to_sum([part / 100 for part in parts], total)
    return Split(
        _sek(was + old_lumps),
        _sek(is_ + new_lumps),
        rounded[0],
        tuple(rounded[1:-2]),
        rounded[-2],
        rounded[-1],
    )


def _by_level(costs: Iterable[Cost], dimensions: int) -> tuple[list[Worked], int]:
    """Return the work by the first 0, 1, … of the dimensions, and what was paid without hours."""
    lumps = 0
    worked: dict[Key, tuple[int, int]] = {}
    for key, amount, hours in costs:
        if hours > 0:
            known = worked.get(key)
            worked[key] = (amount, hours) if known is None else (known[0] + amount, known[1] + hours)
        else:
            lumps += amount
    levels: list[Worked] = [worked]
    for _ in range(dimensions):
        levels.insert(0, _joined(levels[0]))
    return levels, lumps


def _joined(groups: Worked) -> Worked:
    """Return groups joined to those without the last dimension."""
    found: dict[Key, tuple[int, int]] = {}
    for key, (amount, hours) in groups.items():
        above = key[:-1]
        known = found.get(above)
        found[above] = (amount, hours) if known is None else (known[0] + amount, known[1] + hours)
    return found


def _amount(levels: Sequence[Worked]) -> int:
    return sum(amount for amount, _ in levels[0].values())


def _priced(old: Sequence[Worked], new: Sequence[Worked], depth: int) -> int:
    """Return what the new hours would have cost at the old averages, the closest down to a depth for each.

    In parts of öre, `_FINE` of them: parts of a split add up whatever is lost of the averages.
    """
    found = 0
    waiting: Mapping[Key, int] = {key: hours for key, (_, hours) in new[depth].items()}
    for level in range(depth, -1, -1):
        without: dict[Key, int] = defaultdict(int)
        for key, hours in waiting.items():
            known = old[level].get(key)
            if known is None:
                without[key[:-1]] += hours
            else:
                found += hours * known[0] * _FINE // known[1]
        waiting = without
    # What nothing of the kind was worked of before is all more hours, at today's price.
    return found if old[0] else _amount(new) * _FINE


def _sek(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)
