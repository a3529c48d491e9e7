"""Judge a roster of a problem straight from what each of its parts means, for problems read from a file."""

from collections.abc import Iterable, Iterator

from samplan_rostering.domain.evaluation import Evaluation, Gap, Violation
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.objective import breakdown, worked_weekends
from samplan_rostering.solver.pairs import broken_pairs
from samplan_rostering.solver.problem import Cell, EmployeeRules, Problem, Roster, Row
from samplan_rostering.solver.soft import FREE
from samplan_rostering.solver.soft_price import outside, window_sum


def evaluate_problem(problem: Problem, assignments: Iterable[Assignment]) -> Evaluation:
    """Judge a roster; assignments that name what does not exist are violations."""
    numbers = {rules.id: number for number, rules in enumerate(problem.employees)}
    shifts = {code: number for number, code in enumerate(problem.shifts)}
    rows: list[list[int | None]] = [[None] * problem.days for _ in problem.employees]
    violations: list[Violation] = []
    for cell in sorted(assignments):
        number, shift = numbers.get(cell.employee), shifts.get(cell.shift)
        if number is None or shift is None or not 0 <= cell.day < problem.days:
            violations.append(Violation(Rule.UNKNOWN, cell.employee, cell.day))
        elif rows[number][cell.day] is not None:
            violations.append(Violation(Rule.ONE_SHIFT, cell.employee, cell.day, 2, 1))
        else:
            rows[number][cell.day] = shift
    roster = tuple(tuple(row) for row in rows)
    for number, row in enumerate(roster):
        violations += broken_rules(problem, number, row)
    for limit, meeting in broken_pairs(problem, roster):
        day = min(day for day, _ in meeting.cells)
        violations.append(Violation(limit.rule, problem.employees[limit.one].id, day))
    return Evaluation(tuple(violations), tuple(_gaps(problem, roster)), breakdown(problem, roster))


def broken_rules(problem: Problem, number: int, row: Row) -> Iterator[Violation]:
    """Yield the hard rules of an employee that a row breaks."""
    own = problem.employees[number]
    cells = {(day, FREE if shift is None else shift) for day, shift in enumerate(row)}
    yield from (Violation(Rule.PIN, own.id, day) for day, shift in own.pinned if (day, shift) not in cells)
    for block in own.blocked:
        yield from (Violation(block.rule, own.id, day) for day, _ in sorted(block.cells & cells))
    for item in own.forbidden:
        if cells.issuperset(item.cells):
            yield Violation(item.rule, own.id, item.cells[-1][0])
    for window in own.rest_windows:
        if all(any(cells.issuperset(ends) for ends in option) for option in window.options):
            yield Violation(
                window.rule, own.id, min(c[0] for o in window.options for ends in o for c in ends)
            )
    for limit in own.window_limits:
        if outside(limit, row):
            total = window_sum(limit, row)
            bound = limit.high if limit.high is not None and total > limit.high else limit.low
            yield Violation(limit.rule, own.id, limit.days.start, total, bound)
    yield from _broken_totals(problem, number, row, cells)
    yield from _broken_runs(own, row)


def _broken_totals(problem: Problem, number: int, row: Row, cells: set[Cell]) -> Iterator[Violation]:
    own = problem.employees[number]
    minutes = sum(problem.minutes[day][shift] for day, shift in cells if shift != FREE)
    if minutes < own.min_minutes:
        yield Violation(Rule.HOURS_MIN, own.id, None, minutes, own.min_minutes)
    if minutes > own.max_minutes:
        yield Violation(Rule.HOURS_MAX, own.id, None, minutes, own.max_minutes)
    for shift, limit in enumerate(own.max_per_shift):
        if limit is not None and row.count(shift) > limit:
            yield Violation(Rule.MAX_SHIFTS, own.id, None, row.count(shift), limit)
    weekends = sum(index >= 0 for index in worked_weekends(problem, number, row))
    if own.max_weekends is not None and weekends > own.max_weekends:
        yield Violation(Rule.MAX_WEEKENDS, own.id, None, weekends, own.max_weekends)


def _broken_runs(own: EmployeeRules, row: Row) -> Iterator[Violation]:
    limits: list[tuple[Rule, frozenset[int] | None, int, int]] = []
    limits.append((Rule.CONSECUTIVE_DAYS, None, own.max_run, own.run_before))
    limits += [(limit.rule, limit.shifts, limit.limit, limit.before) for limit in own.run_limits]
    for rule, shifts, most, before in limits:
        run = before
        for day, shift in enumerate(row):
            worked = shift is not None and (shifts is None or shift in shifts)
            run = run + 1 if worked else 0
            if run == most + 1 or (worked and day == 0 and run > most):
                yield Violation(rule, own.id, day, run, most)
    yield from _short_runs(own, row)


def _short_runs(own: EmployeeRules, row: Row) -> Iterator[Violation]:
    """Yield runs of work or of days off that are too short; neither border asks for more."""
    runs: list[tuple[bool, int, int]] = []
    for day, shift in enumerate(row):
        worked = shift is not None
        if runs and runs[-1][0] is worked:
            runs[-1] = (worked, runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((worked, day, 1))
    for place, (worked, first, length) in enumerate(runs):
        last = place == len(runs) - 1
        border = last or (place == 0 and (worked or not own.run_before))
        if worked and length < own.min_run and not border:
            yield Violation(Rule.MIN_CONSECUTIVE, own.id, first, length, own.min_run)
        if not worked and length < own.min_off and not border:
            yield Violation(Rule.MIN_DAYS_OFF, own.id, first, length, own.min_off)


def _gaps(problem: Problem, roster: Roster) -> Iterator[Gap]:
    """Yield where people are missing below the level that costs most."""
    for need in problem.cover:
        dearest = max((step.under for step in need.steps), default=0)
        level = max((step.level for step in need.steps if step.under == dearest > 0), default=0)
        there = sum(roster[employee][need.day] == need.shift for employee in need.employees)
        if there < level:
            yield Gap(need.day, problem.shifts[need.shift], None, level - there)
