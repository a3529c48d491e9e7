"""Compile an instance of the competition INRC-II: its own rules (arXiv 1501.04177), and nothing else.

A shift of the engine is a shift type worked in a skill. Hard rules are the skill (H4), the succession (H3)
and one shift a day (H1); a nurse below the minimum (H2) costs `MISSING`, more than all else, so that there
always is a roster, and the evaluator reports it as broken. All other costs are those of the rules S1 to S7,
so that the engine's price of a roster that keeps H2 is the evaluator's.

Where the weeks are only a part of the horizon, total assignments (S6) and weekends (S7) cost nothing yet. A
search that left them out would use up in the first weeks what later ones need. Then they are charged by
surrogates: an even share of what the contract leaves for the weeks to come, at half the weight, since later
weeks can make up for it; and for a weekend the weight times the share of the coming weekends that cannot be
worked for free.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from samplan_rostering.domain.inrc2.evaluate import CONSECUTIVE_SHIFT_WEIGHT, WEIGHTS, Inrc2Term
from samplan_rostering.domain.inrc2.values import (
    DAYS_A_WEEK,
    SATURDAY,
    SUNDAY,
    Inrc2Assignment,
    Inrc2Contract,
    Inrc2Instance,
    Inrc2Nurse,
    NursePast,
    Span,
)
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.solver.problem import (
    Blocked,
    CoverRow,
    CoverStep,
    EmployeeRules,
    Forbidden,
    Problem,
    Request,
    WeekendCost,
)
from samplan_rostering.solver.soft import RunCost, WholeWeekend, WindowCost, each_day

MISSING = 1_000
"""Cost of a nurse below the minimum (H2)."""


def problem_from_inrc2(instance: Inrc2Instance) -> Problem:
    """Return the problem of an instance, with nurses in file order."""
    return _Compiler(instance).problem()


def inrc2_assignments(assignments: Iterable[Assignment]) -> tuple[Inrc2Assignment, ...]:
    """Return a roster in the terms of the competition; names that do not exist are kept as they are."""
    return tuple(
        Inrc2Assignment(item.employee, item.day, shift, skill)
        for item in assignments
        for shift, _, skill in [item.shift.partition(" ")]
    )


@dataclass(frozen=True, slots=True)
class _Person:
    """A nurse with contract and past."""

    number: int
    nurse: Inrc2Nurse
    contract: Inrc2Contract
    past: NursePast


class _Compiler:
    """Compiles one instance."""

    def __init__(self, instance: Inrc2Instance) -> None:
        self._instance = instance
        scenario = instance.scenario
        self._pairs = [(shift.id, skill) for shift in scenario.shifts for skill in scenario.skills]
        self._number = {pair: place for place, pair in enumerate(self._pairs)}
        self._of_type = {
            shift.id: frozenset(self._number[shift.id, skill] for skill in scenario.skills)
            for shift in scenario.shifts
        }
        contracts = {contract.id: contract for contract in scenario.contracts}
        past = {record.nurse: record for record in instance.history.nurses}
        self._people = [
            _Person(number, nurse, contracts[nurse.contract], past.get(nurse.id, NursePast(nurse.id)))
            for number, nurse in enumerate(scenario.nurses)
        ]

    def problem(self) -> Problem:
        """Return the problem."""
        days = self._instance.days
        successions = tuple(self._successions())
        return Problem(
            days=days,
            shifts=tuple(f"{shift} {skill}" for shift, skill in self._pairs),
            minutes=((1,) * len(self._pairs),) * days,
            weekends=tuple((monday + SATURDAY, monday + SUNDAY) for monday in range(0, days, DAYS_A_WEEK)),
            employees=tuple(self._rules(person, successions) for person in self._people),
            cover=tuple(self._cover()),
            requests=tuple(self._requests()),
            weekend_costs=tuple(cost for person in self._people for cost in self._weekends(person)),
            run_costs=tuple(cost for person in self._people for cost in self._runs(person)),
            window_costs=tuple(cost for person in self._people for cost in self._totals(person)),
            whole_weekends=tuple(
                WholeWeekend(Term.WHOLE_WEEKEND, person.number, WEIGHTS[Inrc2Term.COMPLETE_WEEKENDS])
                for person in self._people
                if person.contract.complete_weekends
            ),
        )

    def _successions(self) -> Iterator[Forbidden]:
        for day in range(self._instance.days - 1):
            for shift in self._instance.scenario.shifts:
                for follower in shift.not_followed_by:
                    for first in sorted(self._of_type[shift.id]):
                        for second in sorted(self._of_type[follower]):
                            yield Forbidden(Rule.SUCCESSION, ((day, first), (day + 1, second)))

    def _rules(self, person: _Person, successions: tuple[Forbidden, ...]) -> EmployeeRules:
        days = self._instance.days
        lacking = [number for (_, skill), number in self._number.items() if skill not in person.nurse.skills]
        followed = {shift.id: shift.not_followed_by for shift in self._instance.scenario.shifts}
        last = person.past.last_shift
        after = [number for shift in followed.get(last or "", ()) for number in self._of_type[shift]]
        return EmployeeRules(
            id=person.nurse.id,
            min_minutes=0,
            max_minutes=days,
            max_run=days,
            blocked=(
                Blocked(Rule.SKILL, frozenset((day, shift) for day in range(days) for shift in lacking)),
                Blocked(Rule.SUCCESSION, frozenset((0, shift) for shift in after)),
            ),
            forbidden=successions,
        )

    def _cover(self) -> Iterator[CoverRow]:
        for number, week in enumerate(self._instance.weeks):
            for need in week.requirements:
                if need.optimal:
                    yield CoverRow(
                        number * DAYS_A_WEEK + need.day,
                        self._number[need.shift, need.skill],
                        frozenset(p.number for p in self._people if need.skill in p.nurse.skills),
                        (
                            CoverStep(Term.UNDER_MINIMUM, need.minimum, under=MISSING),
                            CoverStep(
                                Term.UNDER_TARGET, need.optimal, under=WEIGHTS[Inrc2Term.OPTIMAL_COVERAGE]
                            ),
                        ),
                    )

    def _requests(self) -> Iterator[Request]:
        position = {person.nurse.id: person.number for person in self._people}
        every = frozenset(range(len(self._pairs)))
        for number, week in enumerate(self._instance.weeks):
            for wish in week.requests:
                shifts = every if wish.shift is None else self._of_type[wish.shift]
                day = number * DAYS_A_WEEK + wish.day
                cells = tuple((day, shift) for shift in sorted(shifts))
                weight = WEIGHTS[Inrc2Term.PREFERENCES]
                yield Request(Term.WISHES, position[wish.nurse], cells, wanted=False, weight=weight)

    def _runs(self, person: _Person) -> Iterator[RunCost]:
        """Yield S2 and S3; a run that can be neither too short nor too long costs nothing."""
        past, contract = person.past, person.contract
        every = frozenset(range(len(self._pairs)))
        work, off = WEIGHTS[Inrc2Term.CONSECUTIVE], WEIGHTS[Inrc2Term.DAYS_OFF]
        spans: list[tuple[Term, frozenset[int] | None, Span, int, int]] = [
            (Term.RUNS, every, contract.consecutive_work, work, past.consecutive_work),
            (Term.DAYS_OFF, None, contract.consecutive_off, off, past.consecutive_off),
        ]
        for shift in self._instance.scenario.shifts:
            before = past.consecutive_shift if past.last_shift == shift.id else 0
            same = self._of_type[shift.id]
            spans.append((Term.RUNS, same, shift.consecutive, CONSECUTIVE_SHIFT_WEIGHT, before))
        for term, shifts, span, weight, before in spans:
            if span.minimum > 1 or span.maximum < self._instance.days + before:
                yield RunCost(term, person.number, shifts, span.minimum, span.maximum, weight, weight, before)

    def _totals(self, person: _Person) -> Iterator[WindowCost]:
        """Yield S6, or for weeks before the last an even share of what the contract leaves."""
        days = range(self._instance.days)
        span, done = person.contract.assignments, person.past.assignments
        low, high, weight = span.minimum - done, span.maximum - done, WEIGHTS[Inrc2Term.TOTAL_ASSIGNMENTS]
        if not self._instance.ends_horizon:
            weeks, left = len(self._instance.weeks), self._weeks_left
            low, high, weight = low * weeks // left, -(-high * weeks // left), weight // 2
        amounts = each_day(days, (1,) * len(self._pairs))
        yield WindowCost(Term.TOTAL_SHIFTS, person.number, days, amounts, low, high, weight)

    def _weekends(self, person: _Person) -> Iterator[WeekendCost]:
        """Yield S7, or for weeks before the last the price of using up a weekend."""
        free = person.contract.max_weekends - person.past.weekends
        over = WEIGHTS[Inrc2Term.MAX_WEEKENDS]
        if not self._instance.ends_horizon:
            left = self._weeks_left
            over = over * (left - min(max(free, 0), left)) // left
            free = 0
        yield WeekendCost(person.number, free, over, 0, frozenset())

    @property
    def _weeks_left(self) -> int:
        """The weeks from the first of the instance to the end of the horizon."""
        return self._instance.scenario.weeks - self._instance.history.week
