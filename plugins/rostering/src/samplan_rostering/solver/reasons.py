"""Why somebody can have no row at all: the rules that clash, none of which can be left out."""

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.explain.clash import row_clash
from samplan_rostering.solver.problem import Problem
from samplan_rostering.solver.soft import PairLimit
from samplan_rostering.solver.solution import Reason

SECONDS = 20.0
HOURS = (Rule.HOURS_MIN, Rule.HOURS_MAX)


def pair_reason(problem: Problem, limit: PairLimit) -> Reason:
    """Return that somebody cannot keep a rule on two people beside the rules of each."""
    return Reason(problem.employees[limit.one].id, (limit.rule,))


def reason_for(problem: Problem, employee: int) -> Reason:
    """Return the rules of the smallest clash found, with figures of the hours where they are among them.

    `rules` is empty where it was not found out in time which of them clash.
    """
    found = row_clash(problem, employee, SECONDS)
    parts = () if found is None else found.parts
    told = {part.rule for part in parts}
    hours = next((part for rule in HOURS for part in parts if part.rule is rule), None)
    return Reason(
        employee=problem.employees[employee].id,
        rules=tuple(rule for rule in Rule if rule in told),
        minutes=None if hours is None else hours.measured,
        limit=None if hours is None else hours.limit,
    )
