"""What re-planning does with rosters as rows: compare them, lock them, and see where they were disturbed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from samplan_rostering.domain.evaluation import Gap
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.explain.needs import needs_of
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.problem import Problem, Roster
from samplan_rostering.solver.replan.tolerance import tolerant


def without_impossible(problem: Problem, roster: Roster, first: int) -> Roster:
    """Return a roster without what its people cannot work from `first` on, and with what is locked."""
    rows = []
    for rules, row in zip(problem.employees, roster, strict=True):
        closed, pinned = rules.blocked_cells(), dict(rules.pinned)
        rows.append(
            tuple(
                shift
                if day < first or (shift == pinned.get(day, shift) and (day, shift) not in closed)
                else pinned.get(day)
                for day, shift in enumerate(row)
            )
        )
    return tuple(rows)


def without_old_gaps(problem: Problem, ward: WardData, gaps: Iterable[Gap]) -> Problem:
    """Return a ward's problem in which nobody is missing where they were when the roster was published."""
    missing = {(gap.day, gap.shift, gap.skill): gap.missing for gap in gaps}
    cover = []
    for row, (day, need) in zip(problem.cover, needs_of(ward), strict=True):
        fewer = missing.get((day, need.shift, need.skill), 0)
        steps = (
            replace(step, level=max(step.level - fewer, 0)) if step.term is Term.UNDER_MINIMUM else step
            for step in row.steps
        )
        cover.append(replace(row, steps=tuple(steps)) if fewer else row)
    return replace(problem, cover=tuple(cover))


def with_row_locked(problem: Problem, employee: int, roster: Roster) -> Problem:
    """Return the hard rules with one row locked as it is."""
    whole = tolerant(problem, roster, problem.days).employees[employee]
    own = problem.employees[employee]
    locked = replace(own, pinned=whole.pinned, blocked=(*own.blocked, whole.blocked[-1]))
    rules = (*problem.employees[:employee], locked, *problem.employees[employee + 1 :])
    return replace(problem.without_costs, employees=rules)


def clusters(
    problem: Problem, cells: Iterable[tuple[int, int]]
) -> Iterator[tuple[list[int], frozenset[int]]]:
    """Yield days that are next to one another with who counts for what is missing there."""
    days: list[int] = []
    people: frozenset[int] = frozenset()
    for day, shift in cells:
        if days and day > days[-1] + 1:
            yield days, people
            days, people = [], frozenset()
        days.append(day)
        counted = (row.employees for row in problem.cover if (row.day, row.shift) == (day, shift))
        people = people.union(*counted)
    if days:
        yield days, people


def differences(problem: Problem, one: Roster, two: Roster) -> Iterator[CellChange]:
    """Yield the cells in which two rosters differ."""
    names = ("", *problem.shifts)
    for employee, rules in enumerate(problem.employees):
        for day, (old, new) in enumerate(zip(one[employee], two[employee], strict=True)):
            if old != new:
                before, after = (names[0 if shift is None else shift + 1] for shift in (old, new))
                yield CellChange(rules.id, day, before, after)


def assignments_of(problem: Problem, roster: Roster) -> tuple[Assignment, ...]:
    """Return the shifts of a roster."""
    return tuple(
        Assignment(rules.id, day, problem.shifts[shift])
        for rules, row in zip(problem.employees, roster, strict=True)
        for day, shift in enumerate(row)
        if shift is not None
    )


def total(problem: Problem, roster: Roster) -> int:
    """Return what a roster costs."""
    return sum(breakdown(problem, roster).values())
