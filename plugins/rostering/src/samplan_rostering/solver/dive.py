"""Make rosters out of the fractional ones of the master: decide cells, price anew, decide the next.

After a dive for all employees, parts of the best roster are dived for again: some people's rows
are free while all others keep theirs. Where the fractional roster of a part is not better than the
best one, no roster of that part is, so such parts take little time.
"""

from collections.abc import Callable
from itertools import repeat
from random import Random
from threading import Event

from samplan_rostering.solver.best import Best
from samplan_rostering.solver.bound import Bounder
from samplan_rostering.solver.decide import Decisions
from samplan_rostering.solver.improve import Improver
from samplan_rostering.solver.master import Master
from samplan_rostering.solver.parts import PartResult
from samplan_rostering.solver.problem import Part, Roster
from samplan_rostering.solver.rows import RowSearch

ROUNDS = 4
"""How often the rows of the others are priced anew after each step."""
TOLERANCE = 1e-6
FEW = 6
"""People in the first part."""


class Diver:
    """Dives once for all, then for parts until it is told to end; another thread may interrupt it."""

    def __init__(
        self, best: Best, search: RowSearch, bounder: Bounder, seed: int, seconds: Callable[[], float]
    ) -> None:
        self._best, self._search, self._bounder, self.seconds = best, search, bounder, seconds
        self._random = Random(seed)  # noqa: S311 - a search, not a secret
        self._employees = list(best.problem.whole.employees)
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
            self.done.set()

    def beside(self, seed: int) -> "Diver":
        """Return another one that knows the same rows, for another thread."""
        return Diver(self._best, self._search, self._bounder.beside(), seed, self.seconds)

    def run_part(self, people: int) -> bool:
        """Dive for some people's rows of the best roster; return whether nothing better is among them."""
        chosen = self._random.sample(self._employees, people)
        return self._dive(Part(frozenset(chosen), range(self._best.problem.days)))

    def _goes_on(self) -> bool:
        return not self._stopped and self.seconds() > 0

    def _dive(self, part: Part) -> bool:
        """Dive for a part of the best roster; return whether nothing better is there."""
        best = self._best
        with best.lock:
            base = best.roster
        decisions = Decisions(best.problem, part, base)
        master = self._master(base, decisions)
        first = True
        while self._goes_on():
            objective = self._converge(master, decisions)
            if best.objective is not None and objective > best.objective - 1 + TOLERANCE:
                return first
            if not decisions.open:
                best.adopt(base, PartResult(decisions.rows(), optimal=False, infeasible=False, work=0.0))
                break
            decisions.decide(master.columns, self._search.keeps_limits)
            master.bar(decisions.allow)
            first = False
        return False

    def _master(self, base: Roster, decisions: Decisions) -> Master:
        for employee, row in enumerate(base):
            self._bounder.know(employee, row)
        kept = {employee: row for employee, row in enumerate(base) if employee not in decisions.closed}
        master = self._bounder.part(kept, decisions.closed)
        for employee in decisions.employees:
            master.add(employee, base[employee])
        return master

    def _converge(self, master: Master, decisions: Decisions) -> float:
        """Solve the master, pricing the rows of those of whom not all is decided; return its objective."""
        objective = master.solve()
        for _ in range(ROUNDS):
            if not self._goes_on() or not self._bounder.improve_rows(
                master, decisions.closed, decisions.open
            ):
                break
            objective = master.solve()
        return objective


class PartDiver:
    """Dives for parts, so many or until the end; another thread may interrupt it.

    Their size grows while nothing better is in them and shrinks when they cannot be decided.
    """

    def __init__(
        self, best: Best, diver: Diver, seconds: Callable[[], float], parts: int | None = None
    ) -> None:
        self._best, self._diver, self._seconds, self._parts = best, diver, seconds, parts
        self._everybody = len(best.problem.employees)
        self._people = min(FEW, self._everybody)
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
            self.dive_part()

    def dive_part(self) -> None:
        """Dive for one part, and adapt how many people the next has."""
        decided = self._diver.run_part(self._people)
        self._people = (
            min(self._people + 1 + self._people // 4, self._everybody)
            if decided
            else max(self._people - 1, 2)
        )


class Companion:
    """Improves parts by CP-SAT, from another thread's first dive on by turns with dives of its own."""

    def __init__(self, best: Best, improver: Improver, diver: Diver, seed: int) -> None:
        self._best, self._improver, self._first, self._seed = best, improver, diver, seed
        self._own: Diver | None = None

    def interrupt(self) -> None:
        """End as soon as possible."""
        self._improver.interrupt()
        if self._own is not None:
            self._own.interrupt()

    def run(self) -> None:
        """Improve until told to end."""
        while not self._first.done.is_set():
            if not self._improver.goes_on:
                return
            self._improver.improve_part()
        self._own = self._first.beside(self._seed)
        parts = PartDiver(self._best, self._own, self._own.seconds)
        while not self._best.proven and self._improver.goes_on:
            parts.dive_part()
            self._improver.improve_part()
