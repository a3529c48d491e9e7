"""A swap of shifts between two people as changes of cells; nothing here judges it."""

from collections.abc import Mapping
from dataclasses import dataclass

from samplan_rostering.domain.explain.effect import CellChange


@dataclass(frozen=True, slots=True)
class SwapPlan:
    """The giver's shift of a day, and the taker's of a day that the giver works instead; None for none."""

    giver: str
    given_day: int
    taker: str
    taken_day: int | None


def swap_changes(rows: Mapping[tuple[str, int], str], plan: SwapPlan) -> tuple[CellChange, ...] | None:
    """Return the cells that a swap changes in a roster (shift by employee and day).

    None where it cannot be made: a shift is not there, who is to work one works another that day, or both
    work the same.
    """
    given = rows.get((plan.giver, plan.given_day), "")
    taken = "" if plan.taken_day is None else rows.get((plan.taker, plan.taken_day), "")
    if not given or plan.giver == plan.taker or (plan.taken_day is not None and not taken):
        return None
    after = {(plan.giver, plan.given_day): "", (plan.taker, plan.given_day): given}
    if plan.taken_day is not None:
        after |= {(plan.taker, plan.taken_day): "", (plan.giver, plan.taken_day): taken}
    if plan.taken_day == plan.given_day:
        if taken == given:
            return None
        after = {(plan.giver, plan.given_day): taken, (plan.taker, plan.given_day): given}
    elif any(shift and rows.get(cell) for cell, shift in after.items()):
        return None
    return tuple(
        CellChange(employee, day, rows.get((employee, day), ""), shift)
        for (employee, day), shift in sorted(after.items())
    )
