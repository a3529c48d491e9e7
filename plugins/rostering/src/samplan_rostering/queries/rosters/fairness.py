"""How what is heavy and what is wished for is shared in a roster: each person beside the others; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType

from samplan_rostering.domain.evaluate_ward import lay_out
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import Case, Person, rule_set
from samplan_rostering.domain.ward_rules.cover import Wishes
from samplan_rostering.domain.ward_rules.fairness import (
    EvenHolidays,
    EvenNights,
    EvenShare,
    EvenWeekends,
    sharers,
)
from samplan_rostering.domain.ward_rules.rest import QuickReturn

_RULES: Mapping[str, EvenShare] = MappingProxyType(
    {"weekends": EvenWeekends(), "nights": EvenNights(), "holidays": EvenHolidays()}
)
MEASURES = ("weekends", "nights", "holidays", "quick_returns", "wishes_met")


@dataclass(frozen=True, slots=True)
class Share:
    """How many somebody has; `even` is the even share by contract hours among those who share, if any do."""

    count: int
    even: float | None = None


@dataclass(frozen=True, slots=True)
class PersonShares:
    """One person's shares, by the names in `MEASURES`; of `wishes` how many there are in all."""

    employee: str
    name: str
    shares: dict[str, Share]
    wishes: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the median and the most that anybody has."""

    least: int
    middle: float
    most: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """Everybody's shares, and their spread in the ward; `counts` is what each has, hired people too."""

    people: tuple[PersonShares, ...]
    spread: dict[str, Spread]
    counts: Mapping[str, Mapping[str, int]]

    def changed(self, before: Fairness) -> set[str]:
        """Return whose shares are others than before."""
        old = {person.employee: person for person in before.people}
        return {person.employee for person in self.people if old.get(person.employee) != person}


def fairness(ward: WardData, assignments: Iterable[Assignment]) -> Fairness:
    """Return how weekends, nights, holidays, quick returns and wishes met are shared among own staff."""
    case = rule_set(ward).case(ward)
    list(lay_out(case, assignments))
    return fairness_in(case)


def fairness_since(before: Fairness, case: Case, changed: Collection[str]) -> Fairness:
    """Return how it is shared after the rows of some people have changed; equal to `fairness_in`."""
    counts = {**before.counts, **{code: _counts(case, case.by_code[code]) for code in changed}}
    return before if counts == before.counts else _shared(case, counts)


def fairness_in(case: Case) -> Fairness:
    """Return how it is shared in a case with its roster."""
    return _shared(case, {person.code: _counts(case, person) for person in case.people})


def _shared(case: Case, counts: Mapping[str, Mapping[str, int]]) -> Fairness:
    even: dict[tuple[str, str], float] = {}
    for group in sharers(case):
        hours = {person.code: person.target_minutes() for person in group}
        for name in _RULES:
            total = sum(counts[code][name] for code in hours)
            even |= {(name, code): total * own / sum(hours.values()) for code, own in hours.items()}
    own = (person for person in case.people if not person.employee.hired)
    people = tuple(_shares(case, person, counts[person.code], even) for person in own)
    columns = {name: [person.shares[name].count for person in people] for name in MEASURES}
    spread = {name: Spread(min(all_), median(all_), max(all_)) for name, all_ in columns.items() if all_}
    return Fairness(people, spread, counts)


def _shares(
    case: Case, person: Person, counts: Mapping[str, int], even: Mapping[tuple[str, str], float]
) -> PersonShares:
    shares = {name: Share(count, even.get((name, person.code))) for name, count in counts.items()}
    wishes = len(case.wishes_of(person.code))
    return PersonShares(person.code, person.employee.name or person.code, shares, wishes)


def _counts(case: Case, person: Person) -> dict[str, int]:
    """Return what somebody has, by the names in `MEASURES`."""
    counts = {name: rule.count(case, person) for name, rule in _RULES.items()}
    counts["quick_returns"] = len(list(QuickReturn().of_person(case, person)))
    counts["wishes_met"] = len(case.wishes_of(person.code)) - len(list(Wishes().of_person(case, person)))
    return counts
