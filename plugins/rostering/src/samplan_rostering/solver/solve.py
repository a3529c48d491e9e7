"""Solve a rostering problem: a first roster person by person, then improvement and proof side by side."""

import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from math import ceil
from typing import Protocol

from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.best import Best
from samplan_rostering.solver.bound import Bounder
from samplan_rostering.solver.dive import Companion, Diver, PartDiver
from samplan_rostering.solver.from_curtois import problem_from_curtois
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.improve import Improver
from samplan_rostering.solver.keeping import with_change_price
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.problem import Problem, Roster
from samplan_rostering.solver.prove import Prover
from samplan_rostering.solver.reasons import pair_reason, reason_for
from samplan_rostering.solver.rows import RowSearch
from samplan_rostering.solver.solution import (
    Progress,
    Reason,
    Snapshot,
    Solution,
    SolveOptions,
    Status,
    StopSolve,
)
from samplan_rostering.solver.start import Starter

POLL_SECONDS = 0.2
SWITCH_SECONDS = 0.0002
"""How long a thread that comes back from compiled code waits at most for another one's Python.

The usual 5 ms are about what compiled code takes here, and would make the search half as fast.
"""
MANY_CELLS = 10_000
"""Cells above which all workers generate rows together until the first dive is done."""
TOO_MANY_CELLS = 100_000
"""Cells above which rows are searched for in parts only, of some weeks each; the bound comes last."""
LARGEST_MODEL = 60_000
"""Cells above which the whole model is not built: it takes too much memory and proves nothing in time."""

FIRST_SECONDS = 200.0
"""Seconds that a first roster gets at least: there is nothing to improve without it, and where the searches
are not compiled yet, that alone may take longer than a short limit."""

PROOF_SHARE = 0.3
"""Share of the time left for the first parts, and then for the whole model."""
PARTS_SHARE = 0.8
"""Share of the time left for parts where there are too many cells, before the bound."""
NEARLY, LONG_PROOF_SHARE = 0.003, 0.6
"""With a gap below this the whole model gets a larger share, since then it often succeeds."""
FIRST_PARTS = 40
"""Parts tried before the whole model, whose proof gets easier the better the roster is."""
PARTS_A_UNIT = 40
"""So many of them for each unit of a worker's work, where that is limited."""


class _Task(Protocol):
    """Work in a thread of its own, which ends soon after it is interrupted."""

    def run(self) -> object: ...

    def interrupt(self) -> None: ...


def solve_ward(
    ward: WardData,
    options: SolveOptions,
    progress: Progress | None = None,
    start: Collection[Assignment] = (),
    change_price: int = 0,
) -> Solution:
    """Return the best roster found for a valid ward, or why there is none; `start` as in `solve`.

    With `change_price` each cell that is not as in the start costs so much more.
    """
    problem = problem_from_ward(ward)
    first = roster_of(problem, start) if start else None
    if first is not None and change_price:
        problem = with_change_price(problem, first, change_price)
    return solve(problem, options, progress, first)


def solve_curtois(
    instance: CurtoisInstance, options: SolveOptions, progress: Progress | None = None
) -> Solution:
    """Return the best roster found for a benchmark instance, by its own rules, or why there is none."""
    return solve(problem_from_curtois(instance), options, progress)


def solve(
    problem: Problem,
    options: SolveOptions,
    progress: Progress | None = None,
    start: Roster | None = None,
) -> Solution:
    """Return the best roster found within the options, or why there is none.

    `start` is a roster that keeps every hard rule, to be improved; without one, the first is searched for.
    """
    return _Search(problem, options, progress or (lambda _snapshot: None), start).run()


def roster_of(problem: Problem, assignments: Collection[Assignment]) -> Roster:
    """Return assignments as a roster; raises KeyError for one of an unknown employee or shift."""
    employees = {rules.id: index for index, rules in enumerate(problem.employees)}
    shifts = {code: index for index, code in enumerate(problem.shifts)}
    rows: list[list[int | None]] = [[None] * problem.days for _ in employees]
    for cell in assignments:
        rows[employees[cell.employee]][cell.day] = shifts[cell.shift]
    return tuple(tuple(row) for row in rows)


class _Search:
    """One solve: starts the tasks, tells progress, and obeys a wish to stop."""

    def __init__(
        self, problem: Problem, options: SolveOptions, progress: Progress, start: Roster | None
    ) -> None:
        self._problem, self._options, self._progress = problem, options, progress
        self._begin = time.monotonic()
        self._best = Best(problem)
        if start is not None:
            self._best.offer(start)
        self._rows = RowSearch(problem)
        self._stop = False

    def run(self) -> Solution:
        """Start, search, and say how it ended."""
        reasons = self._begin_with_rows() if self._best.objective is None else ()
        if reasons:
            return self._solution(Status.INFEASIBLE, reasons)
        if self._search():
            return self._solution(Status.INFEASIBLE)
        if self._best.proven:
            return self._solution(Status.OPTIMAL)
        return self._solution(Status.UNKNOWN if self._best.objective is None else Status.FEASIBLE)

    def _begin_with_rows(self) -> tuple[Reason, ...]:
        """Make a first roster, also beyond a short limit; return why there can be none."""
        left = self._first_seconds_left
        starter = Starter(self._problem, self._rows, self._options.seed, left)
        self._watch([starter], left)
        if starter.roster is not None:
            self._best.offer(starter.roster)
        alone = (reason_for(self._problem, employee) for employee in starter.impossible)
        return (*alone, *(pair_reason(self._problem, limit) for limit in starter.clashing))

    def _search(self) -> bool:
        """Improve with all workers, one of which tries a proof before; tell if the problem is infeasible."""
        options, best = self._options, self._best
        work = None if options.deterministic_seconds is None else options.deterministic_seconds / 2
        prover = Prover(best, options.seed, self._seconds_for_proof, work)
        together = options.workers > 1 and MANY_CELLS < self._problem.size <= TOO_MANY_CELLS
        with ThreadPoolExecutor(options.workers) as threads:
            bounder = Bounder(best, self._rows, self._seconds_left, threads if together else None)
            diver = Diver(best, self._rows, bounder, options.seed, self._seconds_left)
            first = _OneByOne(*self._first(bounder, diver, prover, work))
            others = [
                Companion(best, Improver(best, seed, work), diver, seed, waits=together)
                for seed in range(options.seed + 1, options.seed + options.workers)
            ]
            self._watch([first, *others])
        return prover.infeasible

    def _first(self, bounder: Bounder, diver: Diver, prover: Prover, work: float | None) -> Iterator[_Task]:
        """Yield what the first worker does: bound, dive, try parts, try the proof, go on with parts."""
        best, options, left = self._best, self._options, self._seconds_left
        if self._problem.size > TOO_MANY_CELLS:
            diver.skip()
            yield from (PartDiver(best, diver, lambda: left() * PARTS_SHARE), bounder)
        elif best.objective is not None:
            parts = FIRST_PARTS if work is None else min(FIRST_PARTS, ceil(work * PARTS_A_UNIT))
            yield from (bounder, diver, PartDiver(best, diver, lambda: left() * PROOF_SHARE, parts))
            yield bounder
        if self._problem.size <= LARGEST_MODEL:
            yield prover
        if best.objective is not None and (work is None or options.workers > 1):
            yield PartDiver(best, diver, lambda: left() if options.workers > 1 else left() / 2)
        if options.workers == 1:
            yield Improver(best, options.seed, work)

    def _watch(self, tasks: Sequence[_Task], left: Callable[[], float] | None = None) -> None:
        """Run tasks in threads until they end, time is up, the optimum is proven or a stop is wished.

        Progress is told from here, in the caller's thread. `left` gives seconds other than the limit's.
        """
        left = left or self._seconds_left
        failures: list[BaseException] = []
        threads = [threading.Thread(target=_run, args=(task, failures), daemon=True) for task in tasks]
        usual = sys.getswitchinterval()
        try:
            sys.setswitchinterval(SWITCH_SECONDS)
            for thread in threads:
                thread.start()
            while alive := [thread for thread in threads if thread.is_alive()]:
                alive[0].join(POLL_SECONDS)
                self._stop = self._stop or self._tell()
                if self._stop or failures or self._best.proven or left() <= 0:
                    _interrupt(tasks)
        except BaseException:
            _interrupt(tasks)
            for thread in threads:
                thread.join()
            raise
        finally:
            sys.setswitchinterval(usual)
        if failures:
            raise failures[0]

    def _tell(self) -> bool:
        """Tell progress; return whether to stop."""
        best = self._best
        with best.lock:
            snapshot = Snapshot(
                seconds=self._seconds(),
                objective=best.objective,
                bound=best.bound,
                assignments=None if best.objective is None else self._assignments(best.roster),
            )
        try:
            return bool(self._progress(snapshot))
        except StopSolve:
            return True

    def _seconds(self) -> float:
        return time.monotonic() - self._begin

    def _seconds_for_proof(self) -> float:
        return self._seconds_left() * (LONG_PROOF_SHARE if self._best.gap < NEARLY else PROOF_SHARE)

    def _seconds_left(self) -> float:
        return 0.0 if self._stop else self._options.seconds - self._seconds()

    def _first_seconds_left(self) -> float:
        return 0.0 if self._stop else max(self._options.seconds, FIRST_SECONDS) - self._seconds()

    def _assignments(self, roster: Roster) -> tuple[Assignment, ...]:
        return tuple(
            Assignment(rules.id, day, self._problem.shifts[shift])
            for rules, row in zip(self._problem.employees, roster, strict=True)
            for day, shift in enumerate(row)
            if shift is not None
        )

    def _solution(self, status: Status, reasons: tuple[Reason, ...] = ()) -> Solution:
        found = status in (Status.OPTIMAL, Status.FEASIBLE)
        return Solution(
            status=status,
            objective=self._best.objective if found else None,
            bound=self._best.bound,
            seconds=self._seconds(),
            seed=self._options.seed,
            versions={"ortools": version("ortools"), "samplan-rostering": version("samplan-rostering")},
            breakdown=breakdown(self._problem, self._best.roster) if found else {},
            assignments=self._assignments(self._best.roster) if found else (),
            reasons=reasons,
        )


class _OneByOne:
    """Tasks in one thread, one after the other."""

    def __init__(self, *tasks: _Task) -> None:
        self._tasks = tasks

    def run(self) -> None:
        """Run all; what one cannot do for numerical reasons is left to the next."""
        for task in self._tasks:
            with suppress(ArithmeticError):
                task.run()

    def interrupt(self) -> None:
        """End as soon as possible."""
        _interrupt(self._tasks)


def _run(task: _Task, failures: list[BaseException]) -> None:
    """Run a task in its thread; what it raises is raised again in the caller's thread."""
    try:
        with suppress(ArithmeticError):
            task.run()
    except BaseException as error:  # noqa: BLE001 - nothing may be lost with the thread
        failures.append(error)


def _interrupt(tasks: Sequence[_Task]) -> None:
    for task in tasks:
        task.interrupt()
