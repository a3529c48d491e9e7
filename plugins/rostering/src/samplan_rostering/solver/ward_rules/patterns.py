"""Sequences of shifts."""

from collections.abc import Iterator, Sequence
from itertools import product

from samplan_rostering.domain.ward_rules import patterns
from samplan_rostering.domain.ward_rules.patterns import FixedRotation, UnwantedPattern, WantedPattern
from samplan_rostering.solver.problem import Cell, Request
from samplan_rostering.solver.soft import FREE
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


def _choices(facts: WardFacts, token: str) -> list[int]:
    """Return the shifts that a token stands for; FREE is none."""
    if token == patterns.FREE:
        return [FREE]
    return list(facts.shift_numbers) if token == patterns.ANY else [facts.shifts[token]]


def _others(facts: WardFacts, token: str) -> list[int]:
    """Return the shifts, or FREE, that a token does not stand for."""
    fit = _choices(facts, token)
    return [shift for shift in (*facts.shift_numbers, FREE) if shift not in fit]


def _placed(first: int, by_day: Sequence[list[int]]) -> Iterator[tuple[Cell, ...]]:
    for shifts in product(*by_day):
        yield tuple((first + place, shift) for place, shift in enumerate(shifts))


@compiles(UnwantedPattern)
def unwanted_pattern(rule: UnwantedPattern, out: ProblemBuilder) -> None:
    """Exclude each place where the pattern may be."""
    facts = out.facts
    by_day = [_choices(facts, token) for token in rule.pattern.split()]
    for number, _ in out.concerned(rule):
        for first in range(min(facts.past_of(number), default=0), len(facts.days) - len(by_day) + 1):
            last = first + len(by_day) - 1
            if last >= 0 and rule.holds_on(facts.ward.period.date_of(last)):
                for cells in _placed(first, by_day):
                    out.exclude(rule, number, cells)


@compiles(WantedPattern)
def wanted_pattern(rule: WantedPattern, out: ProblemBuilder) -> None:
    """Exclude beginnings that go on otherwise, by the day where they first do."""
    facts = out.facts
    begin = [_choices(facts, token) for token in rule.pattern.split()]
    then = rule.then.split()
    for number, _ in out.concerned(rule):
        for first in range(min(facts.past_of(number), default=0), len(facts.days)):
            for place, token in enumerate(then):
                wrong = first + len(begin) + place
                if not 0 <= wrong < len(facts.days) or not rule.holds_on(facts.ward.period.date_of(wrong)):
                    continue
                right = [_choices(facts, earlier) for earlier in then[:place]]
                for cells in _placed(first, [*begin, *right, _others(facts, token)]):
                    out.exclude(rule, number, cells)


@compiles(FixedRotation)
def fixed_rotation(rule: FixedRotation, out: ProblemBuilder) -> None:
    """Exclude on each day what is not as the rotation says, but for absence."""
    facts, period = out.facts, out.facts.ward.period
    start = 0 if rule.valid_from is None else period.day_of(rule.valid_from)
    for number, employee in out.concerned(rule):
        for day in (day for day in facts.days if rule.holds_on(period.date_of(day))):
            token = rule.expected(start, day)
            shifts = _choices(facts, token)
            if token != patterns.FREE and all(facts.is_away(employee, (day, shift)) for shift in shifts):
                continue
            if rule.hard:
                for other in _others(facts, token):
                    out.exclude(rule, number, ((day, other),))
            else:
                wanted = token != patterns.FREE
                cells = tuple((day, s) for s in (shifts if wanted else facts.shift_numbers))
                out.requests.append(Request(rule.term, number, cells, wanted, rule.weight))
