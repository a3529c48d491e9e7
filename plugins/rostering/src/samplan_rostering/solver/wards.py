"""Roster several wards and their internal unit: together when small, else ward by ward, in rounds.

Each ward is solved alone, by whatever an executor lets work: this process, others, or workers of a queue.
Then the internal unit's people are placed where they save most, and the wards that got or lost somebody
improve their rosters around them; and so on. No round makes the whole dearer, and each of its parts can be
lost and done again. Rosters of a ward depend on its input, its guests, the seed and (with `work`) nothing
else, whoever makes them and in whatever order.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from samplan_rostering.domain.evaluate_hospital import HospitalEvaluation, evaluate_hospital
from samplan_rostering.domain.hospital import Guest, Hospital, Placement, guests_of, with_guests
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.floating import Floating
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.polish import polish
from samplan_rostering.solver.solution import (
    Progress,
    Reason,
    Snapshot,
    Solution,
    SolveOptions,
    Status,
)
from samplan_rostering.solver.solve import roster_of, solve, solve_ward
from samplan_rostering.solver.together import fits_together, problem_together, split

FIRST_SHARE = 0.6
"""Share of the time for the wards alone; the rest goes to the rounds with the internal unit."""
PLACING_SHARE = 0.1
"""Share of the time left that each placing of the internal unit may take."""
LEAST_SECONDS = 2.0
"""A ward gets at least so long, or no roster at all would come of it."""
LATER_WORK = 0.25
"""Work on a ward in a later round, as a share of the work in the first."""

FOUND = (Status.OPTIMAL, Status.FEASIBLE)


@dataclass(frozen=True, slots=True)
class HospitalOptions:
    """Limits of the whole: `workers` is how many wards are solved at the same time.

    With `work`, the solver's own measure of work on a ward in the first round, the result depends on the
    input and the seed alone, as long as `seconds` suffices.
    """

    seconds: float = 600.0
    workers: int = 2
    seed: int = 1
    rounds: int = 2
    work: float | None = None


@dataclass(frozen=True, slots=True)
class WardTask:
    """One ward to be solved (by its number): around guests, from a roster if there is one."""

    ward: int
    round: int
    options: SolveOptions
    guests: tuple[Guest, ...] = ()
    start: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class HospitalSnapshot:
    """How far the whole is: wards done in this round, and the sums over the rosters so far."""

    seconds: float
    round: int
    done: int
    wards: int
    objective: int | None
    uncovered: int | None


HospitalProgress = Callable[[HospitalSnapshot], bool | None]
"""Called as parts end, in the caller's thread; True stops, and keeps what there is."""


class Executor(Protocol):
    """Lets wards be solved."""

    def run(
        self, hospital: Hospital, tasks: Sequence[WardTask], done: Callable[[WardTask, Solution], bool]
    ) -> None:
        """Solve each task by `solve_task`, in any order; tell of each when it is done, and end on True."""
        ...


@dataclass(frozen=True, slots=True)
class HospitalSolution:
    """Rosters by unit code, where the internal unit's people work, and what the evaluator says of it all.

    `objectives` has the whole's objective after each round of the wards, and in the end.
    """

    wards: Mapping[str, Solution]
    placements: tuple[Placement, ...]
    reasons: tuple[Reason, ...]
    evaluation: HospitalEvaluation
    objectives: tuple[int, ...]
    seconds: float
    together: bool
    bound: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every ward and everybody of the internal unit has a roster."""
        return not self.reasons and all(ward.status in FOUND for ward in self.wards.values())

    @property
    def rosters(self) -> dict[str, tuple[Assignment, ...]]:
        """The wards' rosters by unit code."""
        return _rosters(self.wards)


def solve_task(ward: WardData, task: WardTask, progress: Progress | None = None) -> Solution:
    """Return the best roster found for a ward around its guests, no dearer than the one at the start."""
    lowered = with_guests(ward, task.guests)
    if not task.start:
        return solve_ward(lowered, task.options, progress)
    problem = problem_from_ward(lowered)
    return polish(problem, roster_of(problem, task.start), task.options, progress)


def solve_hospital(
    hospital: Hospital,
    options: HospitalOptions,
    executor: Executor,
    progress: HospitalProgress | None = None,
) -> HospitalSolution:
    """Return rosters for all wards and the internal unit's people; `hospital_faults` must find nothing."""
    whole = _Whole(hospital, options, progress or (lambda _snapshot: None))
    if fits_together(hospital):
        return whole.solve_together()
    return whole.solve_apart(executor)


@dataclass(slots=True)
class _Whole:
    """One solve of a whole hospital."""

    hospital: Hospital
    options: HospitalOptions
    progress: HospitalProgress
    found: dict[str, Solution] = field(default_factory=dict)
    placements: tuple[Placement, ...] = ()
    reasons: tuple[Reason, ...] = ()
    objectives: list[int] = field(default_factory=list)
    stopped: bool = False
    begin: float = field(default_factory=time.monotonic)

    def solve_together(self) -> HospitalSolution:
        """Solve the whole as one problem."""
        options = self.options
        limits = SolveOptions(options.seconds, options.workers, options.seed, options.work)

        def report(snapshot: Snapshot) -> bool:
            seconds, objective = snapshot.seconds, snapshot.objective
            wards = len(self.hospital.wards)
            return bool(self.progress(HospitalSnapshot(seconds, 0, 0, wards, objective, None)))

        solution = solve(problem_together(self.hospital), limits, report)
        rosters, self.placements = split(self.hospital, solution.assignments)
        own = {person.code for ward in self.hospital.wards for person in ward.employees}
        self.reasons = tuple(reason for reason in solution.reasons if reason.employee not in own)
        for ward in self.hospital.wards:
            people = {person.code for person in ward.employees}
            reasons = tuple(reason for reason in solution.reasons if reason.employee in people)
            part = replace(solution, assignments=rosters[ward.unit.code], reasons=reasons)
            self.found[ward.unit.code] = part
        return self._solution(together=True, bound=solution.bound)

    def solve_apart(self, executor: Executor) -> HospitalSolution:
        """Solve ward by ward, then place the internal unit's people and improve around them, in rounds."""
        numbers: Sequence[int] = range(len(self.hospital.wards))
        guests: dict[int, tuple[Guest, ...]] = {}
        for number in range(self.options.rounds + 1):
            self._run(executor, number, [self._task(w, number, guests, len(numbers)) for w in numbers])
            self.objectives.append(self._evaluation().objective)
            before, guests = guests, self._place()
            numbers = [
                w
                for w, ward in enumerate(self.hospital.wards)
                if self._unknown(ward) or guests.get(w, ()) != before.get(w, ())
            ]
            if not numbers or self.stopped or self._left() < LEAST_SECONDS:
                break
        return self._solution(together=False)

    def _unknown(self, ward: WardData) -> bool:
        return self.found.get(ward.unit.code) is None or (self.found[ward.unit.code].status is Status.UNKNOWN)

    def _left(self) -> float:
        return self.options.seconds - (time.monotonic() - self.begin)

    def _task(self, number: int, turn: int, guests: Mapping[int, tuple[Guest, ...]], count: int) -> WardTask:
        """Return what is to be done in a ward in a round of so many wards."""
        options = self.options
        share = FIRST_SHARE if turn == 0 else 1 / (options.rounds + 1 - turn)
        if not options.rounds or self.hospital.internal is None:
            share = 1.0
        at_once = min(options.workers, count)
        seconds = max(self._left() * share * (1 - PLACING_SHARE) * at_once / count, LEAST_SECONDS)
        work = options.work
        if work is not None:
            seconds, work = options.seconds, work if turn == 0 else work * LATER_WORK
        known = self.found.get(self.hospital.wards[number].unit.code)
        return WardTask(
            ward=number,
            round=turn,
            options=SolveOptions(seconds, 1, options.seed, work),
            guests=guests.get(number, ()),
            start=known.assignments if known is not None else (),
        )

    def _run(self, executor: Executor, turn: int, tasks: Sequence[WardTask]) -> None:
        count = 0

        def done(task: WardTask, solution: Solution) -> bool:
            nonlocal count
            count += 1
            code = self.hospital.wards[task.ward].unit.code
            if solution.status in FOUND or code not in self.found:
                self.found[code] = solution
            rosters = [s for s in self.found.values() if s.objective is not None]
            objective = sum(s.objective or 0 for s in rosters)
            seconds = time.monotonic() - self.begin
            snapshot = HospitalSnapshot(seconds, turn, count, len(tasks), objective, None)
            self.stopped = self.stopped or bool(self.progress(snapshot))
            return self.stopped

        executor.run(self.hospital, tasks, done)

    def _place(self) -> dict[int, tuple[Guest, ...]]:
        """Place the internal unit's people; return who comes to each ward."""
        hospital = self.hospital
        if hospital.internal is None or (self.stopped and self.placements):
            return {}
        ready = tuple(ward for ward in hospital.wards if self._has_roster(ward))
        until = self._left() * (1 - PLACING_SHARE)
        floating = Floating(
            Hospital(ready, hospital.internal),
            self.options.seed,
            (lambda: self._left() - until) if self.options.work is None else self._left,
        )
        placed = floating.place(_rosters(self.found), self.placements)
        self.placements, self.reasons = placed.placements, placed.reasons
        return {
            number: found
            for number, ward in enumerate(hospital.wards)
            if (found := guests_of(hospital, ward, self.placements))
        }

    def _has_roster(self, ward: WardData) -> bool:
        return ward.unit.code in self.found and self.found[ward.unit.code].status in FOUND

    def _evaluation(self) -> HospitalEvaluation:
        ready = tuple(ward for ward in self.hospital.wards if self._has_roster(ward))
        there = Hospital(ready, self.hospital.internal)
        return evaluate_hospital(there, _rosters(self.found), self.placements)

    def _solution(self, *, together: bool, bound: int | None = None) -> HospitalSolution:
        evaluation = self._evaluation()
        for code, solution in self.found.items():
            judged = evaluation.units.get(code)
            if judged is not None:
                same = not together and judged.objective == solution.objective
                self.found[code] = replace(
                    solution,
                    status=solution.status if same or together else Status.FEASIBLE,
                    objective=judged.objective,
                    bound=solution.bound if same else None,
                    breakdown=judged.breakdown,
                )
        self.objectives.append(evaluation.objective)
        nothing = Solution(Status.UNKNOWN, None, None, 0.0, self.options.seed, {}, {}, ())
        codes = [ward.unit.code for ward in self.hospital.wards]
        return HospitalSolution(
            wards={code: self.found.get(code, nothing) for code in codes},
            placements=self.placements,
            reasons=self.reasons,
            evaluation=evaluation,
            objectives=tuple(self.objectives),
            seconds=time.monotonic() - self.begin,
            together=together,
            bound=bound,
        )


def _rosters(found: Mapping[str, Solution]) -> dict[str, tuple[Assignment, ...]]:
    return {code: solution.assignments for code, solution in found.items() if solution.status in FOUND}
