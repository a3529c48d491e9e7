"""Refuses rules of employees that name what does not exist."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from samplan_rostering.domain.validation import MOST_EMPLOYEES
from samplan_rostering.solver.soft import FREE, Cell

if TYPE_CHECKING:
    from samplan_rostering.solver.problem import EmployeeRules, Problem


def check_rules(problem: "Problem") -> None:
    """Raise ValueError that says whose rules are wrong, and how."""
    if len(problem.employees) > MOST_EMPLOYEES:
        raise ValueError(
            f"{len(problem.employees)} employees are too many to be rostered together, "
            f"at most {MOST_EMPLOYEES}: make a problem of each ward"
        )
    if len({rules.id for rules in problem.employees}) < len(problem.employees):
        raise ValueError("two employees have the same id")
    if len(set(problem.shifts)) < len(problem.shifts):
        raise ValueError("two shifts have the same code")
    days = [day for weekend in problem.weekends for day in weekend]
    if any(not 0 <= day < problem.days for day in days):
        raise ValueError("a weekend names a day that does not exist")
    checked: set[int] = set()  # thousands of combinations are often the same for many
    for rules in problem.employees:
        faults = _faults(problem, rules)
        if id(rules.forbidden) not in checked:
            faults = chain(faults, _combination_faults(problem, rules))
        checked.add(id(rules.forbidden))
        for message in faults:
            raise ValueError(f"employee {rules.id!r}: {message}")


def _faults(problem: "Problem", rules: "EmployeeRules") -> Iterator[str]:
    """Yield what is wrong with the rules of one employee."""
    shifts = range(len(problem.shifts))
    if any(day not in range(problem.days) or shift not in shifts for day, shift in _worked(rules)):
        yield "a rule names a day or shift that does not exist"
    if any(not w.options for w in rules.rest_windows):
        yield "a rule forbids everything"
    if any(shift not in shifts for limit in rules.run_limits for shift in limit.shifts):
        yield "a run names a shift that does not exist"
    counts = [rules.min_minutes, rules.max_minutes, rules.max_run, rules.run_before]
    counts += [value for limit in rules.run_limits for value in (limit.limit, limit.before)]
    counts += [limit for limit in (*rules.max_per_shift, rules.max_weekends) if limit is not None]
    if min(counts) < 0 or rules.min_run < 1 or rules.min_off < 1:
        yield "a limit is below what it can be"
    if len(rules.max_per_shift) not in {0, len(problem.shifts)}:
        yield "limits of shifts must be given for each shift or for none"


def _combination_faults(problem: "Problem", rules: "EmployeeRules") -> Iterator[str]:
    """Yield what is wrong with the combinations that are forbidden to an employee."""
    days, shifts = range(problem.days), {FREE, *range(len(problem.shifts))}
    if any(day not in days or shift not in shifts for item in rules.forbidden for day, shift in item.cells):
        yield "a forbidden combination names a day or shift that does not exist"
    if any(len({day for day, _ in item.cells}) < len(item.cells) for item in rules.forbidden):
        yield "a forbidden combination names two cells of one day"
    if any(not item.cells for item in rules.forbidden):
        yield "a rule forbids everything"


def _worked(rules: "EmployeeRules") -> Iterable[Cell]:
    yield from rules.pinned
    for block in rules.blocked:
        yield from block.cells
    for window in rules.rest_windows:
        for option in window.options:
            for cells in option:
                yield from cells
