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
from samplan_rostering.solver.problem import Row
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
            self._dive({})
        finally:
            self.done.set()

    def beside(self, seed: int) -> "Diver":
        """Return another one that knows the same rows, for another thread."""
        search = RowSearch(self._best.problem)
        bounder = Bounder(self._best, search, self.seconds)
        for employee, row, _ in list(self._bounder.master.variables):
            bounder.add(employee, row)
        return Diver(self._best, search, bounder, seed, self.seconds)

    def run_part(self, people: int) -> bool:
        """Dive for some people's rows of the best roster; return whether nothing better is among them."""
        with self._best.lock:
            roster = self._best.roster
        self._bounder.trim()
        for employee, row in enumerate(roster):
            self._bounder.add(employee, row)
        part = set(self._random.sample(self._employees, people))
        return self._dive({e: row for e, row in enumerate(roster) if e not in part})

    def _goes_on(self) -> bool:
        return not self._stopped and self.seconds() > 0

    def _dive(self, kept: dict[int, Row]) -> bool:
        """Dive with some rows kept; return whether nothing better than the best roster is there."""
        fixed = dict(kept)
        master = self._bounder.master
        pace = max(1, (len(self._employees) - len(kept)) // STEPS)
        pruned = False
        master.restrict(fixed)
        while self._goes_on() and not pruned:
            objective = self._converge([e for e in self._employees if e not in fixed])
            pruned = self._best.objective is not None and objective > self._best.objective - 1 + TOLERANCE
            if pruned or len(fixed) == len(self._employees):
                break
            fixed |= self._choose(fixed, pace)
            master.restrict(fixed)
        if len(fixed) == len(self._employees) and not pruned:
            self._best.offer(tuple(fixed[employee] for employee in self._employees))
        master.restrict({})
        return pruned and len(fixed) == len(kept)

    def _converge(self, free: list[int]) -> float:
        """Solve the master, pricing the rows of those who are free; return its objective."""
        objective = self._bounder.master.solve()
        for _ in range(ROUNDS):
            if not self._goes_on() or not self._bounder.improve_rows(free):
                break
            objective = self._bounder.master.solve()
        return objective

    def _choose(self, fixed: dict[int, Row], pace: int) -> dict[int, Row]:
        """Return the rows to fix next: all that are sure, and at least a few."""
        shares: dict[int, list[tuple[float, Row]]] = defaultdict(list)
        for employee, row, variable in self._bounder.master.variables:
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
