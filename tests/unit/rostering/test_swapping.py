"""A swap as changes of cells: every shift is worked as before, by just the other of the two."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.swapping import SwapPlan, swap_changes

PEOPLE, DAYS = ("A", "B", "C"), range(4)
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(DAYS)), st.sampled_from(["D", "N"]), max_size=12
)
PLANS = st.builds(
    SwapPlan,
    giver=st.sampled_from(PEOPLE),
    given_day=st.sampled_from(DAYS),
    taker=st.sampled_from(PEOPLE),
    taken_day=st.one_of(st.none(), st.sampled_from(DAYS)),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, PLANS)
def test_a_swap_moves_just_its_shifts(rows: dict[tuple[str, int], str], plan: SwapPlan) -> None:
    changes = swap_changes(rows, plan)
    if changes is None:
        return
    after = dict(rows)
    for change in changes:
        assert rows.get((change.employee, change.day), "") == change.before
        assert change.employee in {plan.giver, plan.taker}
        after[change.employee, change.day] = change.after
    worked = {cell: shift for cell, shift in after.items() if shift}

    def by_day(cells: dict[tuple[str, int], str]) -> Counter[tuple[int, str]]:
        return Counter((day, shift) for (_who, day), shift in cells.items())

    assert by_day(worked) == by_day(rows), "every shift is worked as before"
    assert worked[plan.taker, plan.given_day] == rows[plan.giver, plan.given_day]


def test_what_cannot_be_swapped_is_told_by_none() -> None:
    rows = {("A", 0): "D", ("B", 0): "N", ("B", 1): "D"}
    assert swap_changes(rows, SwapPlan("A", 1, "B", None)) is None, "no shift to give"
    assert swap_changes(rows, SwapPlan("A", 0, "B", None)) is None, "B works that day"
    assert swap_changes(rows, SwapPlan("A", 0, "B", 2)) is None, "nothing to take"
    assert swap_changes(rows, SwapPlan("A", 0, "A", None)) is None, "oneself"
    alike = rows | {("B", 0): "D"}
    assert swap_changes(alike, SwapPlan("A", 0, "B", 0)) is None, "the same shift"
    same = swap_changes(rows, SwapPlan("A", 0, "B", 0))
    assert same is not None
    assert [(change.employee, change.after) for change in same] == [("A", "N"), ("B", "D")]
