"""Why a cost changed: worked by hand, and parts that always add up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from samplan_agency.domain.change import Cost, Split, split_change
from samplan_agency.domain.spreading import round_to_sum


def cost(profession: str, zone: int, hours: int, price: int) -> Cost:
    return Cost((profession, zone), 100 * hours * price, 100 * hours)


def told(split: Split) -> list[float]:
    """Return hours, mix, price and lump sums."""
    return [float(part) for part in (split.hours, *split.mix, split.price, split.lump_sums)]


def test_a_split_worked_by_hand() -> None:
    """Nurses at 600 and physicians at 1,200; then fewer nurses in a dearer zone, and physicians 10 dearer.

    Average before 900. 300 hours at 900 = 270,000: hours +90,000. By profession 100 × 600 + 200 × 1,200 =
    300,000: mix +30,000. No zone was known before within a profession but zone 1; the nurses' new zone 2 is
    priced as nurses were, so its dearer price of 50 an hour is price: 5,000 + 200 × 10 = 7,000.
    """
    before = [cost("nurse", 1, 100, 600), cost("physician", 1, 100, 1200)]
    after = [cost("nurse", 2, 100, 650), cost("physician", 1, 200, 1210)]

    split = split_change(before, after, 2)

    assert [float(split.before), float(split.after)] == [180_000, 307_000]
    assert told(split) == [90_000, 30_000, 0, 7_000, 0]


def test_the_mix_of_zones_is_told_within_professions() -> None:
    """50 + 50 hours at 600 and 700 become 20 + 80: 100 hours at 650 = 65,000 and at zones' prices 68,000."""
    before = [cost("nurse", 1, 50, 600), cost("nurse", 2, 50, 700)]
    after = [cost("nurse", 1, 20, 600), cost("nurse", 2, 80, 700)]
    split = split_change(before, after, 2)
    assert told(split) == [0, 0, 3_000, 0, 0]


def test_amounts_without_hours_stand_apart() -> None:
    travel = Cost(("nurse", 1), 75050, 0)
    split = split_change([cost("nurse", 1, 10, 600)], [cost("nurse", 1, 10, 600), travel], 2)
    assert told(split) == [0, 0, 0, 0, 750.5]


def test_what_was_not_there_before_is_more_hours() -> None:
    split = split_change([], [cost("nurse", 1, 10, 600)], 2)
    assert told(split) == [6_000, 0, 0, 0, 0]


money = st.integers(-10_000_000, 100_000_000)
hours = st.integers(0, 1_000_000)
costs = st.lists(
    st.builds(
        Cost, st.tuples(st.sampled_from("NLÖ"), st.sampled_from((1, 2, 3)), st.booleans()), money, hours
    )
)


@given(costs, costs)
def test_the_parts_sum_to_the_change(before: list[Cost], after: list[Cost]) -> None:
    split = split_change(before, after, 3)
    assert split.hours + sum(split.mix) + split.price + split.lump_sums == split.total
    assert split.total * 100 == sum(each.amount for each in after) - sum(each.amount for each in before)


def defined(before: list[Cost], after: list[Cost], dimensions: int) -> list[Fraction]:
    """Return hours, mixes, price and lump sums in öre, as they are defined: group by group."""
    work, lumps = ([one for one in after if one.hours > 0], [one for one in after if one.hours <= 0])

    def average(key: tuple[object, ...]) -> Fraction | None:
        """Return what an hour of all groups that begin so cost before; None where there was none."""
        there = [one for one in before if one.hours > 0 and one.key[: len(key)] == key]
        return Fraction(sum(o.amount for o in there), sum(o.hours for o in there)) if there else None

    def at_old_prices(depth: int) -> Fraction:
        prices = [
            next(price for d in range(depth, -1, -1) if (price := average(one.key[:d])) is not None)
            for one in work
        ]
        return sum((price * one.hours for price, one in zip(prices, work, strict=True)), Fraction(0))

    was = sum(one.amount for one in before if one.hours > 0)
    now = sum(one.amount for one in work)
    if average(()) is None:
        steps = [Fraction(now)] * (dimensions + 1)
    else:
        steps = [at_old_prices(depth) for depth in range(dimensions + 1)]
    mix = [later - earlier for earlier, later in pairwise(steps)]
    without = sum(one.amount for one in lumps) - sum(one.amount for one in before if one.hours <= 0)
    return [steps[0] - was, *mix, now - steps[-1], Fraction(without)]


@given(costs, costs)
def test_each_part_is_what_it_is_defined_to_be(before: list[Cost], after: list[Cost]) -> None:
    split = split_change(before, after, 3)
    parts = split.hours, *split.mix, split.price, split.lump_sums
    for part, wanted in zip(parts, defined(before, after, 3), strict=True):
        assert abs(Fraction(part) * 100 - wanted) <= 1


@given(costs)
def test_nothing_changed_is_nothing_in_every_part(same: list[Cost]) -> None:
    split = split_change(same, same, 3)
    assert {split.hours, *split.mix, split.price, split.lump_sums} == {Decimal(0)}


@given(st.lists(st.fractions(-1000, 1000), min_size=1))
def test_rounding_moves_no_part_by_an_ore(parts: list[Fraction]) -> None:
    total = Decimal(round(sum(parts) * 100)) / 100
    rounded = round_to_sum(parts, total)
    assert sum(rounded) == total
    assert all(
        abs(Fraction(one) - part) <= Fraction(1, 100) for one, part in zip(rounded, parts, strict=True)
    )
