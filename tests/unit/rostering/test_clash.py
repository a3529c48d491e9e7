"""Why there is no roster: clashes are real, smallest, and found again without assumptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python.cp_model import INFEASIBLE, CpModel, CpSolver

from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import Absence, AbsenceKind, Pin, WardData
from samplan_rostering.solver import soft
from samplan_rostering.solver.contradictions import contradictions
from samplan_rostering.solver.explain import clash as clash_module
from samplan_rostering.solver.explain.atoms import Atom, Clauses, Key, atoms_of
from samplan_rostering.solver.explain.clash import Clash, Verdict, explain, row_clash
from samplan_rostering.solver.explain.needs import needs_of
from samplan_rostering.solver.explain.submodel import Group, possible
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.model import add_row
from samplan_rostering.solver.problem import (
    Blocked,
    CoverRow,
    CoverStep,
    EmployeeRules,
    Forbidden,
    Problem,
    RestWindow,
    Row,
    RunLimit,
)

DAYS, SHIFTS = 6, ("D", "N")
MINUTES = ((8, 10),) * DAYS
WEEKENDS = ((2, 3),)
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def rules(draw: st.DrawFn) -> EmployeeRules:
    """Rules of every kind, some of which clash."""
    cell = st.tuples(st.integers(0, DAYS - 1), st.integers(0, 1))
    least = draw(st.integers(0, 45))
    several = st.lists(cell, min_size=2, max_size=3, unique_by=lambda c: c[0])
    rest = st.lists(st.lists(cell, min_size=1, max_size=2, unique=True), min_size=1, max_size=2)
    windows = draw(st.lists(st.lists(rest, min_size=1, max_size=2), max_size=1))
    return EmployeeRules(
        id="A",
        min_minutes=least,
        max_minutes=least + draw(st.integers(0, 20)),
        max_run=draw(st.integers(1, 4)),
        min_run=draw(st.integers(1, 3)),
        min_off=draw(st.integers(1, 3)),
        run_before=draw(st.integers(0, 2)),
        max_weekends=draw(st.sampled_from([None, 0, 1])),
        max_per_shift=draw(st.sampled_from([(), (None, 1), (2, 2), (0, None)])),
        pinned=tuple(draw(st.lists(cell, max_size=2, unique_by=lambda c: c[0]))),
        blocked=(Blocked(Rule.ABSENCE, frozenset(draw(st.lists(cell, max_size=3)))),),
        forbidden=tuple(
            Forbidden(Rule.SUCCESSION, tuple(sorted(cells))) for cells in draw(st.lists(several, max_size=4))
        ),
        rest_windows=tuple(
            RestWindow(Rule.WEEKLY_REST, tuple(tuple(tuple(sorted(c)) for c in option) for option in window))
            for window in windows
        ),
        run_limits=(
            RunLimit(
                Rule.CONSECUTIVE_NIGHTS, frozenset({1}), draw(st.integers(1, 2)), draw(st.integers(0, 1))
            ),
        ),
        window_limits=(
            soft.WindowLimit(
                Rule.DAILY_REST, range(1, 5), ((1, 2),) * 4, draw(st.sampled_from([None, 2])), 6
            ),
        ),
    )


def problem_of(*own: EmployeeRules, cover: Sequence[CoverRow] = ()) -> Problem:
    return Problem(DAYS, SHIFTS, MINUTES, WEEKENDS, own, tuple(cover))


def by_the_model(problem: Problem, row: Row | None = None) -> bool:
    """Tell whether the optimiser's model has a row, or this one."""
    cp = CpModel()
    built = add_row(cp, problem, problem.employees[0])
    if row is not None:
        for cell in ((day, shift) for day in range(DAYS) for shift in range(2)):
            worked = row[cell[0]] == cell[1]
            if cell in built.cells:
                cp.add(built.cells[cell] == worked)
            elif worked:
                return False
    return CpSolver().solve(cp) != INFEASIBLE


def fixed(row: Row) -> list[Atom]:
    """Return atoms that leave one row only."""
    cells = [(day, shift) for day in range(DAYS) for shift in range(2)]
    return [
        Atom(Rule.PIN, 0, (day,), Clauses((((Key(0, day, shift), row[day] == shift),),)))
        for day, shift in cells
    ]


def test_every_field_of_the_rules_has_its_atoms() -> None:
    """A new hard rule has to be told of here and in `atoms`, or its clashes would not be found."""
    told = {
        *("id", "min_minutes", "max_minutes", "max_run", "min_run", "min_off", "run_before", "max_weekends"),
        *("max_per_shift", "pinned", "blocked", "forbidden", "rest_windows", "run_limits", "window_limits"),
    }
    assert {field.name for field in fields(EmployeeRules)} == told


@QUIET
@given(own=rules(), rows=st.lists(st.tuples(*[st.sampled_from([None, 0, 1])] * DAYS), max_size=8))
def test_the_atoms_say_what_the_model_says(own: EmployeeRules, rows: list[Row]) -> None:
    problem = problem_of(own)
    atoms = list(atoms_of(problem, 0))
    assert possible(problem, atoms, 20) == by_the_model(problem)
    for row in rows:
        assert possible(problem, [*atoms, *fixed(row)], 20) == by_the_model(problem, row)


@settings(QUIET, max_examples=80)
@given(own=rules(), band=st.booleans())
def test_what_is_said_at_once_is_true(own: EmployeeRules, *, band: bool) -> None:
    own = replace(own, min_run=1, max_minutes=own.min_minutes if band else own.max_minutes)
    problem = problem_of(own)
    said = [each for each in contradictions(problem) if each.hard]
    assert not (said and by_the_model(problem)), said


def parts_of(problem: Problem, found: Clash) -> list[Group]:
    """Return the atoms of each part of a clash of one row."""
    atoms = list(atoms_of(problem, 0))
    return [
        tuple(
            atom
            for atom in atoms
            if (atom.rule, atom.shift) == (part.rule, part.shift) and set(atom.days) <= set(part.days)
        )
        for part in found.parts
    ]


@QUIET
@given(own=rules())
def test_a_clash_is_one_and_no_part_of_it_can_be_left_out(own: EmployeeRules) -> None:
    problem = problem_of(own)
    found = row_clash(problem, 0)
    if by_the_model(problem):
        assert found is None
        return
    assert found is not None
    assert found.minimal
    groups = parts_of(problem, found)
    assert possible(problem, [atom for group in groups for atom in group], 20) is False
    for left_out in range(len(groups)):
        rest = [atom for index, group in enumerate(groups) if index != left_out for atom in group]
        if all(len(part.days) < DAYS for part in found.parts):  # whole parts, not only some of their days
            assert possible(problem, rest, 20) is not None


def test_a_locked_shift_in_an_absence_is_the_whole_clash(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward(4, 14)
    code, on = ward.employees[1].code, ward.period.date_of(5)
    ward = replace(ward, pins=(Pin(code, on, "D"),), absences=(Absence(code, on, on, AbsenceKind.VACATION),))
    answer = explain(problem_from_ward(ward))
    assert answer.verdict is Verdict.CLASH
    (found,) = answer.clashes
    assert found.minimal
    assert {(part.rule, part.employee, part.days) for part in found.parts} == {
        (Rule.ABSENCE, 1, (5,)),
        (Rule.PIN, 1, (5,)),
    }


def test_what_is_asked_and_what_is_possible_are_measured(small_ward: Callable[..., WardData]) -> None:
    """Nobody works full time with one day in a row and shifts of at most 585 minutes."""
    ward = small_ward(1, 14, max_consecutive_days=1, hours_band_minutes=100)
    problem = problem_from_ward(ward)
    found = row_clash(problem, 0)
    assert found is not None
    (hours,) = [part for part in found.parts if part.rule is Rule.HOURS_MIN]
    assert hours.limit == problem.employees[0].min_minutes
    assert hours.measured is not None
    assert hours.measured < hours.limit
    assert Rule.CONSECUTIVE_DAYS in {part.rule for part in found.parts}


def need(day: int, level: int, employees: set[int]) -> CoverRow:
    return CoverRow(day, 0, frozenset(employees), (CoverStep(Term.UNDER_MINIMUM, level, under=9),))


def test_a_requirement_clashes_with_an_absence_when_it_is_hard() -> None:
    easy = EmployeeRules(id="A", min_minutes=0, max_minutes=100, max_run=6)
    away = replace(easy, id="B", blocked=(Blocked(Rule.ABSENCE, frozenset({(2, 0), (2, 1)})),))
    problem = problem_of(easy, away, cover=[need(1, 2, {0, 1}), need(2, 2, {0, 1})])
    assert explain(problem).verdict is Verdict.POSSIBLE
    assert explain(problem, hard=[0]).verdict is Verdict.POSSIBLE
    answer = explain(problem, hard=[0, 1])
    assert answer.verdict is Verdict.CLASH
    (found,) = answer.clashes
    told = {(part.rule, part.employee, part.days, part.measured, part.limit) for part in found.parts}
    assert told == {(Rule.ABSENCE, 1, (2,), None, None), (None, None, (2,), 1, 2)}
    assert [part.needs for part in found.parts if part.rule is None] == [(1,)]


def test_hours_that_do_not_suffice_for_all_requirements_clash() -> None:
    short = EmployeeRules(id="A", min_minutes=0, max_minutes=16, max_run=6)
    problem = problem_of(short, replace(short, id="B"), cover=[need(day, 1, {0, 1}) for day in range(DAYS)])
    answer = explain(problem, hard=range(DAYS))
    (found,) = answer.clashes
    assert found.minimal
    limits = {(part.rule, part.employee) for part in found.parts}
    assert limits == {(Rule.HOURS_MAX, 0), (Rule.HOURS_MAX, 1), (None, None)}
    (asked,) = [part for part in found.parts if part.rule is None]
    assert len(asked.needs) == 5  # four days could be covered


def test_what_the_solver_says_of_assumptions_is_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A core that does not clash, or none at all, and the smallest clash is found all the same."""
    easy = EmployeeRules(id="A", min_minutes=0, max_minutes=100, max_run=6)
    locked = replace(easy, pinned=((3, 0),), blocked=(Blocked(Rule.ABSENCE, frozenset({(3, 0), (3, 1)})),))
    monkeypatch.setattr(clash_module, "FEW_PARTS", 0)
    for wrong in (lambda _p, groups, _s: [groups[-1]], lambda _p, _g, _s: None):
        monkeypatch.setattr(clash_module, "assumed_core", wrong)
        found = row_clash(problem_of(locked), 0)
        assert found is not None
        assert {part.rule for part in found.parts} == {Rule.PIN, Rule.ABSENCE}


def test_what_is_not_found_out_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    easy = EmployeeRules(id="A", min_minutes=0, max_minutes=100, max_run=6)
    locked = replace(easy, pinned=((3, 0),), blocked=(Blocked(Rule.ABSENCE, frozenset({(3, 0)})),))
    monkeypatch.setattr(clash_module, "possible", lambda *_: None)
    assert explain(problem_of(locked)).verdict is Verdict.UNKNOWN
    assert explain(problem_of(easy, cover=[need(1, 1, {0})]), hard=[0]).verdict is Verdict.UNKNOWN


def test_needs_are_numbered_as_in_the_compiled_problem(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward(6, 14)
    problem = problem_from_ward(ward)
    named = [(day, row.shift, row.minimum) for day, row in needs_of(ward)]
    assert named == [(row.day, problem.shifts[row.shift], row.steps[0].level) for row in problem.cover]


def test_days_off_that_are_too_few_after_the_run_before_are_a_clash() -> None:
    locked = tuple((day, 0) for day in range(1, DAYS))
    own = EmployeeRules("A", 0, 10 * DAYS, max_run=DAYS + 1, min_off=2, run_before=1, pinned=locked)
    closed = Blocked(Rule.ABSENCE, frozenset({(0, 0), (0, 1)}))
    found = row_clash(problem_of(replace(own, blocked=(closed,))), 0)
    assert found is not None
    assert Rule.MIN_DAYS_OFF in {part.rule for part in found.parts}
