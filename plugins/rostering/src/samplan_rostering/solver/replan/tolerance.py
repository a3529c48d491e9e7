"""Rules that a published roster can go on from: what has been worked stays, whatever it breaks.

Days before the first that may change are kept as they are. Rules that only concern them are left out; those
that reach beyond hold for the days that follow. Sums over the period, such as hours, are never asked to be
better than the published roster has them, since nobody is given or loses shifts only to balance an absence.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.problem import (
    Blocked,
    Cell,
    EmployeeRules,
    Forbidden,
    Problem,
    RestWindow,
    Roster,
    Row,
    RunLimit,
)
from samplan_rostering.solver.soft import Meeting, WindowLimit


def tolerant(problem: Problem, roster: Roster, first: int) -> Problem:
    """Return the problem in which the days of a roster before `first` are kept and break nothing."""
    rules = tuple(
        _rules(problem, own, row, first) for own, row in zip(problem.employees, roster, strict=True)
    )
    return replace(
        problem,
        employees=rules,
        pair_limits=tuple(
            replace(limit, meetings=tuple(meeting for meeting in limit.meetings if _to_come(meeting, first)))
            for limit in problem.pair_limits
        ),
    )


def _to_come(meeting: Meeting, first: int) -> bool:
    return all(day >= first for day, _ in meeting.cells | meeting.others)


def _rules(problem: Problem, own: EmployeeRules, row: Row, first: int) -> EmployeeRules:
    past = {(day, shift) for day, shift in enumerate(row[:first]) if shift is not None}
    minutes = sum(problem.minutes[day][shift] for day, shift in enumerate(row) if shift is not None)
    weekends = sum(any(row[day] is not None for day in days) for days in problem.weekends)
    short = _has_short_runs(own, row, first)
    days_run = RunLimit(
        Rule.CONSECUTIVE_DAYS, frozenset(range(len(problem.shifts))), own.max_run, own.run_before
    )
    long_runs = [run for run in (days_run, *own.run_limits) if _longest(run, row[:first]) > run.limit]
    return replace(
        own,
        min_minutes=min(own.min_minutes, minutes),
        max_minutes=max(own.max_minutes, minutes),
        max_run=problem.days + own.run_before + 1 if days_run in long_runs else own.max_run,
        min_run=1 if short else own.min_run,
        min_off=1 if short else own.min_off,
        max_weekends=None if own.max_weekends is None else max(own.max_weekends, weekends),
        max_per_shift=tuple(
            None if limit is None else max(limit, row.count(shift))
            for shift, limit in enumerate(own.max_per_shift)
        ),
        pinned=(*sorted(past), *(cell for cell in own.pinned if cell[0] >= first)),
        blocked=(*_blocked(own, first), _kept(problem, row, first)),
        forbidden=tuple(item for item in own.forbidden if _still_asked(item, past, first)),
        rest_windows=tuple(window for window in own.rest_windows if not _lost(window, past)),
        run_limits=tuple(run for run in own.run_limits if run not in long_runs),
        window_limits=(
            *(_as_it_was(window, row) for window in own.window_limits),
            *(window for run in long_runs for window in _windows(problem, run, first)),
        ),
    )


def _blocked(own: EmployeeRules, first: int) -> Iterator[Blocked]:
    for block in own.blocked:
        cells = frozenset(cell for cell in block.cells if cell[0] >= first)
        if cells:
            yield Blocked(block.rule, cells)


def _kept(problem: Problem, row: Row, first: int) -> Blocked:
    """Close what was not worked on the days that are over."""
    cells = ((day, shift) for day in range(first) for shift in range(len(problem.shifts)))
    return Blocked(Rule.PIN, frozenset((day, shift) for day, shift in cells if row[day] != shift))


def _still_asked(item: Forbidden, past: set[Cell], first: int) -> bool:
    """Tell whether a combination is not decided yet: some of it is to come, the rest was worked."""
    before = {cell for cell in item.cells if cell[0] < first}
    return before <= past and len(before) < len(item.cells)


def _lost(window: RestWindow, past: set[Cell]) -> bool:
    """Tell whether what has been worked leaves no rest in a window."""
    return all(any(past.issuperset(cells) for cells in option) for option in window.options)


def _longest(run: RunLimit, row: Row) -> int:
    longest, length = 0, run.before
    for shift in row:
        length = length + 1 if shift in run.shifts else 0
        longest = max(longest, length)
    return longest


def _windows(problem: Problem, run: RunLimit, first: int) -> Iterator[WindowLimit]:
    """Yield a limit on runs as sums over the stretches of days that are not over."""
    amounts = tuple(int(shift in run.shifts) for shift in range(len(problem.shifts)))
    for begin in range(max(first - run.limit, -run.before), problem.days - run.limit):
        days = range(max(begin, 0), begin + run.limit + 1)
        high = run.limit - max(-begin, 0)
        yield WindowLimit(run.rule, days, (amounts,) * len(days), None, high)


def _as_it_was(window: WindowLimit, row: Row) -> WindowLimit:
    worked = ((row[day], amounts) for day, amounts in zip(window.days, window.amounts, strict=True))
    total = sum(amounts[shift] for shift, amounts in worked if shift is not None)
    return replace(
        window,
        low=None if window.low is None else min(window.low, total),
        high=None if window.high is None else max(window.high, total),
    )


def _has_short_runs(own: EmployeeRules, row: Row, first: int) -> bool:
    """Tell whether a run of work or of days off that is over, or that can only end, is too short."""
    works = [shift is not None for shift in row[:first]]
    begins = [day for day in range(1, first) if works[day] != works[day - 1]]
    for begin, end in pairwise(begins):
        if end - begin < (own.min_run if works[begin] else own.min_off):
            return True
    return False
