"""Hard rules on two people: kept by every roster of the search, by the model and by what is made of parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import Absence, AbsenceKind, WardData
from samplan_rostering.solver.best import Best
from samplan_rostering.solver.bound import Bounder
from samplan_rostering.solver.evaluate_problem import evaluate_problem
from samplan_rostering.solver.explain.clash import Verdict, explain
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.pairs import keeps_pairs, linked
from samplan_rostering.solver.parts import PartResult
from samplan_rostering.solver.problem import CoverRow, CoverStep, EmployeeRules, Problem, Row
from samplan_rostering.solver.replan.plan import ReplanOptions, replan
from samplan_rostering.solver.rows import RowSearch
from samplan_rostering.solver.soft import Meeting, PairLimit
from samplan_rostering.solver.solution import Snapshot, SolveOptions, Status
from samplan_rostering.solver.solve import solve, solve_ward

DAYS, PEOPLE = 3, 3
ROWS: list[Row] = list(product((None, 0, 1), repeat=DAYS))
FIND = {Status.OPTIMAL, Status.FEASIBLE}
shifts = st.frozensets(st.integers(0, 1), max_size=2)


@st.composite
def limits(draw: st.DrawFn) -> PairLimit:
    """Draw a rule on two of three people."""
    one, other = draw(st.permutations(range(PEOPLE)))[:2]
    together = draw(st.booleans())
    meetings = tuple(
        Meeting(frozenset((day, s) for s in draw(shifts)), frozenset((day, s) for s in draw(shifts)))
        for day in draw(st.lists(st.integers(0, DAYS - 1), max_size=3))
    )
    return PairLimit(Rule.TOGETHER if together else Rule.APART, one, other, meetings, together)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a problem with needs of different weight, and least hours that rules on two may stand against."""
    hours = draw(st.lists(st.integers(0, 2), min_size=PEOPLE, max_size=PEOPLE))
    people = tuple(EmployeeRules(str(n), least, DAYS, max_run=DAYS) for n, least in enumerate(hours))
    needs = tuple(
        CoverRow(day, s, frozenset(range(PEOPLE)), (CoverStep(Term.UNDER_COVER, 2, under=draw(weight)),))
        for day in range(DAYS)
        for s in range(2)
    )
    found = tuple(draw(st.lists(limits(), min_size=1, max_size=3)))
    return Problem(DAYS, ("D", "N"), ((1, 1),) * DAYS, ((1, 2),), people, needs, pair_limits=found)


weight = st.integers(0, 9)


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(problem=problems())
def test_the_search_ends_at_the_cheapest_roster_that_keeps_them(problem: Problem) -> None:
    rows = [[row for row in ROWS if DAYS - row.count(None) >= own.min_minutes] for own in problem.employees]
    rosters = [roster for roster in product(*rows) if keeps_pairs(problem, roster)]
    solution = solve(problem, SolveOptions(seconds=20, workers=1))
    if not rosters:
        assert solution.status is Status.INFEASIBLE
        assert {rule for reason in solution.reasons for rule in reason.rules} <= {Rule.TOGETHER, Rule.APART}
        assert explain(problem).verdict is Verdict.CLASH
        return
    optimum = min(sum(breakdown(problem, roster).values()) for roster in rosters)
    assert (solution.status, solution.objective) == (Status.OPTIMAL, optimum)
    assert not evaluate_problem(problem, solution.assignments).violations
    assert explain(problem).verdict is Verdict.POSSIBLE
    best = Best(problem)
    best.offer(rosters[0])
    Bounder(best, RowSearch(problem), lambda: 60.0).run()
    assert best.bound is not None
    assert best.bound <= optimum


def test_parts_that_two_threads_found_are_not_joined_to_a_breach() -> None:
    people = tuple(EmployeeRules(code, 0, 1, max_run=1) for code in "AB")
    apart = PairLimit(Rule.APART, 0, 1, (Meeting(frozenset({(0, 0)}), frozenset({(0, 0)})),), together=False)
    need = CoverRow(0, 0, frozenset({0, 1}), (CoverStep(Term.UNDER_COVER, 2, under=5),))
    problem = Problem(1, ("D",), ((1,),), (), people, (need,), pair_limits=(apart,))
    best, base = Best(problem), ((None,), (None,))
    best.offer(base)
    for employee in range(2):
        best.adopt(base, PartResult({employee: (0,)}, optimal=True, infeasible=False, work=0.0))
    assert (best.roster, best.objective) == (((0,), (None,)), 5)
    best.offer(((0,), (0,)))
    assert best.objective == 5
    assert linked(problem, 0) == {0, 1}


def with_pairs(ward: WardData, *pairs: tuple[str, int, int]) -> WardData:
    codes = [employee.code for employee in ward.employees]
    return replace(
        ward,
        settings=tuple(
            RuleSetting(key, Level.HARD, employee=codes[one], other=codes[other]) for key, one, other in pairs
        ),
    )


def test_every_roster_of_a_ward_keeps_mentors_and_who_is_apart(small_ward: Callable[..., WardData]) -> None:
    ward = with_pairs(small_ward(6, 14), ("together", 1, 0), ("apart", 2, 3))
    rosters: list[Snapshot] = []
    options = SolveOptions(seconds=3)
    solution = solve_ward(ward, options, lambda snapshot: bool(rosters.append(snapshot)))
    assert solution.status in FIND
    told = [snapshot.assignments for snapshot in rosters if snapshot.assignments]
    for assignments in {*told, solution.assignments}:
        assert evaluate_ward(ward, assignments).violations == ()
    assert evaluate_ward(ward, solution.assignments).objective == solution.objective
    alike = SolveOptions(seconds=60, workers=1, deterministic_seconds=0.1)  # the same roster every time
    plain = solve_ward(replace(ward, settings=()), alike)
    assert evaluate_ward(ward, plain.assignments).violations != (), "not kept by chance"


def test_a_rule_on_two_that_cannot_be_kept_is_named(small_ward: Callable[..., WardData]) -> None:
    ward = with_pairs(small_ward(3, 14), ("together", 1, 0))
    mentor, learner, _ = (employee.code for employee in ward.employees)
    away = Absence(mentor, ward.period.start, ward.period.end, AbsenceKind.PARENTAL)
    ward = replace(ward, absences=(away,))
    solution = solve_ward(ward, SolveOptions(seconds=20))
    assert solution.status is Status.INFEASIBLE
    assert [(reason.employee, reason.rules) for reason in solution.reasons] == [(learner, (Rule.TOGETHER,))]
    clash = explain(problem_from_ward(ward)).clashes[0]
    assert {part.rule for part in clash.parts} >= {Rule.TOGETHER, Rule.ABSENCE, Rule.HOURS_MIN}


def test_who_learns_does_not_stay_alone_when_the_mentor_falls_ill(
    small_ward: Callable[..., WardData],
) -> None:
    ward = with_pairs(small_ward(6, 14), ("together", 1, 0))
    published = solve_ward(ward, SolveOptions(seconds=2)).assignments
    mentor, learner = ward.employees[0].code, ward.employees[1].code
    first = min(cell.day for cell in published if cell.employee == learner)
    ill = Absence(mentor, ward.period.date_of(first), ward.period.date_of(first), AbsenceKind.SICK)
    found = replan(replace(ward, absences=(ill,)), published, ReplanOptions(first, first - 1))
    assert Rule.TOGETHER not in {violation.rule for violation in found.broken}
    assert learner in {change.cell.employee for change in found.changes}
