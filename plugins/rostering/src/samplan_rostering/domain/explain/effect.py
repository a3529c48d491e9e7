"""What a change of a roster does, as the difference of two evaluations."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from samplan_rostering.domain.evaluation import Evaluation, Gap, Violation
from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.timeline import Timeline

Need = tuple[int, str, str | None]
"""Day, shift and skill of a requirement."""


@dataclass(frozen=True, slots=True, order=True)
class CellChange:
    """One cell of a roster before and after; an empty text is a free day."""

    employee: str
    day: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference that changes make.

    `broken` are rules broken now and not before, or by more; `mended` those broken before and not now, or by
    less. `opened` and `closed` are people missing below the minimum, more and fewer. `costs` holds each
    soft term that changes, `minutes` the working time of each employee that does.
    """

    changes: tuple[CellChange, ...]
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    opened: tuple[Gap, ...]
    closed: tuple[Gap, ...]
    costs: Mapping[Term, int]
    minutes: Mapping[str, int]

    @property
    def points(self) -> int:
        """By how much the objective rises; negative where it falls."""
        return sum(self.costs.values())


def newly_broken(before: Iterable[Violation], after: Iterable[Violation]) -> tuple[Violation, ...]:
    """Return the violations that are there after and were not before, or were further within the limit."""
    known = {_place(violation): violation for violation in before}
    return tuple(v for v in after if _place(v) not in known or _distance(v) > _distance(known[_place(v)]))


def gap_difference(before: Evaluation, after: Evaluation) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    """Return the people missing after and not before, and before and not after."""
    one, two = (Counter({(g.day, g.shift, g.skill): g.missing for g in e.gaps}) for e in (before, after))
    return _gaps(two - one), _gaps(one - two)


def cost_difference(before: Evaluation, after: Evaluation) -> dict[Term, int]:
    """Return by how much each soft term changes, without those that stay."""
    terms = [*before.breakdown, *(term for term in after.breakdown if term not in before.breakdown)]
    changed = {term: after.breakdown.get(term, 0) - before.breakdown.get(term, 0) for term in terms}
    return {term: points for term, points in changed.items() if points}


def _gaps(missing: Counter[Need]) -> tuple[Gap, ...]:
    places = sorted(missing, key=lambda need: (need[0], need[1], need[2] or ""))
    return tuple(Gap(*need, missing[need]) for need in places)


def _place(violation: Violation) -> tuple[str, str, int | None]:
    return violation.rule, violation.employee, violation.day


def _distance(violation: Violation) -> int:
    if violation.measured is None or violation.limit is None:
        return 0
    return abs(violation.measured - violation.limit)


def minutes_of(timeline: Timeline, changes: Iterable[CellChange]) -> dict[str, int]:
    """Return how much each works more, in minutes, without those who work as much."""
    minutes: dict[str, int] = defaultdict(int)
    for change in changes:
        for shift, sign in ((change.after, 1), (change.before, -1)):
            minutes[change.employee] += sign * timeline.paid_minutes(change.day, shift) if shift else 0
    return {code: change for code, change in minutes.items() if change}
