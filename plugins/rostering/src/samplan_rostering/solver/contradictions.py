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
    """Two demands that cannot both be met; `employee` is None where a need is meant.

    `asked` and `possible` are minutes for rules of time, else counts; `shift` is a code.
    """

    hard: bool
    text: str
    employee: str | None = None
    day: int | None = None
    rule: Rule | None = None
    shift: str | None = None
    asked: int | None = None
    possible: int | None = None

    def __str__(self) -> str:
        who = "" if self.employee is None else f"{self.employee}: "
        day = "" if self.day is None else f", day {self.day}"
        return f"{who}{self.text}{day}"


def contradictions(problem: Problem) -> list[Contradiction]:
    """Return all that can be told without a search, the hard ones first."""
    found = [each for rules in problem.employees for each in _of_rules(problem, rules)]
    return [*found, *_of_needs(problem)]


def _of_rules(problem: Problem, rules: EmployeeRules) -> Iterator[Contradiction]:
    told = [*_of_limits(rules), *_of_locked(problem, rules)]
    yield from told or _of_rows(problem, rules)


def _of_limits(rules: EmployeeRules) -> Iterator[Contradiction]:
    """Yield limits that are above one another."""
    if rules.min_minutes > rules.max_minutes:
        text = f"at least {rules.min_minutes} minutes but at most {rules.max_minutes}"
        yield _limit(text, rules, Rule.HOURS_MIN, rules.min_minutes, rules.max_minutes)
    if rules.min_run > rules.max_run:
        text = f"at least {rules.min_run} days in a row but at most {rules.max_run}"
        yield _limit(text, rules, Rule.CONSECUTIVE_DAYS, rules.min_run, rules.max_run)
    for window in rules.window_limits:
        most = sum(max(row, default=0) for row in window.amounts)
        if window.low is not None and window.low > most:
            text = f"the rule {window.rule} asks for {window.low}, there are {most}"
            yield _limit(text, rules, window.rule, window.low, most)


def _of_locked(problem: Problem, rules: EmployeeRules) -> Iterator[Contradiction]:
    """Yield locked cells that clash with one another or with a rule."""
    pins = Counter(day for day, _ in rules.pinned)
    for day in sorted(day for day, count in pins.items() if count > 1):
        yield Contradiction(True, "two shifts are locked", rules.id, day, Rule.PIN)
    for block in rules.blocked:
        for day, shift in sorted(block.cells.intersection(rules.pinned)):
            code = problem.shifts[shift]
            text = f"{code} is locked, the rule {block.rule} excludes it"
            yield Contradiction(True, text, rules.id, day, block.rule, code)
    for item in rules.forbidden:
        if frozenset(rules.pinned).issuperset(item.cells):
            day = item.cells[-1][0]
            yield Contradiction(True, f"locked shifts break the rule {item.rule}", rules.id, day, item.rule)


def _of_rows(problem: Problem, rules: EmployeeRules) -> Iterator[Contradiction]:
    """Yield that no row has enough hours, or that there is none, by rules of single days and neighbours."""
    most = _most_minutes(problem, rules)
    if most is None:
        yield Contradiction(True, "locked shifts and days in a row leave no row", rules.id, None, Rule.PIN)
    elif most < rules.min_minutes:
        text = f"at least {rules.min_minutes} minutes, at most {most} can be worked"
        yield _limit(text, rules, Rule.HOURS_MIN, rules.min_minutes, most)


def _most_minutes(problem: Problem, rules: EmployeeRules) -> int | None:
    """Return the most minutes of a row by days in a row and rest between neighbours; None without a row.

    Other rules are left out, so that more may seem possible than is, and never less.
    """
    closed, pins = rules.blocked_cells(), dict(rules.pinned)
    apart = {item.cells for item in rules.forbidden if len(item.cells) == 2}
    every = frozenset(range(len(problem.shifts)))
    runs = [limit for limit in rules.run_limits if limit.shifts >= every]
    longest = min([rules.max_run, *(limit.limit for limit in runs)])
    before = min([rules.run_before, *(limit.before for limit in runs)])
    states: dict[tuple[int | None, int], int] = {(None, before): 0}
    for day in range(problem.days):
        wanted = [pins[day]] if day in pins else range(len(problem.shifts))
        shifts = [shift for shift in wanted if (day, shift) not in closed]
        after: dict[tuple[int | None, int], int] = {}
        for (last, run), minutes in states.items():
            if day not in pins:
                after[None, 0] = max(after.get((None, 0), 0), minutes)
            for shift in shifts if run < longest else ():
                if last is None or ((day - 1, last), (day, shift)) not in apart:
                    state, total = (shift, run + 1), minutes + problem.minutes[day][shift]
                    after[state] = max(after.get(state, 0), total)
        states = after
    return max(states.values(), default=None)


def _limit(text: str, rules: EmployeeRules, rule: Rule | None, asked: int, possible: int) -> Contradiction:
    return Contradiction(True, text, rules.id, None, rule, None, asked, possible)


def _of_needs(problem: Problem) -> Iterator[Contradiction]:
    closed = [rules.blocked_cells() for rules in problem.employees]
    for need in problem.cover:
        able = sum((need.day, need.shift) not in closed[employee] for employee in need.employees)
        wanted = _least(need)
        if wanted > able:
            shift = problem.shifts[need.shift]
            text = f"{wanted} are needed on {shift}, {able} can work it"
            yield Contradiction(False, text, None, need.day, None, shift, wanted, able)


def _least(need: CoverRow) -> int:
    """Return the level below which missing people cost most."""
    dearest = max((step.under for step in need.steps), default=0)
    return max((step.level for step in need.steps if step.under == dearest > 0), default=0)
