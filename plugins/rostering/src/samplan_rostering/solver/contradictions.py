"""What contradicts itself before any search: by name, so that it can be said at once.

Hard contradictions leave somebody no row; the others leave a need that nobody can fill.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.hindrances import most_minutes, reachable, that_helps, without
from samplan_rostering.solver.problem import CoverRow, EmployeeRules, Problem


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two demands that cannot both be met; `employee` is None where a need is meant.

    `asked` and `possible` are minutes for rules of time, else counts; `shift` is a code. `sums` says that
    hours lie between two sums of shifts: the most that is asked for, and the sum above. `because` names the
    rules that make it so: each of them alone, or else all that have a part in it.
    """

    hard: bool
    text: str
    employee: str | None = None
    day: int | None = None
    rule: Rule | None = None
    shift: str | None = None
    asked: int | None = None
    possible: int | None = None
    sums: tuple[int, int] | None = None
    because: tuple[Rule, ...] = ()

    def __str__(self) -> str:
        who = "" if self.employee is None else f"{self.employee}: "
        day = "" if self.day is None else f", day {self.day}"
        return f"{who}{self.text}{day}"


def contradictions(problem: Problem) -> list[Contradiction]:
    """Return all that can be told without a search, the hard ones first."""
    found = [
        _explained(problem, rules, each) if each.rule is Rule.HOURS_MIN and each.sums is None else each
        for rules in problem.employees
        for each in _of_rules(problem, rules)
    ]
    return [*found, *_of_needs(problem)]


def _explained(problem: Problem, rules: EmployeeRules, found: Contradiction) -> Contradiction:
    """Return that hours are too few with the rules that hold them back."""
    measured = {rule: most_minutes(problem, other) or 0 for rule, other in without(rules)}
    because = that_helps(measured, found.asked or 0, found.possible or 0)
    return replace(found, because=because)


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
    most = most_minutes(problem, rules)
    if most is None:
        yield Contradiction(True, "locked shifts and days in a row leave no row", rules.id, None, Rule.PIN)
    elif most < rules.min_minutes:
        text = f"at least {rules.min_minutes} minutes, at most {most} can be worked"
        yield _limit(text, rules, Rule.HOURS_MIN, rules.min_minutes, most)
    else:
        yield from _of_sums(rules, reachable(problem, rules))


def _of_sums(rules: EmployeeRules, sums: int) -> Iterator[Contradiction]:
    """Yield that the hours lie between two sums of shifts, or below the least of them."""
    low, high = max(rules.min_minutes, 0), min(rules.max_minutes, sums.bit_length())
    above = sums >> low
    if not sums or (above and (above & -above).bit_length() - 1 + low <= high):
        return
    more = (above & -above).bit_length() - 1 + low
    less = (sums & ((1 << low) - 1)).bit_length() - 1
    if less < 0:
        text = f"at most {rules.max_minutes} minutes, but at least {more} are locked"
        yield _limit(text, rules, Rule.HOURS_MAX, rules.max_minutes, more)
    else:
        text = f"{low} to {rules.max_minutes} minutes, but shifts sum up to {less} or {more}"
        told = _limit(text, rules, Rule.HOURS_MIN, low, less)
        yield replace(told, sums=(rules.max_minutes, more))


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
            measured = _able_without(problem, need)
            because = that_helps(measured, wanted, able)
            yield Contradiction(False, text, None, need.day, None, shift, wanted, able, because=because)


def _able_without(problem: Problem, need: CoverRow) -> dict[Rule, int]:
    """Return by rule how many could work a need if that rule did not keep them from it."""
    cell = need.day, need.shift
    kept_by = [
        {block.rule for block in problem.employees[employee].blocked if cell in block.cells}
        for employee in need.employees
    ]
    return {rule: sum(kept <= {rule} for kept in kept_by) for rule in sorted(set().union(*kept_by))}


def _least(need: CoverRow) -> int:
    """Return the level below which missing people cost most."""
    dearest = max((step.under for step in need.steps), default=0)
    return max((step.level for step in need.steps if step.under == dearest > 0), default=0)
