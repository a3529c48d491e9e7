"""How what is heavy and what is wished for is shared in a roster: each person beside the others; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """Everybody's shares, and their spread in the ward."""

    people: tuple[PersonShares, ...]
    spread: dict[str, Spread]


def fairness(ward: WardData, assignments: Iterable[Assignment]) -> Fairness:
    """Return how weekends, nights, holidays, quick returns and wishes met are shared among own staff."""
    case = rule_set(ward).case(ward)
    list(lay_out(case, assignments))
    has = {
        name: {person.code: rule.count(case, person) for person in case.people}
        for name, rule in _RULES.items()
    }
    even: dict[tuple[str, str], float] = {}
    for group in sharers(case):
        hours = {person.code: person.target_minutes() for person in group}
        for name, counts in has.items():
            total = sum(counts[code] for code in hours)
            even |= {(name, code): total * own / sum(hours.values()) for code, own in hours.items()}
    own = (person for person in case.people if not person.employee.hired)
    people = tuple(_shares(case, person, has, even) for person in own)
    columns = {name: [person.shares[name].count for person in people] for name in MEASURES}
    return Fairness(
        people,
        {name: Spread(min(all_), median(all_), max(all_)) for name, all_ in columns.items() if all_},
    )


def _shares(
    case: Case,
    person: Person,
    has: Mapping[str, Mapping[str, int]],
    even: Mapping[tuple[str, str], float],
) -> PersonShares:
    shares = {name: Share(counts[person.code], even.get((name, person.code))) for name, counts in has.items()}
    shares["quick_returns"] = Share(len(list(QuickReturn().of_person(case, person))))
    wishes = len(case.wishes_of(person.code))
    shares["wishes_met"] = Share(wishes - len(list(Wishes().of_person(case, person))))
    return PersonShares(person.code, person.employee.name or person.code, shares, wishes)
