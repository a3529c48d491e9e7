"""Rosters made for instances of the competition INRC-II: their price, their commands, week by week."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from inrc2_files import HISTORY, SCENARIO, WEEK, WEEK_1
from samplan_rostering.cli import rostering
from samplan_rostering.domain.inrc2.evaluate import Inrc2Rule, Inrc2Term, evaluate_inrc2, history_after
from samplan_rostering.domain.inrc2.text import parse_history, parse_scenario, parse_week
from samplan_rostering.domain.inrc2.values import Inrc2Assignment, Inrc2Instance, NursePast, Span
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Term
from samplan_rostering.inrc2.files import read_solution
from samplan_rostering.inrc2.names import list_instances, named_instance, scenario_folder
from samplan_rostering.solver.from_inrc2 import MISSING, inrc2_assignments, problem_from_inrc2
from samplan_rostering.solver.objective import breakdown
from samplan_rostering.solver.problem import Row
from samplan_rostering.solver.solution import SolveOptions, Status
from samplan_rostering.solver.solve_inrc2 import solve_inrc2, solve_week_by_week

_SCENARIO = parse_scenario("Sc-prov.txt", SCENARIO)
INSTANCE = Inrc2Instance(
    _SCENARIO,
    parse_history("H0-prov-0.txt", HISTORY, _SCENARIO),
    tuple(parse_week("WD-prov-0.txt", text, _SCENARIO) for text in (WEEK, WEEK_1)),
)
OPTIONS = SolveOptions(seconds=300, workers=1, deterministic_seconds=10)  # two solves find the same
TERMS = {
    Inrc2Term.TOTAL_ASSIGNMENTS: Term.TOTAL_SHIFTS,
    Inrc2Term.CONSECUTIVE: Term.RUNS,
    Inrc2Term.DAYS_OFF: Term.DAYS_OFF,
    Inrc2Term.PREFERENCES: Term.WISHES,
    Inrc2Term.MAX_WEEKENDS: Term.WEEKENDS_OVER,
    Inrc2Term.COMPLETE_WEEKENDS: Term.WHOLE_WEEKEND,
    Inrc2Term.OPTIMAL_COVERAGE: Term.UNDER_TARGET,
}


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low = draw(st.integers(0, 4))
    return Span(low, draw(st.integers(low, 7)))


@st.composite
def pasts(draw: st.DrawFn, nurse: str) -> NursePast:
    last = draw(st.sampled_from([None, "Day", "Eve"]))
    same = draw(st.integers(1, 6))
    return NursePast(
        nurse,
        draw(st.integers(0, 12)),
        draw(st.integers(0, 3)),
        last,
        same if last else 0,
        same + draw(st.integers(0, 2)) if last else 0,
        0 if last else draw(st.integers(0, 6)),
    )


@st.composite
def instances(draw: st.DrawFn) -> Inrc2Instance:
    """The small instance with other spans and another past."""
    shifts = tuple(replace(shift, consecutive=draw(spans())) for shift in _SCENARIO.shifts)
    contracts = tuple(
        replace(
            contract,
            assignments=draw(spans()),
            consecutive_work=draw(spans()),
            consecutive_off=draw(spans()),
            max_weekends=draw(st.integers(0, 2)),
            complete_weekends=draw(st.booleans()),
        )
        for contract in _SCENARIO.contracts
    )
    scenario = replace(_SCENARIO, shifts=shifts, contracts=contracts)
    past = tuple(draw(pasts(nurse.id)) for nurse in scenario.nurses)
    return Inrc2Instance(scenario, replace(INSTANCE.history, nurses=past), INSTANCE.weeks)


@settings(max_examples=60, deadline=None)
@given(instance=instances(), data=st.data())
def test_the_engine_prices_a_roster_as_the_evaluator_does(
    instance: Inrc2Instance, data: st.DataObject
) -> None:
    problem = problem_from_inrc2(instance)
    possible = [
        [None, *(s for s, name in enumerate(problem.shifts) if name.split()[1] in nurse.skills)]
        for nurse in instance.scenario.nurses
    ]
    days = instance.days
    roster: tuple[Row, ...] = tuple(
        tuple(data.draw(st.lists(st.sampled_from(own), min_size=days, max_size=days))) for own in possible
    )
    assignments = inrc2_assignments(
        Assignment(rules.id, day, problem.shifts[shift])
        for rules, row in zip(problem.employees, roster, strict=True)
        for day, shift in enumerate(row)
        if shift is not None
    )
    judged, priced = evaluate_inrc2(instance, assignments), breakdown(problem, roster)
    for theirs, own in TERMS.items():
        assert priced.get(own, 0) == judged.breakdown[theirs], theirs
    missing = judged.broken(Inrc2Rule.MINIMAL_COVERAGE)
    assert priced[Term.UNDER_MINIMUM] == MISSING * missing
    assert sum(priced.values()) == judged.objective + MISSING * missing


def test_all_weeks_are_solved_to_the_optimum_by_the_competitions_rules() -> None:
    solution = solve_inrc2(INSTANCE, OPTIONS)
    judged = evaluate_inrc2(INSTANCE, inrc2_assignments(solution.assignments))
    assert solution.status is Status.OPTIMAL
    assert (judged.violations, judged.objective) == ((), solution.objective)


def test_week_by_week_sees_the_past_only_and_costs_what_the_whole_costs() -> None:
    solution = solve_week_by_week(INSTANCE, OPTIONS)
    assignments = inrc2_assignments(solution.assignments)
    judged = evaluate_inrc2(INSTANCE, assignments)
    assert (solution.status, solution.bound) == (Status.FEASIBLE, None)
    assert (judged.violations, judged.objective) == ((), solution.objective)
    best = solve_inrc2(INSTANCE, OPTIONS)
    assert best.objective is not None
    assert judged.objective >= best.objective
    blind = replace(INSTANCE, weeks=(INSTANCE.weeks[0], replace(INSTANCE.weeks[1], requirements=())))
    first = [cell for cell in assignments if cell.day < 7]
    again = inrc2_assignments(solve_week_by_week(blind, OPTIONS).assignments)
    assert [cell for cell in again if cell.day < 7] == first


def test_a_week_before_the_last_is_charged_for_what_it_uses_up() -> None:
    """A1 may work 6 to 10 shifts and one weekend in two weeks, B2 has used its weekend up."""
    part = replace(INSTANCE, weeks=INSTANCE.weeks[:1])
    problem = problem_from_inrc2(part)
    totals = {cost.employee: (cost.low, cost.high, cost.weight) for cost in problem.window_costs}
    assert totals == {0: (3, 5, 10), 1: (2, 4, 10), 2: (1, 3, 10)}
    assert [(c.free, c.over) for c in problem.weekend_costs] == [(0, 15), (0, 30), (0, 0)]
    last = Inrc2Instance(INSTANCE.scenario, history_after(part, ()), INSTANCE.weeks[1:])
    problem = problem_from_inrc2(last)
    assert [(c.low, c.high, c.weight) for c in problem.window_costs] == [(6, 10, 20), (4, 8, 20), (3, 6, 20)]
    assert [(c.free, c.over) for c in problem.weekend_costs] == [(1, 30), (0, 30), (2, 30)]


def test_nobody_for_a_minimum_costs_more_than_all_else_and_is_reported() -> None:
    week = INSTANCE.weeks[0]
    lead = replace(week.requirements[0], shift="Day", skill="Lead", day=2, minimum=2, optimal=2)
    instance = replace(
        INSTANCE, weeks=(replace(week, requirements=(*week.requirements, lead)), INSTANCE.weeks[1])
    )
    solution = solve_inrc2(instance, OPTIONS)
    judged = evaluate_inrc2(instance, inrc2_assignments(solution.assignments))
    assert [(v.rule, v.day, v.missing) for v in judged.violations] == [(Inrc2Rule.MINIMAL_COVERAGE, 2, 1)]
    assert solution.objective == judged.objective + MISSING


def test_a_shift_that_does_not_exist_stays_a_violation() -> None:
    found = inrc2_assignments([Assignment("A1", 0, "Nonsense")])
    assert found == (Inrc2Assignment("A1", 0, "Nonsense", ""),)
    assert evaluate_inrc2(INSTANCE, found).broken(Inrc2Rule.UNKNOWN) == 1


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(rostering, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("more", [(), ("--week-by-week",)])
def test_solve_writes_what_check_inrc2_accepts(folder: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    out, made = tmp_path / "out.json", tmp_path / "made"
    place = ("solve", folder, "--history", 0, "--weeks", "0-7")
    code, printed, told = run(*place, "--seconds", 20, "--out", out, "--solution", made, "--json", *more)
    assert (code, told) == (0, "")
    roster = json.loads(out.read_text())
    assert json.loads(printed) == roster
    assert sorted(path.name for path in made.iterdir()) == ["Sol-prov-0-0.txt", "Sol-prov-7-1.txt"]
    code, printed, _ = run(
        "check-inrc2", folder, "--history", 0, "--weeks", "0-7", "--solution", made, "--json"
    )
    assert (code, json.loads(printed)["objective"]) == (0, roster["objective"])
    assert len(read_solution(made, INSTANCE, (0, 7))) == len(roster["assignments"])


def test_an_instance_is_known_by_its_name_too(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    code, _, told = run("solve", folder / "prov_0_0-0", "--seconds", 20, "--out", out)
    assert (code, told) == (0, "")
    assert named_instance(folder / "prov_0_0-7.txt") == named_instance(folder / "prov_0_0-7")
    assert named_instance(folder / "other_0_0-7") is None
    assert scenario_folder(folder / "Sc-prov.txt") == scenario_folder(folder) == folder
    assert list_instances(folder) == [folder / "prov_0_0-7"]
    (folder / "Solution_H_2-WD_7-0").mkdir()
    assert list_instances(folder) == [folder / "prov_0_0-7", folder / "prov_2_7-0"]


def test_without_a_named_instance_the_first_weeks_are_taken(folder: Path) -> None:
    (folder / "prov_0_0-7.txt").unlink()
    assert list_instances(folder) == [folder / "prov_0_0-1"]


def test_bad_input_is_named_and_ends_with_2(folder: Path, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "out.json")
    code, _, told = run("solve", folder, "--history", 0, *out)
    assert (code, "needs --history and --weeks" in told) == (2, True)
    code, _, told = run("solve", folder, "--history", 0, "--weeks", "0-x", *out)
    assert (code, "expected numbers of week data" in told) == (2, True)
    code, _, told = run("solve", folder, "--history", 0, "--weeks", "0-9", *out)
    assert (code, "WD-prov-9.txt" in told) == (2, True)
    code, _, told = run("solve", folder, "--history", 0, "--weeks", "0", *out)
    assert (code, "2 weeks" in told) == (2, True)
    code, _, told = run("solve", tmp_path / "ward.xlsx", "--week-by-week", *out)
    assert (code, "no instance of INRC-II" in told) == (2, True)
    blocked = tmp_path / "file"
    blocked.write_text("")
    more = ("--history", 0, "--weeks", "0-7", "--seconds", 10, "--solution", blocked / "x")
    code, _, told = run("solve", folder, *more, *out)
    assert (code, str(blocked) in told) == (2, True)


def test_a_minimum_that_nobody_can_fill_ends_with_1(folder: Path, tmp_path: Path) -> None:
    week = folder / "WD-prov-0.txt"
    week.write_text(week.read_text().replace("Day Care (1,1)", "Day Care (4,4)"))
    out = tmp_path / "out.json"
    code, _, told = run("solve", folder, "--history", 0, "--weeks", "0-7", "--seconds", 10, "--out", out)
    assert (code, told) == (1, "2 missing below the minimum\n")  # A1 may not follow Eve by Day


@pytest.mark.parametrize("only", [(), ("--instance", "prov_0_7-0")])
def test_bench_takes_a_folder_of_instances(folder: Path, tmp_path: Path, only: tuple[str, ...]) -> None:
    instances = tmp_path / "all"
    instances.mkdir()
    (instances / "prov").symlink_to(folder, target_is_directory=True)
    out = tmp_path / "results.csv"
    code, _, told = run("bench", instances, "--seconds", 20, "--workers", 1, "--out", out, *only)
    assert (code, told) == (0, "")
    with out.open() as file:
        (row,) = csv.DictReader(file)
    assert row["file"] == (only[1] if only else "prov_0_0-7")
    assert (row["staff"], row["days"], row["shifts"], row["status"]) == ("3", "14", "4", "optimal")
    assert (row["violations"], row["evaluator_agrees"]) == ("0", "yes")


def test_bench_refuses_a_name_without_a_scenario(folder: Path, tmp_path: Path) -> None:
    code, _, told = run("bench", folder, "--instance", "absent_0_1", "--out", tmp_path / "results.csv")
    assert (code, "no scenario of INRC-II for absent_0_1" in told) == (2, True)


@pytest.mark.benchmark
def test_a_public_instance_is_rostered_without_a_broken_rule(benchmarks: Path) -> None:
    instance = named_instance(benchmarks / "inrc2" / "n005w4" / "n005w4_0_1-2-3-3")
    assert instance is not None
    read = instance.read()
    solution = solve_inrc2(read, SolveOptions(seconds=30))
    judged = evaluate_inrc2(read, inrc2_assignments(solution.assignments))
    assert (judged.violations, judged.objective) == ((), solution.objective)
    assert judged.objective < 1695  # that of the published roster
