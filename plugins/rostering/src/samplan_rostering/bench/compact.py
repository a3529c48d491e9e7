"""The plain model of a benchmark instance that the peers get: x[n,d,s], clauses and sums over windows.

It is what somebody would write down in an afternoon, and says nothing that the file does not say. It is made
apart from the engine's own model, so that a fault of one does not hide in the other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from samplan_rostering.domain.curtois import Cover, CurtoisInstance, StaffMember
from samplan_rostering.domain.roster import Assignment


@dataclass(frozen=True, slots=True)
class Clause:
    """At least one of `true` is 1 or one of `false` is 0."""

    true: tuple[int, ...]
    false: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """`low <= sum of factor * variable <= high`; None is no limit."""

    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None


@dataclass(slots=True)
class Compact:
    """Whole variables from 0 to their upper limit, each with a cost, and what they must keep."""

    upper: list[int] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    offset: int = 0
    clauses: list[Clause] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    cells: dict[tuple[str, int, str], int] = field(default_factory=dict)
    covers: list[tuple[Cover, tuple[int, ...]]] = field(default_factory=list)

    def new(self, upper: int = 1, cost: int = 0) -> int:
        """Return a new variable."""
        self.upper.append(upper)
        self.cost.append(cost)
        return len(self.upper) - 1

    def price(self, is_given: Callable[[int], bool]) -> int:
        """Return what the cells of a solution cost.

        That may be less than the solver says: until it is optimal, a solution can count more people missing
        and more too many than there are.
        """
        price = self.offset + sum(self.cost[cell] for cell in self.cells.values() if is_given(cell))
        for cover, cells in self.covers:
            missing = cover.required - sum(map(is_given, cells))
            price += cover.under * missing if missing > 0 else cover.over * -missing
        return price

    def roster(self, is_given: Callable[[int], bool]) -> list[Assignment]:
        """Return the roster of a solution."""
        return [Assignment(*cell) for cell, variable in self.cells.items() if is_given(variable)]


def build(instance: CurtoisInstance) -> Compact:
    """Return the model of an instance."""
    model = Compact()
    free = set(instance.days_off)
    for member in instance.staff:
        works = [_day(model, instance, member, day, free) for day in range(instance.days)]
        _limits(model, instance, member)
        _successions(model, instance, member)
        _runs(model, member, works)
        _weekends(model, member, works)
    _requests(model, instance)
    _cover(model, instance)
    return model


def _day(
    model: Compact, instance: CurtoisInstance, member: StaffMember, day: int, free: set[tuple[str, int]]
) -> int:
    """Add the cells of a day, at most one of which is given, and return whether it is worked."""
    upper = 0 if (member.id, day) in free else 1
    cells = [model.new(upper) for _ in instance.shifts]
    for shift, cell in zip(instance.shifts, cells, strict=True):
        model.cells[member.id, day, shift.id] = cell
    works = model.new(upper)
    model.sums.append(Sum((*((cell, 1) for cell in cells), (works, -1)), 0, 0))
    return works


def _limits(model: Compact, instance: CurtoisInstance, member: StaffMember) -> None:
    lengths = {shift.id: shift.minutes for shift in instance.shifts}
    days = range(instance.days)
    minutes = tuple(
        (model.cells[member.id, day, shift], length) for day in days for shift, length in lengths.items()
    )
    model.sums.append(Sum(minutes, member.min_minutes, member.max_minutes))
    for shift, limit in member.max_shifts:
        given = tuple((model.cells[member.id, day, shift], 1) for day in days)
        model.sums.append(Sum(given, None, limit))


def _successions(model: Compact, instance: CurtoisInstance, member: StaffMember) -> None:
    for day in range(instance.days - 1):
        for shift in instance.shifts:
            for follower in shift.not_followed_by:
                pair = (model.cells[member.id, day, shift.id], model.cells[member.id, day + 1, follower])
                model.clauses.append(Clause((), pair))


def _runs(model: Compact, member: StaffMember, works: list[int]) -> None:
    """Keep runs from being too long, or too short where no border touches them."""
    longest = member.max_consecutive
    for start in range(len(works) - longest):
        model.sums.append(Sum(tuple((day, 1) for day in works[start : start + longest + 1]), None, longest))
    for before, run, after in _inner_runs(works, member.min_consecutive):
        model.clauses.append(Clause((before, after), run))
    for before, run, after in _inner_runs(works, member.min_days_off):
        model.clauses.append(Clause(run, (before, after)))


def _inner_runs(works: list[int], least: int) -> Iterator[tuple[int, tuple[int, ...], int]]:
    """Yield runs shorter than `least` with the day before and the day after."""
    for length in range(1, least):
        for start in range(1, len(works) - length):
            end = start + length
            yield works[start - 1], tuple(works[start:end]), works[end]


def _weekends(model: Compact, member: StaffMember, works: list[int]) -> None:
    weekends = []
    for saturday in range(5, len(works), 7):
        weekend = model.new()
        weekends.append((weekend, 1))
        for day in works[saturday : saturday + 2]:
            model.clauses.append(Clause((weekend,), (day,)))
    if weekends:
        model.sums.append(Sum(tuple(weekends), None, member.max_weekends))


def _requests(model: Compact, instance: CurtoisInstance) -> None:
    for request in instance.requests:
        cell = model.cells[request.employee, request.day, request.shift]
        model.cost[cell] += -request.weight if request.wanted else request.weight
        model.offset += request.weight if request.wanted else 0


def _cover(model: Compact, instance: CurtoisInstance) -> None:
    for cover in instance.cover:
        cells = tuple(model.cells[member.id, cover.day, cover.shift] for member in instance.staff)
        missing = model.new(cover.required, cover.under)
        extra = model.new(len(instance.staff), cover.over)
        terms = (*((cell, 1) for cell in cells), (missing, 1), (extra, -1))
        model.sums.append(Sum(terms, low=cover.required, high=cover.required))
        model.covers.append((cover, cells))
