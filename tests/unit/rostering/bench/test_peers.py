"""The peers' plain model, and what they find with it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benching import TIGHT_INSTANCE, needs
from samplan_rostering.bench.compact import build
from samplan_rostering.bench.measurement import Limits, Task, judge, run
from samplan_rostering.bench.peers import solve_cp_sat
from samplan_rostering.bench.source import read_problem
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.solver.solution import SolveOptions, Status


@pytest.mark.parametrize("peer", ["cp-sat", "highs"])
def test_a_peer_finds_what_the_engine_proves(tmp_path: Path, peer: str) -> None:
    needs({"cp-sat": "ortools", "highs": "highspy"}[peer])
    file = tmp_path / "tight.txt"
    file.write_text(TIGHT_INSTANCE)
    task = Task("samplan", file, read_problem(file), Limits(10, 2))
    ours, theirs = (judge(t, run(t)) for t in (task, replace(task, solver=peer)))
    assert ours.objective is not None
    assert ours.objective > 0
    assert (theirs.status, theirs.objective, theirs.bound) == ("optimal", ours.objective, ours.objective)
    assert (theirs.violations, theirs.evaluator_agrees, theirs.reason) == (0, True, "")
    assert (theirs.gap_bound, ours.gap_bound) == (0.0, 0.0)


@pytest.mark.parametrize("peer", ["cp-sat", "highs"])
def test_a_peer_says_when_there_is_no_roster(tmp_path: Path, own_instance: str, peer: str) -> None:
    needs({"cp-sat": "ortools", "highs": "highspy"}[peer])
    file = tmp_path / "impossible.txt"
    file.write_text(own_instance.replace("A,E=5|L=5,2400,1440,5", "A,E=1|L=1,2400,1440,5"))
    outcome = run(Task(peer, file, read_problem(file), Limits(10, 2)))
    assert outcome.status == "infeasible", outcome.reason


def test_timefold_finds_a_roster(task: Task) -> None:
    needs("timefold")
    row = judge(task, run(replace(task, solver="timefold", limits=Limits(8))))
    assert (row.status, row.violations, row.evaluator_agrees) == ("feasible", 0, True)


def test_a_peer_without_time_for_its_model_has_found_nothing(own_instance: str) -> None:
    solution = solve_cp_sat(parse_curtois(own_instance), SolveOptions(seconds=1e-9), lambda *_: None)
    assert (solution.status, solution.objective, solution.assignments) == (Status.UNKNOWN, None, ())


def test_the_plain_model_prices_a_roster_like_the_evaluator() -> None:
    instance = parse_curtois(TIGHT_INSTANCE)
    model = build(instance)
    for given in (set(), set(model.cells.values()), set(list(model.cells.values())[::3])):
        roster = {(a.employee, a.day): a for a in model.roster(given.__contains__)}
        kept = {model.cells[a.employee, a.day, a.shift] for a in roster.values()}
        judged = evaluate_curtois(instance, roster.values())
        assert model.price(kept.__contains__) == judged.objective


def test_both_libraries_are_never_in_one_process() -> None:
    code = "import sys, samplan_rostering.bench.run; sys.exit('ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
