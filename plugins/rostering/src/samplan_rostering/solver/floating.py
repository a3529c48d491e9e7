"""Place the people of an internal unit where they save most, each row whole and within all hard rules.

Given the rosters of the wards, each place (ward, day, shift) is worth what one more person saves there. A
person's best row at these values is a path, found by the same search as in a ward; shifts at the same times
are one kind for it, of the value of the best place. People take turns until nobody gains; then a few at a
time are taken out and placed anew, in another order, as long as that pays (ruin and recreate).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from random import Random

import numpy as np

from samplan_rostering.domain.hospital import Hospital, Placement, internal_view, shift_codes
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.pairs import shut_cells
from samplan_rostering.solver.places import Place, Places, Reach
from samplan_rostering.solver.problem import Row
from samplan_rostering.solver.reasons import reason_for
from samplan_rostering.solver.row_graph import Floats
from samplan_rostering.solver.rows import RowSearch
from samplan_rostering.solver.solution import Reason

ROWS = 8
"""Rows looked at for one that keeps the limits which the search leaves aside."""
TOGETHER = 3
"""People placed anew at a time."""
FRUITLESS = 4
"""Tries for each person without gain after which the placing ends."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the internal unit's people work; `reasons` names those who can have no row at all."""

    placements: tuple[Placement, ...]
    reasons: tuple[Reason, ...] = ()


class Floating:
    """Places the internal unit's people, given rosters of the wards; deterministic while time suffices."""

    def __init__(self, hospital: Hospital, seed: int, seconds_left: Callable[[], float]) -> None:
        self._problem = replace(problem_from_ward(internal_view(hospital)), cover=())
        self._search = RowSearch(self._problem)
        self._seconds_left = seconds_left
        self._random = Random(seed)  # noqa: S311 - a search, not a secret
        self._people = list(range(len(self._problem.employees)))
        self._places = Places(hospital)
        self._reach: list[Reach] = self._places.reach()
        self._kinds = {code: number for number, code in enumerate(self._problem.shifts)}
        self._codes = shift_codes(hospital)
        self._nowhere: Row = (None,) * self._problem.days
        self._weekends = np.zeros(len(self._problem.weekends))
        self._rows: list[Row] = []
        self._where: list[dict[int, Place]] = []
        self._placed: set[int] = set()

    def place(self, rosters: Mapping[str, Sequence[Assignment]], start: Sequence[Placement] = ()) -> Placed:
        """Return placements that cost no more, with these rosters of the wards, than those at the start."""
        self._places.take(rosters)
        self._rows, self._placed = [self._nowhere for _ in self._people], set()
        self._where = [{} for _ in self._people]
        reasons = self._take(start) if start else self._begin()
        if not reasons:
            gained = True
            while gained:
                turns = [self._anew([person]) for person in self._people if self._seconds_left() > 0]
                gained = any(turns)
            self._place_anew()
        return Placed(self._placements(), reasons)

    def _begin(self) -> tuple[Reason, ...]:
        """Give each a first row, the one that saves most; return who can have none."""
        lacking = []
        followers = {limit.one for limit in self._problem.pair_limits if limit.together}
        for person in sorted(self._people, key=lambda person: (person in followers, person)):
            row = self._best_row(person)
            if row is None:
                lacking.append(self._reason(person))
            else:
                self._put(person, row)
        return tuple(lacking)

    def _reason(self, person: int) -> Reason:
        """Return why somebody can have no row: by the rules, or because too few places are within reach."""
        zero = np.zeros((self._problem.days, len(self._problem.shifts) + 1))
        if self._search.cheapest(person, zero, self._weekends)[0]:
            return Reason(self._problem.employees[person].id, (Rule.SKILL, Rule.HOURS_MIN))
        return reason_for(self._problem, person)

    def _take(self, start: Sequence[Placement]) -> tuple[Reason, ...]:
        numbers = {rules.id: person for person, rules in enumerate(self._problem.employees)}
        self._placed.update(self._people)
        for cell in start:
            person, kind = numbers[cell.employee], self._kinds[self._codes[cell.unit, cell.shift]]
            own = self._reach[person].get((cell.day, kind), ())
            place = next(place for place in own if (place.unit, place.shift) == (cell.unit, cell.shift))
            row = self._rows[person]
            self._rows[person] = (*row[: cell.day], kind, *row[cell.day + 1 :])
            self._where[person][cell.day] = place
            self._places.enter(place)
        return ()

    def _best_row(self, person: int) -> Row | None:
        found, _ = self._search.cheapest(person, self._costs(person), self._weekends, wanted=ROWS)
        return next((row for row in found if self._search.keeps_limits(person, row)), None)

    def _costs(self, person: int) -> Floats:
        """Return what each kind of shift costs on each day: less than nothing where it saves.

        What a rule on two people does not allow beside those who are placed costs infinitely.
        """
        cells = np.full((self._problem.days, len(self._problem.shifts) + 1), inf)
        cells[:, -1] = 0.0
        for (day, kind), places in self._reach[person].items():
            best = self._places.best(places)
            if best is not None:
                cells[day, kind] = -best[0]
        for request in self._problem.requests_of(person):
            for day, shift in request.cells:
                cells[day, shift] += -request.weight if request.wanted else request.weight
        placed = {other: self._rows[other] for other in self._placed}
        return cells + shut_cells(self._problem, person, placed)

    def _own(self) -> int:
        """Price what the internal unit's rows cost by themselves: wishes, weekends, evenness."""
        return sum(breakdown(self._problem, tuple(self._rows)).values())

    def _leave(self, person: int) -> int:
        """Take somebody out; return what that costs the wards."""
        lost = sum(self._places.leave(place) for place in self._where[person].values())
        self._rows[person], self._where[person] = self._nowhere, {}
        self._placed.discard(person)
        return lost

    def _put(self, person: int, row: Row) -> int:
        """Let somebody work a row, each shift at the best place; return what that saves the wards."""
        saved = 0
        self._placed.add(person)
        self._rows[person], self._where[person] = row, {}
        for day, kind in enumerate(row):
            best = None if kind is None else self._places.best(self._reach[person][day, kind])
            if best is not None:
                saved += self._places.enter(best[1])
                self._where[person][day] = best[1]
        return saved

    def _return(self, person: int, row: Row, where: dict[int, Place]) -> None:
        self._rows[person], self._where[person] = row, where
        self._placed.add(person)
        for place in where.values():
            self._places.enter(place)

    def _place_anew(self) -> None:
        """Take a few people out and place them anew in another order, as long as that pays."""
        fruitless, most = 0, FRUITLESS * len(self._people)
        while fruitless < most and len(self._people) > 1 and self._seconds_left() > 0:
            chosen = self._random.sample(self._people, min(TOGETHER, len(self._people)))
            fruitless = 0 if self._anew(chosen) else fruitless + 1

    def _anew(self, chosen: Sequence[int]) -> bool:
        """Place some people anew, one after the other; keep that unless it costs more; tell if it gains."""
        kept = {person: (self._rows[person], self._where[person]) for person in chosen}
        gain = self._own() - sum(self._leave(person) for person in chosen)
        rows: list[Row | None] = []
        for person in chosen:
            rows.append(self._best_row(person))
            gain += self._put(person, rows[-1] or self._nowhere)
        gain -= self._own()
        if None not in rows and gain >= 0:
            return gain > 0
        for person in chosen:
            self._leave(person)
        for person, (row, where) in kept.items():
            self._return(person, row, where)
        return False

    def _placements(self) -> tuple[Placement, ...]:
        return tuple(
            sorted(
                Placement(self._problem.employees[person].id, day, place.unit, place.shift)
                for person, where in enumerate(self._where)
                for day, place in where.items()
            )
        )
