"""Rostered hours against the contract's; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.ward_facts import WardFacts


@dataclass(frozen=True, slots=True)
class Hours:
    """Working minutes in the period: rostered, and what the contract asks for."""

    rostered: int
    contract: int

    @property
    def deviation(self) -> int:
        """Minutes above the contract; negative below."""
        return self.rostered - self.contract


def hours_by_employee(
    ward: WardData, assignments: Iterable[Assignment], facts: WardFacts | None = None
) -> Mapping[str, Hours]:
    """Return each employee's hours in the period; `facts` are the ward's, where the caller has them."""
    facts = facts or WardFacts(ward)
    rostered: Counter[str] = Counter()
    for cell in assignments:
        if cell.shift in facts.shifts:
            rostered[cell.employee] += facts.clock.paid_minutes(cell.day, facts.shifts[cell.shift])
    return {code: Hours(rostered[code], target) for code, target in facts.targets.items()}
