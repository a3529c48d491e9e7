"""A straightforward Timefold model of a benchmark instance, searched with Timefold's defaults.

Can be imported only where the package `timefold` and Java are. Timefold translates the functions below to
Java, which is why they are written plainly; it does so before its own clock starts.
"""

# ruff: noqa: PLW0108 - what is no lambda is not translated: it fails, or is called through Python each time

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import ConstraintCollectors, HardSoftScore, Joiners, constraint_provider

from samplan_rostering.bench.peers import Clock, Tell
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.solver.solution import Solution, SolveOptions, Status


@dataclass
class Kind:
    """A kind of shift."""

    id: str
    minutes: int
    not_followed_by: list[str]


@dataclass
class Person:
    """An employee with the limits of the row."""

    id: str
    days: int
    max_shifts: dict[str, int]
    max_minutes: int
    min_minutes: int
    max_consecutive: int
    min_consecutive: int
    min_days_off: int
    max_weekends: int


@dataclass
class Need:
    """People required on a day, and what it costs to have fewer or more."""

    day: int
    kind: str
    required: int
    under: int
    over: int


@planning_entity
@dataclass
class Cell:
    """A day of a person, free or with a shift; `prices` says what each costs, "" being free."""

    id: Annotated[str, PlanningId]
    person: Person
    day: int
    prices: dict[str, int]
    kind: Annotated[Kind | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@planning_solution
@dataclass
class Plan:
    """A whole roster with its score."""

    kinds: Annotated[list[Kind], ProblemFactCollectionProperty, ValueRangeProvider]
    needs: Annotated[list[Need], ProblemFactCollectionProperty]
    cells: Annotated[list[Cell], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore, PlanningScore] = field(default=None)


def price(cell: Cell) -> int:
    """Return what the requests for a cell cost."""
    return cell.prices[""] if cell.kind is None else cell.prices[cell.kind.id]


def hours_wrong(person: Person, cells: list[Cell]) -> int:
    """Return how far, in hours, a row is from its minutes, and the shifts above their limits."""
    minutes = 0
    counts: dict[str, int] = {}
    for cell in cells:
        if cell.kind is not None:
            minutes += cell.kind.minutes
            counts[cell.kind.id] = counts.get(cell.kind.id, 0) + 1
    wrong = 0
    if minutes > person.max_minutes:
        wrong += 1 + (minutes - person.max_minutes) // 60
    if minutes < person.min_minutes:
        wrong += 1 + (person.min_minutes - minutes) // 60
    for kind, count in counts.items():
        limit = person.max_shifts.get(kind, count)
        if count > limit:
            wrong += count - limit
    return wrong


def run_wrong(person: Person, start: int, end: int, is_work: bool) -> int:
    """Return the days by which a run from `start` to before `end` is too long or too short."""
    length = end - start
    if is_work and length > person.max_consecutive:
        return length - person.max_consecutive
    least = person.min_consecutive if is_work else person.min_days_off
    if start > 0 and end < person.days and length < least:
        return least - length
    return 0


def runs_wrong(person: Person, cells: list[Cell]) -> int:
    """Return the days by which runs are too long or too short, and the weekends too many."""
    works = [False] * person.days
    for cell in cells:
        if cell.kind is not None:
            works[cell.day] = True
    wrong = 0
    start = 0
    weekends = 0
    for day in range(person.days):
        if works[day] != works[start]:
            wrong += run_wrong(person, start, day, works[start])
            start = day
        if day % 7 == 5 and (works[day] or (day + 1 < person.days and works[day + 1])):
            weekends += 1
    wrong += run_wrong(person, start, person.days, works[start])
    if weekends > person.max_weekends:
        wrong += weekends - person.max_weekends
    return wrong


def may_not_follow(first: Cell, second: Cell) -> bool:
    """Tell whether the second shift may not follow the first."""
    return second.kind.id in first.kind.not_followed_by  # type: ignore[union-attr] # only cells with a shift


def cover_price(need: Need, present: int) -> int:
    """Return what it costs that so many are present."""
    if present < need.required:
        return need.under * (need.required - present)
    return need.over * (present - need.required)


@constraint_provider
def rules(factory: Any) -> list[Any]:
    """Return the hard rules, counted in days and hours, and the costs."""
    hard, soft = HardSoftScore.ONE_HARD, HardSoftScore.ONE_SOFT
    every = factory.for_each_including_unassigned(Cell)
    rows = every.group_by(lambda cell: cell.person, ConstraintCollectors.to_list(lambda cell: cell))
    same_day = Joiners.equal(lambda need: need.day, lambda cell: cell.day)
    same_kind = Joiners.equal(lambda need: need.kind, lambda cell: cell.kind.id)
    same_person = Joiners.equal(lambda cell: cell.person.id)
    day_after = Joiners.equal(lambda cell: cell.day + 1, lambda cell: cell.day)
    needs = factory.for_each(Need)
    present = needs.join(Cell, same_day, same_kind).group_by(
        lambda need, _cell: need, ConstraintCollectors.count_bi()
    )
    pairs = factory.for_each(Cell).join(Cell, same_person, day_after)
    return [
        rows.penalize(hard, lambda person, cells: hours_wrong(person, cells)).as_constraint("hours"),
        rows.penalize(hard, lambda person, cells: runs_wrong(person, cells)).as_constraint("runs"),
        pairs.filter(lambda one, two: may_not_follow(one, two)).penalize(hard).as_constraint("succession"),
        every.penalize(soft, lambda cell: price(cell)).as_constraint("requests"),
        present.penalize(soft, lambda need, count: cover_price(need, count)).as_constraint("cover"),
        needs.if_not_exists(Cell, same_day, same_kind)
        .penalize(soft, lambda need: cover_price(need, 0))
        .as_constraint("nobody"),
    ]


def plan(instance: CurtoisInstance) -> Plan:
    """Return the instance as Timefold takes it, all cells empty; days that must be free are no cells."""
    kinds = [Kind(shift.id, shift.minutes, list(shift.not_followed_by)) for shift in instance.shifts]
    free = set(instance.days_off)
    names = ["", *(kind.id for kind in kinds)]
    prices = {(m.id, day): dict.fromkeys(names, 0) for m in instance.staff for day in range(instance.days)}
    for request in instance.requests:
        for kind, given in ((kind, kind == request.shift) for kind in names):
            if given != request.wanted:
                prices[request.employee, request.day][kind] += request.weight
    people = [
        Person(
            m.id,
            instance.days,
            dict(m.max_shifts),
            m.max_minutes,
            m.min_minutes,
            m.max_consecutive,
            m.min_consecutive,
            m.min_days_off,
            m.max_weekends,
        )
        for m in instance.staff
    ]
    cells = [
        Cell(f"{person.id}:{day}", person, day, prices[person.id, day])
        for person in people
        for day in range(instance.days)
        if (person.id, day) not in free
    ]
    needs = [Need(c.day, c.shift, c.required, c.under, c.over) for c in instance.cover]
    return Plan(kinds, needs, cells)


def solve(instance: CurtoisInstance, options: SolveOptions, tell: Tell) -> Solution:
    """Solve with one search thread, which is what Timefold has; a roster that breaks rules is none."""
    clock = Clock(options)
    config = SolverConfig(
        solution_class=Plan,
        entity_class_list=[Cell],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=rules),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(options.seconds * 1000))),
        random_seed=options.seed,
    )
    solver = SolverFactory.create(config).build_solver()

    def better(event: Any) -> None:
        if event.new_best_score.is_feasible:
            tell(clock.seconds(), -event.new_best_score.soft_score, None)

    solver.add_event_listener(better)
    best = solver.solve(plan(instance))
    versions = {"timefold": version("timefold")}
    if not best.score.is_feasible:
        return clock.solution(Status.UNKNOWN, [], None, None, versions)
    roster = [
        Assignment(cell.person.id, cell.day, cell.kind.id) for cell in best.cells if cell.kind is not None
    ]
    return clock.solution(Status.FEASIBLE, roster, -best.score.soft_score, None, versions)
