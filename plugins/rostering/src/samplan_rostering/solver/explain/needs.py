"""Which requirement of a ward each need of its compiled problem is."""

from samplan_rostering.domain.ward import DatedRequirement, WardData, WeeklyRequirement
from samplan_rostering.solver.ward_facts import WardFacts


def needs_of(ward: WardData) -> list[tuple[int, WeeklyRequirement | DatedRequirement]]:
    """Return day and requirement by the number that it has in the problem's cover."""
    facts = WardFacts(ward)
    return [(day, row) for day in facts.days for row in facts.requirements[day]]
