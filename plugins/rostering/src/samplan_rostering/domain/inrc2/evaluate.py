"""Evaluate a roster for an instance of the competition INRC-II by its own rules, and nothing else.

Source: arXiv 1501.04177, hard rules H1 to H4 and soft rules S1 to S7. A run that goes on over the end of a
week is judged when it ends or becomes too long, also where it lay in the history altogether; one that reaches
the end of the horizon is never too short: so counts the official validator. Of a run already too long before,
only the days in the weeks judged cost.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from samplan_rostering.domain.inrc2.values import (
    DAYS_A_WEEK,
    SATURDAY,
    SUNDAY,
    Inrc2Assignment,
    Inrc2Contract,
    Inrc2History,
    Inrc2Instance,
    Inrc2Nurse,
    Inrc2Requirement,
    NursePast,
    Span,
)


class Inrc2Rule(StrEnum):
    """A hard rule; H and number as in the specification."""

    MINIMAL_COVERAGE = "minimal_coverage"  # H2
    REQUIRED_SKILL = "required_skill"  # H4
    SUCCESSION = "succession"  # H3
    SINGLE_ASSIGNMENT = "single_assignment"  # H1
    UNKNOWN = "unknown"  # an assignment names something that the instance does not have


class Inrc2Term(StrEnum):
    """A soft rule, in the order in which the official validator tells their costs."""

    TOTAL_ASSIGNMENTS = "total_assignments"  # S6
    CONSECUTIVE = "consecutive"  # S2
    DAYS_OFF = "days_off"  # S3
    PREFERENCES = "preferences"  # S4
    MAX_WEEKENDS = "max_weekends"  # S7
    COMPLETE_WEEKENDS = "complete_weekends"  # S5
    OPTIMAL_COVERAGE = "optimal_coverage"  # S1


CONSECUTIVE_SHIFT_WEIGHT = 15
WEIGHTS: Mapping[Inrc2Term, int] = MappingProxyType(
    {
        Inrc2Term.TOTAL_ASSIGNMENTS: 20,
        Inrc2Term.CONSECUTIVE: 30,
        Inrc2Term.DAYS_OFF: 30,
        Inrc2Term.PREFERENCES: 10,
        Inrc2Term.MAX_WEEKENDS: 30,
        Inrc2Term.COMPLETE_WEEKENDS: 30,
        Inrc2Term.OPTIMAL_COVERAGE: 30,
    }
)
"""Cost of a unit; days in a row of one shift type cost `CONSECUTIVE_SHIFT_WEIGHT` within their term."""


@dataclass(frozen=True, slots=True)
class Inrc2Violation:
    """A hard rule that is broken; `day` counts from 0 at the first week judged.

    `nurse` is None for coverage, where `missing` says how many people.
    """

    rule: Inrc2Rule
    day: int
    nurse: str | None
    shift: str
    skill: str
    missing: int = 1


@dataclass(frozen=True, slots=True)
class Inrc2Evaluation:
    """The judgement of a roster; `breakdown` holds every soft rule."""

    violations: tuple[Inrc2Violation, ...]
    breakdown: Mapping[Inrc2Term, int]

    @property
    def objective(self) -> int:
        """Sum of all soft rules."""
        return sum(self.breakdown.values())

    def broken(self, rule: Inrc2Rule) -> int:
        """Return how often a hard rule is broken; for coverage, how many people are missing."""
        return sum(violation.missing for violation in self.violations if violation.rule is rule)


_Row = Mapping[int, Inrc2Assignment]
_Rows = Mapping[str, _Row]


def evaluate_inrc2(instance: Inrc2Instance, assignments: Iterable[Inrc2Assignment]) -> Inrc2Evaluation:
    """Judge a roster: every hard rule and every cost.

    Total assignments (S6) and working weekends (S7) cost only where the weeks end the horizon. Of two shifts
    on one day only the first counts; one in a skill that the nurse lacks counts for coverage.
    """
    rows, violations = _placed(instance, assignments)
    past = {record.nurse: record for record in instance.history.nurses}
    breakdown = dict.fromkeys(Inrc2Term, 0)
    for nurse in instance.scenario.nurses:
        before = past.get(nurse.id, NursePast(nurse.id))
        violations += _broken(instance, nurse, before, rows[nurse.id])
        for term, units in _own_costs(instance, nurse, before, rows[nurse.id]):
            breakdown[term] += units
    for day, need, found in _cover(instance, rows):
        units = max(need.optimal - found, 0)
        breakdown[Inrc2Term.OPTIMAL_COVERAGE] += units * WEIGHTS[Inrc2Term.OPTIMAL_COVERAGE]
        if found < need.minimum:
            missing = need.minimum - found
            violations.append(
                Inrc2Violation(Inrc2Rule.MINIMAL_COVERAGE, day, None, need.shift, need.skill, missing)
            )
    for number, week in enumerate(instance.weeks):
        for request in week.requests:
            given = rows[request.nurse].get(number * DAYS_A_WEEK + request.day)
            if given is not None and request.shift in (None, given.shift):
                breakdown[Inrc2Term.PREFERENCES] += WEIGHTS[Inrc2Term.PREFERENCES]
    return Inrc2Evaluation(tuple(violations), breakdown)


def history_after(instance: Inrc2Instance, assignments: Iterable[Inrc2Assignment]) -> Inrc2History:
    """Return the history that the next week starts from."""
    rows, _ = _placed(instance, assignments)
    past = {record.nurse: record for record in instance.history.nurses}
    nurses = tuple(
        _past_after(instance.days, past.get(nurse.id, NursePast(nurse.id)), rows[nurse.id])
        for nurse in instance.scenario.nurses
    )
    return Inrc2History(instance.history.week + len(instance.weeks), instance.scenario.id, nurses)


def _past_after(days: int, before: NursePast, row: _Row) -> NursePast:
    last = row[days - 1].shift if days - 1 in row else (None if days else before.last_shift)
    same = [day in row and row[day].shift == last for day in range(days)]
    work = [day in row for day in range(days)]
    return NursePast(
        before.nurse,
        before.assignments + len(row),
        before.weekends + _weekends(days, row),
        last,
        0 if last is None else _run_at_end(same, before.consecutive_shift * (last == before.last_shift)),
        _run_at_end(work, before.consecutive_work),
        _run_at_end([not works for works in work], before.consecutive_off),
    )


def _run_at_end(days: list[bool], before: int) -> int:
    """Return how long a run is on the last day; `before` is its length ahead of the first."""
    length = before
    for inside in days:
        length = length + 1 if inside else 0
    return length


def _placed(
    instance: Inrc2Instance, assignments: Iterable[Inrc2Assignment]
) -> tuple[_Rows, list[Inrc2Violation]]:
    scenario = instance.scenario
    nurses, shifts = scenario.nurse_ids, scenario.shift_ids
    rows: dict[str, dict[int, Inrc2Assignment]] = defaultdict(dict)
    violations = []
    for cell in sorted(assignments):
        known = cell.nurse in nurses and cell.shift in shifts and cell.skill in scenario.skills
        if not known or not 0 <= cell.day < instance.days:
            violations.append(_violation(Inrc2Rule.UNKNOWN, cell))
        elif cell.day in rows[cell.nurse]:
            violations.append(_violation(Inrc2Rule.SINGLE_ASSIGNMENT, cell))
        else:
            rows[cell.nurse][cell.day] = cell
    return rows, violations


def _violation(rule: Inrc2Rule, cell: Inrc2Assignment) -> Inrc2Violation:
    return Inrc2Violation(rule, cell.day, cell.nurse, cell.shift, cell.skill)


def _broken(
    instance: Inrc2Instance, nurse: Inrc2Nurse, before: NursePast, row: _Row
) -> Iterator[Inrc2Violation]:
    forbidden = {shift.id: shift.not_followed_by for shift in instance.scenario.shifts}
    for day, cell in row.items():
        if cell.skill not in nurse.skills:
            yield _violation(Inrc2Rule.REQUIRED_SKILL, cell)
        earlier = row[day - 1].shift if day - 1 in row else (before.last_shift if day == 0 else None)
        if earlier is not None and cell.shift in forbidden.get(earlier, ()):
            yield _violation(Inrc2Rule.SUCCESSION, cell)


def _own_costs(
    instance: Inrc2Instance, nurse: Inrc2Nurse, before: NursePast, row: _Row
) -> Iterator[tuple[Inrc2Term, int]]:
    contract = next(contract for contract in instance.scenario.contracts if contract.id == nurse.contract)
    days = range(instance.days)
    work = [day in row for day in days]
    units = _outside(work, before.consecutive_work, contract.consecutive_work)
    yield Inrc2Term.CONSECUTIVE, units * WEIGHTS[Inrc2Term.CONSECUTIVE]
    for shift in instance.scenario.shifts:
        same = [day in row and row[day].shift == shift.id for day in days]
        length = before.consecutive_shift if before.last_shift == shift.id else 0
        yield Inrc2Term.CONSECUTIVE, _outside(same, length, shift.consecutive) * CONSECUTIVE_SHIFT_WEIGHT
    units = _outside([not works for works in work], before.consecutive_off, contract.consecutive_off)
    yield Inrc2Term.DAYS_OFF, units * WEIGHTS[Inrc2Term.DAYS_OFF]
    yield from _weekend_and_total_costs(instance, contract, before, row)


def _weekend_and_total_costs(
    instance: Inrc2Instance, contract: Inrc2Contract, before: NursePast, row: _Row
) -> Iterator[tuple[Inrc2Term, int]]:
    if contract.complete_weekends:
        mondays = range(0, instance.days, DAYS_A_WEEK)
        halves = sum((monday + SATURDAY in row) != (monday + SUNDAY in row) for monday in mondays)
        yield Inrc2Term.COMPLETE_WEEKENDS, halves * WEIGHTS[Inrc2Term.COMPLETE_WEEKENDS]
    if instance.ends_horizon:
        units = contract.assignments.missed_by(before.assignments + len(row))
        yield Inrc2Term.TOTAL_ASSIGNMENTS, units * WEIGHTS[Inrc2Term.TOTAL_ASSIGNMENTS]
        weekends = before.weekends + _weekends(instance.days, row)
        units = max(weekends - contract.max_weekends, 0)
        yield Inrc2Term.MAX_WEEKENDS, units * WEIGHTS[Inrc2Term.MAX_WEEKENDS]


def _outside(days: Iterable[bool], before: int, span: Span) -> int:
    """Return by how many days runs are too long or too short.

    `before` is the length of a run that reaches the first day; the last run may go on and is not too short.
    """
    units, length = 0, before
    for inside in days:
        if inside:
            length += 1
            units += length > span.maximum
        else:
            units += max(span.minimum - length, 0) if length else 0
            length = 0
    return units


def _weekends(days: int, row: _Row) -> int:
    mondays = range(0, days, DAYS_A_WEEK)
    return sum(monday + SATURDAY in row or monday + SUNDAY in row for monday in mondays)


def _cover(instance: Inrc2Instance, rows: _Rows) -> Iterator[tuple[int, Inrc2Requirement, int]]:
    """Yield each requirement with its day and how many nurses there are for it."""
    present = Counter((cell.day, cell.shift, cell.skill) for row in rows.values() for cell in row.values())
    for number, week in enumerate(instance.weeks):
        for need in week.requirements:
            day = number * DAYS_A_WEEK + need.day
            yield day, need, present[day, need.shift, need.skill]
