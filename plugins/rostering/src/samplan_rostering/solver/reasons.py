"""Why somebody can have no row at all: the rules that clash, none of which can be left out."""

from collections.abc import Iterator
from dataclasses import replace

from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL, CpModel, CpSolver, LinearExpr

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.model import add_row
from samplan_rostering.solver.problem import EmployeeRules, Problem
from samplan_rostering.solver.solution import Reason

CHECK_SECONDS = 5.0


def reason_for(problem: Problem, employee: int) -> Reason:
    """Return the smallest clash that leaving rules out one by one finds (deletion filter).

    What can be shown to clash is kept; a rule whose removal is not decided in time stays in the set.
    """
    rules = problem.employees[employee]
    clashing: list[Rule] = []
    for rule, relaxed in _one_by_one(problem, rules):
        trial = relaxed(rules)
        if _status(problem, trial) == INFEASIBLE:
            rules = trial
        else:
            clashing.append(rule)
    measured, limit = _hours(problem, rules, clashing)
    return Reason(problem.employees[employee].id, tuple(clashing), measured, limit)


class _Without:
    """Leaves one rule out of an employee's rules."""

    def __init__(self, problem: Problem, rule: Rule) -> None:
        self._rule = rule
        self._most = sum(max(row, default=0) for row in problem.minutes)

    def __call__(self, rules: EmployeeRules) -> EmployeeRules:
        rule = self._rule
        named = {
            Rule.PIN: {"pinned": ()},
            Rule.HOURS_MIN: {"min_minutes": 0},
            Rule.HOURS_MAX: {"max_minutes": self._most},
            Rule.CONSECUTIVE_DAYS: {"max_run": len(rules.blocked_cells()) + 10_000, "run_before": 0},
            Rule.MIN_CONSECUTIVE: {"min_run": 1},
            Rule.MIN_DAYS_OFF: {"min_off": 1},
            Rule.MAX_WEEKENDS: {"max_weekends": None},
            Rule.MAX_SHIFTS: {"max_per_shift": ()},
        }
        plain = replace(rules, **named.get(rule, {}))  # type: ignore[arg-type] # fields of several types
        return replace(
            plain,
            blocked=tuple(item for item in plain.blocked if item.rule is not rule),
            forbidden=tuple(item for item in plain.forbidden if item.rule is not rule),
            rest_windows=tuple(item for item in plain.rest_windows if item.rule is not rule),
            run_limits=tuple(item for item in plain.run_limits if item.rule is not rule),
            window_limits=tuple(item for item in plain.window_limits if item.rule is not rule),
        )


def _one_by_one(problem: Problem, rules: EmployeeRules) -> Iterator[tuple[Rule, _Without]]:
    """Yield the rules that the employee has, those that say least to a reader first."""
    held = {Rule.CONSECUTIVE_DAYS}
    held |= {item.rule for item in rules.blocked} | {item.rule for item in rules.forbidden}
    held |= {item.rule for item in rules.rest_windows} | {item.rule for item in rules.run_limits}
    held |= {item.rule for item in rules.window_limits}
    fields = {
        Rule.PIN: rules.pinned,
        Rule.HOURS_MIN: rules.min_minutes > 0,
        Rule.HOURS_MAX: True,
        Rule.MIN_CONSECUTIVE: rules.min_run > 1,
        Rule.MIN_DAYS_OFF: rules.min_off > 1,
        Rule.MAX_WEEKENDS: rules.max_weekends is not None,
        Rule.MAX_SHIFTS: any(limit is not None for limit in rules.max_per_shift),
    }
    held |= {rule for rule, present in fields.items() if present}
    for rule in Rule:
        if rule in held:
            yield rule, _Without(problem, rule)


def _status(problem: Problem, rules: EmployeeRules) -> object:
    cp = CpModel()
    add_row(cp, problem, rules)
    return _solver().solve(cp)


def _hours(problem: Problem, rules: EmployeeRules, clashing: list[Rule]) -> tuple[int | None, int | None]:
    """Return the most (or least) minutes under the other rules of the clash, and what is asked."""
    if Rule.HOURS_MIN in clashing:
        free, limit, sign = _Without(problem, Rule.HOURS_MIN)(rules), rules.min_minutes, 1
    elif Rule.HOURS_MAX in clashing:
        free, limit, sign = _Without(problem, Rule.HOURS_MAX)(rules), rules.max_minutes, -1
    else:
        return None, None
    cp = CpModel()
    row = add_row(cp, problem, free)
    worked = LinearExpr.sum([problem.minutes[d][s] * var for (d, s), var in row.cells.items()])
    cp.maximize(sign * worked)
    solver = _solver()
    decided = solver.solve(cp) in (OPTIMAL, FEASIBLE)
    return (round(sign * solver.objective_value) if decided else None), limit


def _solver() -> CpSolver:
    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = CHECK_SECONDS
    return solver
