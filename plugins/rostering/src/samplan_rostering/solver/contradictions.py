"""What contradicts itself before any search: by name, so that it can be said at once.

Hard contradictions leave somebody no row; the others leave a need that nobody can fill.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.problem import CoverRow, EmployeeRules, Problem


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two demands that cannot both be met; `employee` is None where a need is meant."""

    hard: bool
    text: str
    employee: str | None = None
    day: int | None = None
    rule: Rule | None = None

    def __str__(self) -> str:
        who = "" if self.employee is None else f"{self.employee}: "
        day = "" if self.day is None else f", day {self.day}"
        return f"{who}{self.text}{day}"


_Told = tuple[str, int | None, Rule | None]


def contradictions(problem: Problem) -> list[Contradiction]:
    """Return all that can be told without a search, the hard ones first."""
    found = [each for rules in problem.employees for each in _of_rules(problem, rules)]
    return [*found, *_of_needs(problem)]


def _of_rules(problem: Problem, rules: EmployeeRules) -> Iterator[Contradiction]:
    for text, day, rule in (*_of_limits(rules), *_of_hours(problem, rules), *_of_locked(problem, rules)):
        yield Contradiction(True, text, rules.id, day, rule)


def _of_limits(rules: EmployeeRules) -> Iterator[_Told]:
    """Yield limits that are above one another."""
    if rules.min_minutes > rules.max_minutes:
        text = f"at least {rules.min_minutes} minutes but at most {rules.max_minutes}"
        yield text, None, Rule.HOURS_MIN
    if rules.min_run > rules.max_run:
        yield f"at least {rules.min_run} days in a row but at most {rules.max_run}", None, None
    for window in rules.window_limits:
        most = sum(max(row, default=0) for row in window.amounts)
        if window.low is not None and window.low > most:
            yield f"the rule {window.rule} asks for {window.low}, there are {most}", None, window.rule


def _of_hours(problem: Problem, rules: EmployeeRules) -> Iterator[_Told]:
    """Yield hours that cannot be worked, however long the shifts that are left and however many the days."""
    closed = rules.blocked_cells()
    longest = sorted(
        (
            max((m for shift, m in enumerate(row) if (day, shift) not in closed), default=0)
            for day, row in enumerate(problem.minutes)
        ),
        reverse=True,
    )
    every = frozenset(range(len(problem.shifts)))
    limits = [limit.limit for limit in rules.run_limits if limit.shifts >= every]
    run = min([rules.max_run, *limits])
    most = sum(longest[: problem.days - problem.days // (run + 1)])
    if rules.min_minutes > most:
        yield f"at least {rules.min_minutes} minutes, at most {most} can be worked", None, Rule.HOURS_MIN


def _of_locked(problem: Problem, rules: EmployeeRules) -> Iterator[_Told]:
    """Yield locked cells that clash with one another or with a rule."""
    pins = Counter(day for day, _ in rules.pinned)
    for day in sorted(day for day, count in pins.items() if count > 1):
        yield "two shifts are locked", day, Rule.PIN
    for block in rules.blocked:
        for day, shift in sorted(block.cells.intersection(rules.pinned)):
            yield f"{problem.shifts[shift]} is locked, the rule {block.rule} excludes it", day, block.rule
    for item in rules.forbidden:
        if frozenset(rules.pinned).issuperset(item.cells):
            yield f"locked shifts break the rule {item.rule}", item.cells[-1][0], item.rule


def _of_needs(problem: Problem) -> Iterator[Contradiction]:
    closed = [rules.blocked_cells() for rules in problem.employees]
    for need in problem.cover:
        able = sum((need.day, need.shift) not in closed[employee] for employee in need.employees)
        wanted = _least(need)
        if wanted > able:
            shift = problem.shifts[need.shift]
            yield Contradiction(False, f"{wanted} are needed on {shift}, {able} can work it", None, need.day)


def _least(need: CoverRow) -> int:
    """Return the level below which missing people cost most."""
    dearest = max((step.under for step in need.steps), default=0)
    return max((step.level for step in need.steps if step.under == dearest > 0), default=0)
