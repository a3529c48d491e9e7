"""Make rosters out of the fractional ones of the master: decide cells, price anew, decide the next.

After a dive for all employees, parts of the best roster are dived for again: some people's rows
are free while all others keep theirs. Where the fractional roster of a part is not better than the
best one, no roster of that part is, so such parts take little time.
"""

import time
from collections.abc import Callable
from itertools import count, repeat
from math import log
from random import Random
from threading import Event

from samplan_rostering.solver.best import Best
from samplan_rostering.solver.bound import Bounder
from samplan_rostering.solver.decide import SHARES, Decisions
from samplan_rostering.solver.improve import Improver
from samplan_rostering.solver.master import Master
from samplan_rostering.solver.neighbourhoods import Kind, Neighbourhoods
from samplan_rostering.solver.parts import PartResult
from samplan_rostering.solver.problem import Part, Roster
from samplan_rostering.solver.rows import RowSearch

FIRST_ROUNDS, ROUNDS = 8, 4
"""How often rows are priced anew before the first, and after each, step."""
ENOUGH = 2e-4
"""Share of the objective that new rows have to gain for more to be searched in the same step."""
MOST_TIME = 0.6
"""Share of the time left that a dive may take; it decides more at a time where that is short."""
FASTEST = 0.5
SURE_ONES = 3
"""How much sooner than by its share all is decided, for what is sure is decided too."""
TOLERANCE = 1e-6
FEW, SOME, WINDOW_DAYS = 6, 12, 10
"""People in the first parts of the whole period, and of so many days."""


class Diver:
    """Dives once for all, then for parts until it is told to end; another thread may interrupt it."""

    def __init__(
        self, best: Best, search: RowSearch, bounder: Bounder, seed: int, seconds: Callable[[], float]
    ) -> None:
        self._best, self._search, self._bounder, self.seconds = best, search, bounder, seconds
        self._random = Random(seed)  # noqa: S311 - a search, not a secret
        kinds = (Kind(FEW), Kind(FEW, related=True, costly=True), Kind(SOME, WINDOW_DAYS, True, True))
        self._neighbourhoods = Neighbourhoods(best.problem, self._random, kinds)
        self._stopped = False
        self.done = Event()

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._stopped = True
        self.done.set()

    def run(self) -> None:
        """Dive for all employees, once."""
        try:
            self._dive(self._best.problem.whole)
        finally:
            self._bounder.alone()
            self.done.set()

    def skip(self) -> None:
        """Leave out the dive for all."""
        self.done.set()

    def beside(self, seed: int) -> "Diver":
        """Return another one that knows the same rows, for another thread."""
        return Diver(self._best, self._search, self._bounder.beside(), seed, self.seconds)

    def run_part(self) -> None:
        """Dive for a part of the best roster."""
        with self._best.lock:
            roster, before = self._best.roster, self._best.objective or 0
        kind, part = self._neighbourhoods.choose(roster)
        begin = self._bounder.searches
        decided = self._dive(part)
        gain = before - (self._best.objective or 0)
        self._neighbourhoods.learn(kind, decided=decided, gain=gain, work=self._bounder.searches - begin)

    def _goes_on(self) -> bool:
        return not self._stopped and self.seconds() > 0

    def _dive(self, part: Part) -> bool:
        """Dive for a part of the best roster; return whether nothing better is there."""
        best = self._best
        with best.lock:
            base = best.roster
        decisions = Decisions(best.problem, part, base)
        share, begin, time_left = self._random.uniform(*SHARES), time.monotonic(), self.seconds()
        master = self._master(base, decisions)
        for step in count():
            objective = self._converge(master, decisions, ROUNDS if step else FIRST_ROUNDS)
            if not self._goes_on():
                break
            if best.objective is not None and objective > best.objective - 1 + TOLERANCE:
                return step == 0
            if not decisions.open:
                best.adopt(base, PartResult(decisions.rows(), optimal=False, infeasible=False, work=0.0))
                break
            taken = time.monotonic() - begin
            pace = _pace(decisions.days_open, taken / (step + 1), time_left * MOST_TIME - taken)
            decisions.decide(master.columns, self._search.keeps_limits, max(share, pace))
            master.bar(decisions.allow)
        return False

    def _master(self, base: Roster, decisions: Decisions) -> Master:
        for employee, row in enumerate(base):
            self._bounder.know(employee, row)
        kept = {employee: row for employee, row in enumerate(base) if employee not in decisions.closed}
        master = self._bounder.part(kept, decisions.closed)
        for employee in decisions.employees:
            master.add(employee, base[employee])
        return master

    def _converge(self, master: Master, decisions: Decisions, rounds: int) -> float:
        """Solve the master, pricing the rows of those of whom not all is decided; return its objective.

        After the first round only those are looked at who had new rows in the one before.
        """
        objective = master.solve()
        people = decisions.open
        for _ in range(rounds):
            people = self._bounder.improve_rows(master, decisions.closed, people) if self._goes_on() else []
            if not people:
                break
            before, objective = objective, master.solve()
            if before - objective < ENOUGH * abs(before):
                break
        return objective


def _pace(days_open: int, seconds_a_step: float, seconds_left: float) -> float:
    """Return the share of what is open to decide in a step so that the time suffices for all of it."""
    steps = seconds_left / seconds_a_step
    return min(log(days_open + 1) / (SURE_ONES * steps), FASTEST) if steps > 0 else FASTEST


class PartDiver:
    """Dives for parts, so many or until the end; another thread may interrupt it."""

    def __init__(
        self, best: Best, diver: Diver, seconds: Callable[[], float], parts: int | None = None
    ) -> None:
        self._best, self._diver, self._seconds, self._parts = best, diver, seconds, parts
        self._stopped = False

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._stopped = True
        self._diver.interrupt()

    def run(self) -> None:
        """Dive, part by part, for the seconds that are left as it begins."""
        until = self._diver.seconds() - self._seconds()
        for _ in repeat(None) if self._parts is None else range(self._parts):
            if self._stopped or self._best.proven or self._diver.seconds() <= until:
                break
            self._diver.run_part()


class Companion:
    """Improves parts by CP-SAT, from another thread's first dive on by turns with dives of its own.

    `waits` leaves the time before that to the other thread.
    """

    def __init__(self, best: Best, improver: Improver, diver: Diver, seed: int, *, waits: bool) -> None:
        self._best, self._improver, self._first, self._seed = best, improver, diver, seed
        self._waits = waits
        self._own: Diver | None = None

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._improver.interrupt()
        if self._own is not None:
            self._own.interrupt()

    def run(self) -> None:
        """Improve until told to end."""
        if self._waits:
            self._first.done.wait()
        while not self._first.done.is_set():
            if not self._improver.goes_on:
                return
            self._improver.improve_part()
        self._own = self._first.beside(self._seed)
        while not self._best.proven and self._improver.goes_on:
            self._own.run_part()
            self._improver.improve_part()
