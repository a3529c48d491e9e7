"""What is wished for each date and shift of a period against what is needed; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.ward import ShiftType, WardData
from samplan_rostering.domain.ward_rules.case import Need
from samplan_rostering.domain.wishing import OwnKind, OwnWish
from samplan_rostering.solver.ward_facts import WardFacts


@dataclass(frozen=True, slots=True)
class WishCount:
    """A shift on a date: who wishes what, and how many people are needed by minimum and target.

    `off` counts days off and vetoes, `away` absences of the whole day; `left` are those who neither are away
    during the shift nor wish not to work it. It does not say who may work it: contracts and rest are the
    optimisation's.
    """

    shift: ShiftType
    want: int
    avoid: int
    off: int
    away: int
    left: int
    minimum: int
    target: int

    @property
    def short(self) -> bool:
        """Whether not all wishes can be met with the target's people."""
        return self.left < self.target


@dataclass(frozen=True, slots=True)
class WishDay:
    """A date with the shifts that ask for somebody."""

    on: date
    holiday: str | None
    shifts: tuple[WishCount, ...]

    @property
    def short(self) -> bool:
        """Whether a shift of the date is short."""
        return any(count.short for count in self.shifts)


@dataclass(frozen=True, slots=True)
class WishWeek:
    """An ISO week of the period."""

    number: int
    days: tuple[WishDay, ...]

    @property
    def short(self) -> int:
        """How many of its dates have a shift that is short."""
        return sum(day.short for day in self.days)


def wish_weeks(ward: WardData, wishes: Mapping[str, Iterable[OwnWish]]) -> list[WishWeek]:
    """Return the counts of a period by week, from the wishes of each employee."""
    facts = WardFacts(ward)
    by_day: dict[date, list[tuple[str, OwnWish]]] = {}
    for code, own in wishes.items():
        for wish in own:
            by_day.setdefault(wish.on, []).append((code, wish))
    days = [_day(ward, facts, number, by_day.get(ward.period.date_of(number), [])) for number in facts.days]
    weeks = groupby(days, key=lambda day: day.on.isocalendar().week)
    return [WishWeek(number, tuple(group)) for number, group in weeks]


def _day(ward: WardData, facts: WardFacts, number: int, wishes: list[tuple[str, OwnWish]]) -> WishDay:
    on = ward.period.date_of(number)
    away = {row.employee for row in ward.absences if row.whole and row.first <= on <= row.last}
    off = {code for code, wish in wishes if wish.kind.whole_day} - away
    counts = []
    for shift in ward.shift_types:
        groups = _groups(ward, facts, number, shift.code)
        if not groups:
            continue
        for_shift = [(code, wish) for code, wish in wishes if wish.shift in {None, shift.code}]
        want = {code for code, wish in for_shift if wish.kind is OwnKind.WANT} - away
        avoid = {code for code, wish in for_shift if wish.kind is OwnKind.AVOID} - away
        able = frozenset().union(*(people for people, _ in groups))
        cell = number, facts.shifts[shift.code]
        kept = away | {row.code for row in ward.employees if facts.is_away(row, cell)}
        counts.append(
            WishCount(
                shift=shift,
                want=len(want),
                avoid=len(avoid),
                off=len(off),
                away=len(away),
                left=len(able - kept - off - avoid),
                minimum=_people(groups, lambda need: need.minimum),
                target=_people(groups, lambda need: need.target),
            )
        )
    return WishDay(on, public_holiday(on), tuple(counts))


def _groups(ward: WardData, facts: WardFacts, number: int, shift: str) -> list[tuple[frozenset[str], Need]]:
    """Return who counts for each need of a shift, the largest group first."""
    groups = [
        (
            frozenset(
                row.code for row in ward.employees if not row.hired and facts.counts(row, number, need)
            ),
            need,
        )
        for need in facts.requirements[number]
        if need.shift == shift
    ]
    return sorted(groups, key=lambda pair: -len(pair[0]))


def _people(groups: list[tuple[frozenset[str], Need]], asked: Callable[[Need], int]) -> int:
    """Return how many people the needs of a shift ask for in all.

    A need whose people all count for a larger one is met by the same people, as specialists among the nurses:
    it adds nothing, unless it asks for more.
    """
    total, left = 0, list(groups)
    while left:
        people, need = left.pop(0)
        within = [pair for pair in left if pair[0] <= people]
        left = [pair for pair in left if not pair[0] <= people]
        total += max(asked(need), sum(asked(other) for _, other in within))
    return total
