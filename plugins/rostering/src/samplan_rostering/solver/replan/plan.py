"""Re-plan a ward's published roster: least change, priced by how late it comes."""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation, Gap, Violation
from samplan_rostering.domain.explain.effect import CellChange, Effect
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.news import USUAL_PRICES, Prices
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import rule_set
from samplan_rostering.solver.explain.clash import Clash, row_clash
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.pairs import linked
from samplan_rostering.solver.parts import PartSolver
from samplan_rostering.solver.problem import Part, Problem, Request, Roster
from samplan_rostering.solver.replan.rows import (
    assignments_of,
    clusters,
    differences,
    total,
    with_row_locked,
    without_impossible,
    without_old_gaps,
)
from samplan_rostering.solver.replan.tolerance import tolerant
from samplan_rostering.solver.solution import SolveOptions
from samplan_rostering.solver.solve import roster_of, solve

REACHES = (1, 3, 7)
"""Days before and after a disruption that may change, the nearest first."""
PART_WORK, ROW_WORK = 1.0, 5.0
Tell = Callable[[float], bool]
"""Told how much of the time is gone, from 0 to 1; True stops the search, which keeps what it has."""


@dataclass(frozen=True, slots=True)
class ReplanOptions:
    """What may change and what it costs.

    Days count from the start of the period. Cells before `first` stay; notice counts from `today`. `told`
    holds cells (employee, day) that people have been told of. With `everywhere` the whole roster from `first`
    on is searched for the time given, otherwise only what lies around the disruption, and gaps that the
    roster was published with stay.
    """

    first: int
    today: int
    prices: Prices = USUAL_PRICES
    told: frozenset[tuple[str, int]] = frozenset()
    everywhere: bool = False
    seconds: float = 2.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that differs from the published roster; `forced` when the published shift cannot be worked.

    `notice` is in days; a forced change has no price.
    """

    cell: CellChange
    notice: int
    price: int
    forced: bool


@dataclass(frozen=True, slots=True)
class Replan:
    """The new roster and how it differs; `clashes` tells why there is none, in which case nothing changes.

    `effect` compares with the published roster without the shifts that nobody can work. `kept` are rules
    that the days before the first have broken, `broken` those that the days from then on break.
    """

    assignments: tuple[Assignment, ...]
    changes: tuple[Change, ...]
    effect: Effect
    gaps: tuple[Gap, ...]
    kept: tuple[Violation, ...]
    broken: tuple[Violation, ...]
    seconds: float
    clashes: tuple[Clash, ...] = ()

    @property
    def price(self) -> int:
        """Points of all changes."""
        return sum(change.price for change in self.changes)


def replan(
    ward: WardData,
    published: Collection[Assignment],
    options: ReplanOptions,
    before: WardData | None = None,
    tell: Tell = lambda _share: False,
) -> Replan:
    """Return the roster of a ward with the least change against a published one.

    `ward` is how things are now, with new absences and requirements; `before` how they were, where the
    requirements have changed. `tell` is asked now and then.

    Raises:
        ValueError: the published roster names what the ward has not, or the first day is not of the period.
    """
    then = evaluate_ward(before or ward, published)
    if any(violation.rule in (Rule.UNKNOWN, Rule.ONE_SHIFT) for violation in then.violations):
        raise ValueError("the published roster is not one of this ward")
    if not 0 <= options.first <= ward.period.days:
        raise ValueError("the first day that may change lies outside the period")
    return _Replanner(ward, published, options, then, rule_set(ward).notice.days, tell).run()


@dataclass(frozen=True, slots=True)
class _Case:
    """The problem with its prices, the published roster, and what of it can still be worked."""

    problem: Problem
    old: Roster
    base: Roster
    judge: Judge


@dataclass(slots=True)
class _Replanner:
    """One re-planning, with its clock."""

    ward: WardData
    published: Collection[Assignment]
    options: ReplanOptions
    then: Evaluation
    asked: int
    tell: Tell
    began: float = field(default_factory=time.monotonic)
    stopped: bool = False

    def run(self) -> Replan:
        """Take out what cannot be, mend rows, close what is open around it, and tell."""
        plain = problem_from_ward(self.ward)
        old = roster_of(plain, self.published)
        base = without_impossible(plain, old, self.options.first)
        problem = self._priced(tolerant(plain, base, self.options.first), old, base)
        if not self.options.everywhere:
            problem = without_old_gaps(problem, self.ward, self.then.gaps)
        case = _Case(problem, old, base, Judge(self.ward, assignments_of(problem, base)))
        roster, impossible = self._mended(problem, base, case.judge.before)
        if impossible:
            clashes = [row_clash(problem, employee) for employee in impossible]
            found = tuple(clash for clash in clashes if clash is not None)
            return self._told(case, base, found)
        roster = self._closed(problem, roster, case.judge.before)
        if self.options.everywhere and self._left > 0:
            limits = SolveOptions(seconds=self._left, workers=2, seed=self.options.seed)
            solution = solve(problem, limits, lambda _snapshot: self._left <= 0, start=roster)
            roster = roster_of(problem, solution.assignments)
        return self._told(case, roster)

    def _priced(self, problem: Problem, old: Roster, base: Roster) -> Problem:
        """Add what each change costs: as requests to leave the cell as it was published."""
        requests = list(problem.requests)
        every = range(len(problem.shifts))
        for employee, rules in enumerate(problem.employees):
            for day in range(self.options.first, problem.days):
                shift = old[employee][day]
                if shift != base[employee][day]:
                    continue
                price = self._price(rules.id, day)
                cells = tuple((day, other) for other in every) if shift is None else ((day, shift),)
                term = Term.SHIFT_OFF if shift is None else Term.SHIFT_ON
                requests.append(Request(term, employee, cells, shift is not None, price))
        return replace(problem, requests=tuple(requests))

    def _price(self, employee: str, day: int) -> int:
        told = (employee, day) in self.options.told
        return self.options.prices.of(day - self.options.today, self.asked, told)

    def _mended(self, problem: Problem, base: Roster, now: Evaluation) -> tuple[Roster, list[int]]:
        """Return the roster with rows that keep the rules, and who has none."""
        solver, roster = PartSolver(problem), base
        suspects = {violation.employee for violation in now.violations}
        impossible = []
        for employee, rules in enumerate(problem.employees):
            if rules.id not in suspects:
                continue
            fixed = with_row_locked(problem, employee, roster)
            part = Part(frozenset({employee}), range(problem.days))
            if PartSolver(fixed).solve(roster, part, self.options.seed, ROW_WORK, ROW_WORK).rows:
                continue
            part = Part(linked(problem, employee), range(problem.days))
            result = solver.solve(roster, part, self.options.seed, ROW_WORK, 2 * ROW_WORK)
            roster = result.placed_in(roster)
            if not result.rows:
                impossible.append(employee)
        return roster, impossible

    def _closed(self, problem: Problem, roster: Roster, now: Evaluation) -> Roster:
        """Return the roster improved around what is missing now and was not when it was published."""
        solver = PartSolver(problem)
        price = total(problem, roster)
        groups = list(clusters(problem, self._disrupted(problem, now)))
        for reach in REACHES:
            for days, employees in groups:
                last = min(days[-1] + reach, problem.days - 1)
                part = Part(employees, range(max(days[0] - reach, self.options.first), last + 1))
                if self._left <= 0:
                    return roster
                result = solver.solve(roster, part, self.options.seed, PART_WORK, self._left)
                better = result.placed_in(roster)
                if result.rows and (cost := total(problem, better)) < price:
                    roster, price = better, cost
        return roster

    def _disrupted(self, problem: Problem, now: Evaluation) -> list[tuple[int, int]]:
        """Return the cells (day, shift) where more people are missing than when the roster was published."""
        missing = {(gap.day, gap.shift, gap.skill): gap.missing for gap in self.then.gaps}
        shifts = {code: index for index, code in enumerate(problem.shifts)}
        worse = (g for g in now.gaps if g.missing > missing.get((g.day, g.shift, g.skill), 0))
        return sorted({(g.day, shifts[g.shift]) for g in worse if g.day >= self.options.first})

    def _told(self, case: _Case, roster: Roster, clashes: tuple[Clash, ...] = ()) -> Replan:
        first, after = self.options.first, assignments_of(case.problem, roster)
        evaluation = evaluate_ward(self.ward, after)
        changed = tuple(sorted(differences(case.problem, case.base, roster)))
        over = tuple(v for v in evaluation.violations if v.day is not None and v.day < first)
        return Replan(
            assignments=after,
            changes=tuple(self._changes(case, roster)),
            effect=case.judge.compare(changed, evaluation),
            gaps=tuple(gap for gap in evaluation.gaps if gap.day >= first),
            kept=over,
            broken=tuple(v for v in evaluation.violations if v not in over),
            seconds=time.monotonic() - self.began,
            clashes=clashes,
        )

    def _changes(self, case: _Case, roster: Roster) -> Iterator[Change]:
        numbers = {rules.id: number for number, rules in enumerate(case.problem.employees)}
        for change in differences(case.problem, case.old, roster):
            number = numbers[change.employee]
            forced = case.old[number][change.day] != case.base[number][change.day]
            price = 0 if forced else self._price(change.employee, change.day)
            yield Change(change, change.day - self.options.today, price, forced)

    @property
    def _left(self) -> float:
        """Seconds left; none once somebody wishes to stop."""
        gone = time.monotonic() - self.began
        self.stopped = self.stopped or self.tell(min(gone / self.options.seconds, 1.0))
        return 0.0 if self.stopped else self.options.seconds - gone
