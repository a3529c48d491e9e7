"""Whether a period can have a roster at all, as far as it can be told at once: without a search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.contradictions import Contradiction, contradictions
from samplan_rostering.solver.from_ward import problem_from_ward


@dataclass(frozen=True, slots=True)
class QuickCheck:
    """What contradicts itself: `impossible` leaves somebody no row, `unmet` leaves a need without people."""

    impossible: tuple[Contradiction, ...]
    unmet: tuple[Contradiction, ...]
    everybody: bool
    """Whether nobody can have a row: then it is the rules, and not a person's terms."""


@lru_cache(maxsize=64)
def quick_check(tenant_id: UUID, ward: WardData) -> QuickCheck:  # noqa: ARG001 - nothing is shared by tenants
    """Return what contradicts itself in a period's input; nothing for one that is not whole yet.

    It is remembered by the whole input, so that what has changed is checked again.
    """
    if validate(ward):
        return QuickCheck((), (), everybody=False)
    found = contradictions(problem_from_ward(ward))
    hard = tuple(each for each in found if each.hard)
    people = {each.employee for each in hard}
    everybody = bool(people) and people == {person.code for person in ward.employees if not person.hired}
    return QuickCheck(hard, tuple(each for each in found if not each.hard), everybody)
