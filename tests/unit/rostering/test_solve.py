"""The optimiser: optimal where that is known, and every roster accepted by the evaluator at its price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from time import sleep
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import Pin, WardData
from samplan_rostering.solver import neighbourhoods, solve
from samplan_rostering.solver.solution import Snapshot, SolveOptions, Status
from samplan_rostering.solver.solve import solve_curtois, solve_ward
from samplan_rostering.solver.start import Starter

FIND = {Status.OPTIMAL, Status.FEASIBLE}


@pytest.mark.slow
@pytest.mark.benchmark
@pytest.mark.parametrize(("number", "optimum"), [(1, 607), (2, 828), (3, 1001), (4, 1716)])
def test_public_instances_are_proven_optimal(benchmarks: Path, number: int, optimum: int) -> None:
    """Optima: the public list of best known values (benchmarks/BEST_KNOWN.csv)."""
    instance = parse_curtois((benchmarks / "curtois" / f"Instance{number}.txt").read_text())
    solution = solve_curtois(instance, SolveOptions(seconds=60))
    judged = evaluate_curtois(instance, solution.assignments)
    assert (solution.status, solution.objective, solution.bound) == (Status.OPTIMAL, optimum, optimum)
    assert (judged.violations, judged.objective) == ((), optimum)


def test_an_instance_of_our_own_is_solved_and_priced_alike(own_instance: str) -> None:
    instance = parse_curtois(own_instance)
    solution = solve_curtois(instance, SolveOptions(seconds=20))
    judged = evaluate_curtois(instance, solution.assignments)
    assert solution.status is Status.OPTIMAL
    assert judged.violations == ()
    assert judged.objective == solution.objective == solution.bound
    assert {t: c for t, c in judged.breakdown.items() if c} == {
        t: c for t, c in solution.breakdown.items() if c
    }


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    people=st.integers(3, 6),
    start=st.sampled_from([date(2027, 9, 6), date(2027, 10, 25), date(2027, 3, 22)]),
    day_break=st.sampled_from([time(7, 0), time(19, 0), time(0, 0)]),
)
def test_every_roster_of_a_ward_keeps_the_rules_and_its_price(
    small_ward: Callable[..., WardData], people: int, start: date, day_break: time
) -> None:
    """Periods over both clock changes (28 March and 31 October 2027) included."""
    ward = small_ward(people, 14, start)
    ward = replace(ward, employees=tuple(replace(e, day_break=day_break) for e in ward.employees))
    solution = solve_ward(ward, SolveOptions(seconds=1.5, workers=1))
    if solution.status in FIND:
        judged = evaluate_ward(ward, solution.assignments)
        assert judged.violations == ()
        assert judged.objective == solution.objective
    else:
        assert solution.status is not Status.INFEASIBLE or solution.reasons


def test_why_there_is_no_roster_is_said_by_person_and_rule(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward(2, 14, max_consecutive_days=1, hours_band_minutes=0, hours_band_percent=0)
    solution = solve_ward(ward, SolveOptions(seconds=20))
    assert solution.status is Status.INFEASIBLE
    assert solution.assignments == ()
    rules = {rule for reason in solution.reasons for rule in reason.rules}
    assert rules & {Rule.HOURS_MIN, Rule.HOURS_MAX}
    assert {reason.employee for reason in solution.reasons} <= {e.code for e in ward.employees}


def test_a_locked_cell_stays(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward(4, 14)
    first = ward.employees[0].code
    ward = replace(ward, pins=(Pin(first, ward.period.date_of(2), None),))
    solution = solve_ward(ward, SolveOptions(seconds=2))
    assert solution.status in FIND
    assert not [cell for cell in solution.assignments if (cell.employee, cell.day) == (first, 2)]


def test_it_stops_when_asked_and_keeps_the_best(small_ward: Callable[..., WardData]) -> None:
    seen: list[Snapshot] = []

    def stop_at_the_first(snapshot: Snapshot) -> bool:
        seen.append(snapshot)
        return snapshot.objective is not None

    solution = solve_ward(small_ward(6, 28), SolveOptions(seconds=120), stop_at_the_first)
    assert solution.status in FIND
    assert solution.seconds < 60
    assert seen[-1].assignments is not None


def test_a_first_roster_is_made_however_short_the_limit(small_ward: Callable[..., WardData]) -> None:
    ward = small_ward()
    solution = solve_ward(ward, SolveOptions(seconds=0.001))
    assert solution.status in FIND
    judged = evaluate_ward(ward, solution.assignments)
    assert (judged.violations, judged.objective) == ((), solution.objective)


def test_what_is_too_much_as_a_whole_is_improved_in_parts_of_some_weeks(
    small_ward: Callable[..., WardData], monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = small_ward(5, 28)
    start = solve_ward(ward, SolveOptions(seconds=0.001, workers=1))
    assert start.objective is not None
    before = start.objective

    def is_better(snapshot: Snapshot) -> bool:
        return snapshot.objective is not None and snapshot.objective < before

    monkeypatch.setattr(solve, "TOO_MANY_CELLS", 0)
    monkeypatch.setattr(neighbourhoods, "LONG_DAYS", 20)
    solution = solve_ward(ward, SolveOptions(seconds=120), is_better, start=start.assignments)
    judged = evaluate_ward(ward, solution.assignments)
    assert judged.violations == ()
    assert judged.objective == solution.objective
    assert (solution.bound or 0) <= judged.objective < before


@pytest.mark.parametrize(("stop", "own_time", "least"), [(False, 0.6, 0.6), (True, 600, 0)])
def test_a_first_roster_has_its_own_time_unless_one_stops(
    small_ward: Callable[..., WardData],
    monkeypatch: pytest.MonkeyPatch,
    stop: bool,
    own_time: float,
    least: float,
) -> None:
    class Slow(Starter):
        def run(self) -> None:
            while self._seconds_left() > 0:
                sleep(0.02)

    monkeypatch.setattr(solve, "Starter", Slow)
    monkeypatch.setattr(solve, "FIRST_SECONDS", own_time)
    monkeypatch.setattr(solve, "Prover", Mock(return_value=Mock(infeasible=False)))
    solution = solve_ward(small_ward(), SolveOptions(seconds=0.1), lambda _snapshot: stop)
    assert solution.status is Status.UNKNOWN
    assert least <= solution.seconds < 300


def test_a_failure_in_the_caller_comes_through(small_ward: Callable[..., WardData]) -> None:
    def fail(_snapshot: Snapshot) -> bool:
        raise LookupError("lost")

    with pytest.raises(LookupError):
        solve_ward(small_ward(3, 14), SolveOptions(seconds=30), fail)


def test_one_worker_and_a_seed_give_the_same_roster(own_instance: str) -> None:
    instance = parse_curtois(own_instance)
    options = SolveOptions(seconds=20, workers=1, seed=7, deterministic_seconds=5)
    first, second = (solve_curtois(instance, options) for _ in range(2))
    assert first.assignments == second.assignments
