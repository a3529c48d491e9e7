"""How much an employee can work at most, and which rules hold it back: without a search."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.problem import Cell, EmployeeRules, Problem, RestOption

MANY_DAYS = 1_000  # more than any period has


def most_minutes(problem: Problem, rules: EmployeeRules) -> int | None:
    """Return the most minutes of a row by rest and days in a row; None without a row.

    Rests between neighbours count, and long ones. Other rules are left out, so that more may seem possible
    than is, and never less.
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
    most = max(states.values(), default=None)
    return most if most is None else min(most, _with_long_rests(problem, rules, closed))


def _with_long_rests(problem: Problem, rules: EmployeeRules, closed: frozenset[Cell]) -> int:
    """Return the most minutes when each window keeps one of its rests, and else every day is worked."""
    left, total = set(range(problem.days)), 0

    def most(days: set[int], option: RestOption) -> int:
        kept = closed.union(cells[0] for cells in option if len(cells) == 1)
        return sum(
            max(
                (minutes for shift, minutes in enumerate(problem.minutes[day]) if (day, shift) not in kept),
                default=0,
            )
            for day in days
        )

    for window in rules.rest_windows:
        days = left & {day for option in window.options for cells in option for day, _ in cells}
        total += max((most(days, option) for option in window.options), default=0)
        left -= days if window.options else set()
    return total + most(left, ())


def reachable(problem: Problem, rules: EmployeeRules) -> int:
    """Return which minutes some shifts on days of the period sum up to, as bits; 0 for none."""
    closed, pins, sums = rules.blocked_cells(), dict(rules.pinned), 1
    for day in range(problem.days):
        wanted = [pins[day]] if day in pins else range(len(problem.shifts))
        amounts = {problem.minutes[day][shift] for shift in wanted if (day, shift) not in closed}
        if day not in pins:
            amounts.add(0)
        longer = 0
        for amount in amounts:
            longer |= sums << amount
        sums = longer
    return sums


def without(rules: EmployeeRules) -> Iterator[tuple[Rule, EmployeeRules]]:
    """Yield an employee's rules without each of those that hold hours back."""
    for rule in sorted({block.rule for block in rules.blocked if block.cells}):
        yield rule, replace(rules, blocked=tuple(block for block in rules.blocked if block.rule != rule))
    for rule in sorted({item.rule for item in rules.forbidden if len(item.cells) == 2}):
        yield rule, replace(rules, forbidden=tuple(item for item in rules.forbidden if item.rule != rule))
    for rule in sorted({window.rule for window in rules.rest_windows}):
        kept = tuple(window for window in rules.rest_windows if window.rule != rule)
        yield rule, replace(rules, rest_windows=kept)
    runs = tuple(limit for limit in rules.run_limits if limit.rule != Rule.CONSECUTIVE_DAYS)
    longest = max(rules.max_run, MANY_DAYS)
    yield Rule.CONSECUTIVE_DAYS, replace(rules, max_run=longest, run_limits=runs)


def that_helps(measured: Mapping[Rule, int], asked: int, possible: int) -> tuple[Rule, ...]:
    """Return the rules without each of which what is asked is possible, or else more than now."""
    enough = tuple(rule for rule, value in measured.items() if value >= asked)
    return enough or tuple(rule for rule, value in measured.items() if value > possible)
