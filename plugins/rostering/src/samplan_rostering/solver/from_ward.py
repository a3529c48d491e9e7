"""Compile a ward into a problem: what its rules say, hard and soft."""

from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.problem import Problem
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.solver.ward_rules import compile_rules


def problem_from_ward(ward: WardData) -> Problem:
    """Return the problem of a valid ward, with employees and shifts in the ward's order."""
    return compile_rules(WardFacts(ward)).problem()
