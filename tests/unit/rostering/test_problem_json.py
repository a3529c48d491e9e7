"""A problem as a value: JSON and back, what is refused, and what contradicts itself before any search."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplan_rostering.cli import rostering
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import Pin, WardData
from samplan_rostering.solver.contradictions import contradictions
from samplan_rostering.solver.evaluate_problem import evaluate_problem
from samplan_rostering.solver.from_curtois import problem_from_curtois
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.problem import Blocked, CoverRow, CoverStep, EmployeeRules, Forbidden, Problem
from samplan_rostering.solver.problem_json import ProblemFormatError, problem_from_json, problem_to_json
from samplan_rostering.solver.soft import FREE, CombinationCost, WindowLimit, each_day
from samplan_rostering.solver.solution import SolveOptions, Status
from samplan_rostering.solver.solve import solve

OWN = EmployeeRules(id="A", min_minutes=0, max_minutes=2400, max_run=5)
PLAIN = Problem(3, ("D", "N"), ((480, 600),) * 3, ((1, 2),), (OWN,))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    people=st.integers(2, 5),
    levels=st.lists(st.sampled_from(Level), min_size=5, max_size=5),
    day_break=st.sampled_from([time(7, 0), time(0, 0)]),
)
def test_a_problem_comes_back_as_it_was_with_the_same_hash(
    small_ward: Callable[..., WardData], people: int, levels: list[Level], day_break: time
) -> None:
    keys = ("quick_return", "free_days", "whole_weekend", "rest_after_nights", "consecutive_nights")
    ward = small_ward(people, 14)
    first, second = ward.employees[0].code, ward.employees[1].code
    ward = replace(
        ward,
        employees=tuple(replace(employee, day_break=day_break) for employee in ward.employees),
        settings=(
            *(RuleSetting(key, level) for key, level in zip(keys, levels, strict=True)),
            RuleSetting("apart", Level.SOFT, None, first, second),
            RuleSetting("unwanted_pattern", Level.HARD, parameters=(("pattern", "N - N"),)),
        ),
    )
    problem = problem_from_ward(ward)
    text = problem_to_json(problem)
    again = problem_from_json(text)
    assert again == problem
    assert hash(again) == hash(problem)
    assert problem_to_json(again) == text


def test_a_benchmark_instance_comes_back_and_is_solved_alike(own_instance: str) -> None:
    problem = problem_from_curtois(parse_curtois(own_instance))
    again = problem_from_json(problem_to_json(problem))
    assert again == problem
    solution = solve(again, SolveOptions(seconds=20))
    assert solution.status is Status.OPTIMAL
    judged = evaluate_problem(again, solution.assignments)
    assert (judged.violations, judged.objective) == ((), solution.objective)


def content() -> dict[str, Any]:
    """Return the JSON content of a small problem, to be spoilt."""
    read: dict[str, Any] = json.loads(problem_to_json(PLAIN))
    return read


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format",), "other", "not a problem"),
        (("version",), 2, "version 2: expected 1"),
        (("problem",), [], "problem: [], expected an object"),
        (("problem", "days"), "3", "problem.days: '3', expected a whole number"),
        (("problem", "days"), True, "problem.days: True, expected a whole number"),
        (("problem", "more"), 1, "problem: unknown more"),
        (("problem", "minutes"), [[480, 600]], "one row per day"),
        (("problem", "employees"), [{"id": "A"}], "problem.employees[0]: missing min_minutes"),
        (("problem", "cover"), [{"day": 9, "shift": 0, "employees": [0], "steps": []}], "day 9"),
        (("problem", "cover"), [{"day": 0, "shift": 0, "employees": [7], "steps": []}], "employee 7"),
        (("problem", "weekends"), [[1, 9]], "a weekend names a day"),
    ],
)
def test_what_is_no_problem_is_refused_with_its_place(
    path: tuple[str, ...], value: object, message: str
) -> None:
    spoilt = content()
    place = spoilt
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(ProblemFormatError) as refused:
        problem_from_json(json.dumps(spoilt))
    assert message in str(refused.value)
    assert problem_from_json(json.dumps(content())) == PLAIN


def test_text_that_is_not_json_and_unknown_names_are_refused() -> None:
    with pytest.raises(ProblemFormatError, match="not JSON"):
        problem_from_json("{")
    spoilt = content()
    spoilt["problem"]["employees"][0]["blocked"] = [{"rule": "nonsense", "cells": []}]
    with pytest.raises(
        ProblemFormatError, match=r"blocked\[0\].rule: 'nonsense', expected the name of a rule"
    ):
        problem_from_json(json.dumps(spoilt))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"employees": (OWN, OWN)}, "same id"),
        ({"shifts": ("D", "D")}, "same code"),
        (
            {"employees": tuple(replace(OWN, id=str(n)) for n in range(10_000))},
            "10000 employees are too many",
        ),
        ({"employees": (replace(OWN, pinned=((0, 5),)),)}, "'A': a rule names a day or shift"),
        ({"employees": (replace(OWN, forbidden=(Forbidden(Rule.PIN, ((7, 0),)),)),)}, "'A': a forbidden"),
        ({"employees": (replace(OWN, max_run=-1),)}, "below what it can be"),
        ({"employees": (replace(OWN, max_per_shift=(1,)),)}, "for each shift or for none"),
        ({"cover": (CoverRow(0, 0, frozenset({0}), (CoverStep(Term.COST, -1, 1),)),)}, "negative number"),
        ({"cover": (CoverRow(0, 0, frozenset({0}), (CoverStep(Term.COST, 1, 1 << 60),)),)}, "too large"),
        ({"combination_costs": (CombinationCost(Term.COST, 0, ((0, 0),), -1),)}, "negative weight"),
    ],
)
def test_data_that_cannot_be_is_refused_in_words(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(PLAIN, **changes)


def test_a_free_day_may_be_part_of_a_combination() -> None:
    costs = (CombinationCost(Term.COST, 0, ((0, 0), (1, FREE)), 4),)
    problem = replace(PLAIN, combination_costs=costs)
    assert evaluate_problem(problem, [Assignment("A", 0, "D")]).objective == 4
    assert evaluate_problem(problem, [Assignment("A", 0, "D"), Assignment("A", 1, "N")]).objective == 0


def test_contradictions_are_said_by_name_before_any_search() -> None:
    days = range(3)
    clashing = replace(
        OWN,
        min_minutes=900,
        max_minutes=600,
        min_run=9,
        pinned=((0, 0), (0, 1), (1, 0)),
        blocked=(Blocked(Rule.ABSENCE, frozenset({(1, 0)})),),
        forbidden=(Forbidden(Rule.REST_AFTER_SHIFT, ((0, 1), (1, 0))),),
        window_limits=(WindowLimit(Rule.SHIFT_COUNT, days, each_day(days, (1, 0)), 5, None),),
    )
    need = CoverRow(1, 0, frozenset({0}), (CoverStep(Term.UNDER_MINIMUM, 2, under=9),))
    found = contradictions(replace(PLAIN, employees=(clashing,), cover=(need,)))
    assert [str(each) for each in found] == [
        "A: at least 900 minutes but at most 600",
        "A: at least 9 days in a row but at most 5",
        "A: the rule shift_count asks for 5, there are 3",
        "A: two shifts are locked, day 0",
        "A: D is locked, the rule absence excludes it, day 1",
        "A: locked shifts break the rule rest_after_shift, day 1",
        "2 are needed on D, 0 can work it, day 1",
    ]
    assert [each.hard for each in found] == [True] * 6 + [False]
    assert contradictions(PLAIN) == []


def test_a_ward_says_which_locked_shift_clashes(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward(3, 14)
    someone = ward.employees[0].code
    ward = replace(ward, contracts=tuple(c for c in ward.contracts if c.employee != someone))
    ward = replace(ward, pins=(Pin(someone, ward.period.start, "D"),))
    found = [str(each) for each in contradictions(problem_from_ward(ward)) if each.hard]
    assert f"{someone}: D is locked, the rule contract excludes it, day 0" in found


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(rostering, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_line_writes_solves_and_checks_a_problem(tmp_path: Path, own_instance: str) -> None:
    instance, written, roster = (tmp_path / name for name in ("own.txt", "problem.json", "roster.json"))
    instance.write_text(own_instance)
    assert run("problem", instance, "--json", written) == (0, "", "")
    assert problem_from_json(written.read_text()) == problem_from_curtois(parse_curtois(own_instance))
    again = tmp_path / "again.json"
    assert run("problem", written, "--json", again)[0] == 0
    assert again.read_text() == written.read_text()
    assert run("solve", written, "--seconds", 20, "--out", roster)[0] == 0
    assert run("check", written, roster)[0] == run("check", instance, roster)[0] == 0
    roster.write_text(json.dumps({"assignments": [{"employee": "A", "day": 0, "shift": "E"}]}))
    code, printed, _ = run("check", written, roster)
    assert (code, "absence: A, day 0" in printed) == (1, True)


def test_the_command_line_refuses_what_is_no_problem_and_says_contradictions(tmp_path: Path) -> None:
    file, out = tmp_path / "problem.json", tmp_path / "out.json"
    spoilt = content()
    spoilt["problem"]["days"] = "3"
    file.write_text(json.dumps(spoilt))
    code, _, told = run("solve", file, "--out", out)
    assert (code, "problem.days: '3', expected a whole number" in told) == (2, True)
    clashing = replace(OWN, min_minutes=900, max_minutes=600)
    file.write_text(problem_to_json(replace(PLAIN, employees=(clashing,))))
    code, _, told = run("solve", file, "--out", out)
    assert (code, "A: at least 900 minutes but at most 600" in told) == (3, True)
    assert run("problem", file, "--json", tmp_path / "none" / "out.json")[0] == 2
    file.write_text('{"format": "other"}')
    assert run("solve", file, "--out", out)[0] == 2
