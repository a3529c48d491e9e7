"""Make rosters out of the fractional ones of the master: fix rows, price anew, fix the next.

After a dive for all employees, parts of the best roster are dived for again: some people's rows
are free while all others keep theirs. Where the fractional roster of a part is not better than the
best one, no roster of that part is, so such parts take little time.
"""

from collections import defaultdict
from collections.abc import Callable
from itertools import repeat
from random import Random
from threading import Event

from samplan_rostering.solver.best import Best
from samplan_rostering.solver.bound import Bounder
from samplan_rostering.solver.improve import Improver
from samplan_rostering.solver.master import Master
from samplan_rostering.solver.parts import PartResult
from samplan_rostering.solver.problem import Roster, Row
from samplan_rostering.solver.rows import RowSearch

SURE = 0.95
"""Rows with at least this share in the fractional roster are fixed at once."""
STEPS = 24
"""About how many times something is fixed; a large ward fixes several rows at a time."""
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
            self._dive(self._best.roster, self._bounder.master, self._employees)
        finally:
            self.done.set()

    def beside(self, seed: int) -> "Diver":
        """Return another one that knows the same rows, for another thread."""
        return Diver(self._best, self._search, self._bounder.beside(), seed, self.seconds)

    def run_part(self, people: int) -> bool:
        """Dive for some people's rows of the best roster; return whether nothing better is among them."""
        with self._best.lock:
            roster = self._best.roster
        for employee, row in enumerate(roster):
            self._bounder.know(employee, row)
        part = sorted(self._random.sample(self._employees, people))
        kept = {employee: row for employee, row in enumerate(roster) if employee not in part}
        master = self._bounder.part(kept)
        for employee in part:
            master.add(employee, roster[employee])
        return self._dive(roster, master, part)

    def _goes_on(self) -> bool:
        return not self._stopped and self.seconds() > 0

    def _dive(self, base: Roster, master: Master, people: list[int]) -> bool:
        """Dive for some people, the others' rows kept; return whether nothing better is there."""
        fixed: dict[int, Row] = {}
        pace = max(1, len(people) // STEPS)
        while self._goes_on():
            objective = self._converge(master, [e for e in people if e not in fixed])
            if self._best.objective is not None and objective > self._best.objective - 1 + TOLERANCE:
                return not fixed
            if len(fixed) == len(people):
                self._best.adopt(base, PartResult(fixed, optimal=False, infeasible=False, work=0.0))
                break
            fixed |= self._choose(master, fixed, pace)
            master.restrict(fixed)
        return False

    def _converge(self, master: Master, free: list[int]) -> float:
        """Solve the master, pricing the rows of those who are free; return its objective."""
        objective = master.solve()
        for _ in range(ROUNDS):
            if not self._goes_on() or not self._bounder.improve_rows(master, free):
                break
            objective = master.solve()
        return objective

    def _choose(self, master: Master, fixed: dict[int, Row], pace: int) -> dict[int, Row]:
        """Return the rows to fix next: all that are sure, and at least a few."""
        shares: dict[int, list[tuple[float, Row]]] = defaultdict(list)
        for employee, row, variable in master.variables:
            if employee not in fixed and self._search.keeps_limits(employee, row):
                shares[employee].append((variable.solution_value(), row))
        largest = {employee: max(rows, key=lambda item: item[0]) for employee, rows in shares.items()}
        order = sorted(largest, key=lambda employee: -largest[employee][0])
        sure = sum(largest[employee][0] >= SURE for employee in order)
        return {employee: largest[employee][1] for employee in order[: max(sure, pace)]}


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
