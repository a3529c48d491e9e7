"""The evaluator of the competition INRC-II: each rule just kept and just broken, and the borders of weeks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplan_rostering.domain.inrc2.evaluate import (
    CONSECUTIVE_SHIFT_WEIGHT,
    WEIGHTS,
    Inrc2Evaluation,
    Inrc2Rule,
    Inrc2Term,
    evaluate_inrc2,
    history_after,
)
from samplan_rostering.domain.inrc2.values import (
    Inrc2Assignment,
    Inrc2Contract,
    Inrc2History,
    Inrc2Instance,
    Inrc2Nurse,
    Inrc2Request,
    Inrc2Requirement,
    Inrc2Scenario,
    Inrc2Shift,
    Inrc2Week,
    NursePast,
    Span,
)
from samplan_rostering.inrc2.cli import validator_lines
from samplan_rostering.inrc2.files import read_instance, read_solution

CONTRACT = Inrc2Contract("full", Span(4, 10), Span(2, 4), Span(2, 3), 1, complete_weekends=True)
SHIFTS = (Inrc2Shift("E", Span(2, 3)), Inrc2Shift("L", Span(2, 3), ("E",)))
KEPT = "EEE--EE--LL---"
"""Two weeks that keep every rule."""


def one_nurse(
    contract: Inrc2Contract = CONTRACT, past: NursePast | None = None, *weeks: Inrc2Week
) -> Inrc2Instance:
    """Return two weeks of one nurse who has one of two skills."""
    weeks = weeks or (Inrc2Week("own", (), ()),) * 2
    nurse = Inrc2Nurse("A", contract.id, ("care",))
    scenario = Inrc2Scenario("own", 2, ("care", "lead"), SHIFTS, (contract,), (nurse,))
    return Inrc2Instance(scenario, Inrc2History(0, "own", (past or NursePast("A"),)), weeks)


def row(text: str, nurse: str = "A", skill: str = "care") -> list[Inrc2Assignment]:
    """Return a nurse's shifts: a letter a day, '-' for a free day."""
    return [Inrc2Assignment(nurse, day, shift, skill) for day, shift in enumerate(text) if shift != "-"]


def costs(evaluation: Inrc2Evaluation) -> dict[Inrc2Term, int]:
    return {term: cost for term, cost in evaluation.breakdown.items() if cost}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (KEPT, {}),
        ("EEEE---LL---EE", {Inrc2Term.CONSECUTIVE: 15}),  # four of one type, one too many
        ("EEL--EE--LL---", {Inrc2Term.CONSECUTIVE: 15}),  # one L, one too few
        ("EELL---LL---EE", {}),
        ("EELLL--LL---EE", {Inrc2Term.CONSECUTIVE: 30}),  # five days of work
        ("EEE--EE--L----", {Inrc2Term.CONSECUTIVE: 45, Inrc2Term.DAYS_OFF: 30}),
        ("EE---EE---LL--", {}),
        ("EEE----LL---EE", {Inrc2Term.DAYS_OFF: 30}),  # four days off
        ("EEE-LLL---LL--", {Inrc2Term.DAYS_OFF: 30}),  # one day off
        ("EE--EE---LL---", {Inrc2Term.COMPLETE_WEEKENDS: 30}),  # Saturday alone
        ("EE---EE---LLEE", {Inrc2Term.MAX_WEEKENDS: 30}),  # a second weekend, with L before E
        ("-" * 14, {Inrc2Term.TOTAL_ASSIGNMENTS: 80, Inrc2Term.DAYS_OFF: 30 * 11}),
    ],
)
def test_what_a_row_costs(text: str, expected: dict[Inrc2Term, int]) -> None:
    assert costs(evaluate_inrc2(one_nurse(), row(text))) == expected


@pytest.mark.parametrize(
    ("least", "most", "cost"), [(7, 7, 0), (8, 9, 20), (5, 6, 20), (10, 12, 60), (0, 4, 60)]
)
def test_total_assignments_cost_outside_their_span(least: int, most: int, cost: int) -> None:
    contract = replace(CONTRACT, assignments=Span(least, most))
    judged = evaluate_inrc2(one_nurse(contract), row(KEPT))
    assert judged.breakdown[Inrc2Term.TOTAL_ASSIGNMENTS] == judged.objective == cost


def test_half_weekends_cost_only_with_the_contract_that_asks_for_whole_ones() -> None:
    free = replace(CONTRACT, complete_weekends=False)
    assert costs(evaluate_inrc2(one_nurse(free), row("EE--EE---LL---"))) == {}


def test_a_half_weekend_is_a_working_weekend() -> None:
    contract = replace(CONTRACT, complete_weekends=False, max_weekends=0)
    judged = evaluate_inrc2(one_nurse(contract), row("EE--EE---LL---"))
    assert costs(judged) == {Inrc2Term.MAX_WEEKENDS: 30}


@pytest.mark.parametrize(
    ("past", "text", "expected"),
    [
        # (last shift, days of it, days of work, days off), and what follows
        (("E", 1, 1, 0), KEPT, {Inrc2Term.CONSECUTIVE: 15}),  # four E in all, one of them in history
        (("E", 2, 2, 0), KEPT, {Inrc2Term.CONSECUTIVE: 2 * 15 + 30}),
        (("E", 1, 1, 0), "EE---EE---LL--", {}),
        (("E", 9, 9, 0), "E--LL-----LLEE", {Inrc2Term.CONSECUTIVE: 45, Inrc2Term.DAYS_OFF: 60}),
        (("E", 9, 9, 0), "--EE----LLL---", {Inrc2Term.DAYS_OFF: 30}),  # what was too long before is paid
        (("L", 1, 1, 0), "---EE----LLL--", {Inrc2Term.CONSECUTIVE: 45, Inrc2Term.DAYS_OFF: 30}),
        (("E", 1, 3, 0), "LL--EEE---LL--", {Inrc2Term.CONSECUTIVE: 15 + 30}),  # E too short, work too long
        ((None, 0, 0, 1), KEPT, {Inrc2Term.DAYS_OFF: 30}),
        ((None, 0, 0, 2), KEPT, {}),
        ((None, 0, 0, 9), KEPT, {}),
        ((None, 0, 0, 1), "-EE---LL---EEE", {Inrc2Term.MAX_WEEKENDS: 30, Inrc2Term.COMPLETE_WEEKENDS: 30}),
        ((None, 0, 0, 3), "-EE--EE--LL---", {Inrc2Term.DAYS_OFF: 30}),
        ((None, 0, 0, 9), "-EE--EE--LL---", {Inrc2Term.DAYS_OFF: 30}),  # one day, not seven
    ],
)
def test_history_counts_at_the_first_border(
    past: tuple[str | None, int, int, int], text: str, expected: dict[Inrc2Term, int]
) -> None:
    record = NursePast("A", 0, 0, *past)
    assert costs(evaluate_inrc2(one_nurse(CONTRACT, record), row(text))) == expected


def test_a_run_that_reaches_the_end_is_never_too_short_but_may_be_too_long() -> None:
    contract = replace(CONTRACT, complete_weekends=False)
    assert costs(evaluate_inrc2(one_nurse(contract), row("EE---EE---LL-E"))) == {
        Inrc2Term.MAX_WEEKENDS: 30,
        Inrc2Term.DAYS_OFF: 30,  # the day off before; the single E may go on
    }
    assert costs(evaluate_inrc2(one_nurse(contract), row("EE---LL---EEEE"))) == {
        Inrc2Term.MAX_WEEKENDS: 30,
        Inrc2Term.CONSECUTIVE: 15,
    }


def test_totals_and_weekends_of_the_history_count_at_the_end_of_the_horizon_only() -> None:
    past = NursePast("A", 5, 1, None, 0, 0, 2)
    whole = one_nurse(CONTRACT, past)
    assert costs(evaluate_inrc2(whole, row(KEPT))) == {
        Inrc2Term.TOTAL_ASSIGNMENTS: 2 * 20,  # 12 of at most 10
        Inrc2Term.MAX_WEEKENDS: 30,
    }
    first = replace(whole, weeks=whole.weeks[:1])
    assert not first.ends_horizon
    assert costs(evaluate_inrc2(first, row(KEPT[:7]))) == {}


def test_a_request_costs_when_its_shift_is_given() -> None:
    asked = (
        Inrc2Request("A", 0, "E"),
        Inrc2Request("A", 1, None),
        Inrc2Request("A", 2, "L"),
        Inrc2Request("A", 3, None),
    )
    instance = one_nurse(CONTRACT, None, Inrc2Week("own", (), asked), Inrc2Week("own", (), asked))
    assert costs(evaluate_inrc2(instance, row(KEPT))) == {Inrc2Term.PREFERENCES: 10 * 4}
    # In the first week Monday and Tuesday, but E is no L on Wednesday; in the second Wednesday and Thursday.


def test_coverage_is_asked_for_by_shift_and_skill() -> None:
    needs = (
        Inrc2Requirement("E", "care", 0, 1, 1),
        Inrc2Requirement("E", "care", 1, 1, 3),
        Inrc2Requirement("E", "lead", 2, 1, 2),
        Inrc2Requirement("L", "care", 3, 0, 1),
    )
    instance = one_nurse(CONTRACT, None, Inrc2Week("own", needs, ()), Inrc2Week("own", (), ()))
    judged = evaluate_inrc2(instance, row(KEPT))
    assert costs(judged) == {Inrc2Term.OPTIMAL_COVERAGE: 30 * (0 + 2 + 2 + 1)}
    (missing,) = judged.violations
    assert (missing.rule, missing.day, missing.shift, missing.skill) == (
        Inrc2Rule.MINIMAL_COVERAGE,
        2,
        "E",
        "lead",
    )
    assert (missing.nurse, missing.missing) == (None, 1)


def test_more_people_than_optimal_cost_nothing() -> None:
    week = Inrc2Week("own", (Inrc2Requirement("E", "care", 0, 0, 0),), ())
    assert costs(evaluate_inrc2(one_nurse(CONTRACT, None, week, week), row(KEPT))) == {}


def test_hard_rules_of_a_nurse() -> None:
    def broken(assignments: list[Inrc2Assignment], past: NursePast | None = None) -> list[tuple[str, int]]:
        judged = evaluate_inrc2(one_nurse(CONTRACT, past), assignments)
        return [(violation.rule.value, violation.day) for violation in judged.violations]

    assert broken(row(KEPT)) == []
    assert broken([*row(KEPT), Inrc2Assignment("A", 2, "L", "care")]) == [("single_assignment", 2)]
    assert broken([*row(KEPT), Inrc2Assignment("A", 13, "L", "lead")]) == [("required_skill", 13)]
    assert broken(row("LE")) == [("succession", 1)]
    assert broken(row("L-E")) == []
    assert broken(row("------LE")) == [("succession", 7)]
    evening = NursePast("A", 1, 0, "L", 1, 1, 0)
    assert broken(row("E"), evening) == [("succession", 0)]
    assert broken(row("-E"), evening) == []
    unknown = [
        Inrc2Assignment("Z", 0, "E", "care"),
        Inrc2Assignment("A", 0, "X", "care"),
        Inrc2Assignment("A", 0, "E", "x"),
        Inrc2Assignment("A", 14, "E", "care"),
        Inrc2Assignment("A", -1, "E", "care"),
    ]
    assert Counter(rule for rule, _ in broken(unknown)) == {"unknown": 5}


def test_the_history_after_a_week_is_what_the_next_starts_from() -> None:
    past = NursePast("A", 5, 1, "E", 1, 2, 0)
    first = replace(one_nurse(CONTRACT, past), weeks=one_nurse().weeks[:1])

    def after(text: str) -> NursePast:
        history = history_after(first, row(text))
        assert (history.week, history.scenario) == (1, "own")
        return history.nurses[0]

    assert after("EEE--EE") == NursePast("A", 10, 2, "E", 2, 2, 0)
    assert after("EEEEEEE") == NursePast("A", 12, 2, "E", 8, 9, 0)
    assert after("EEEELLL") == NursePast("A", 12, 2, "L", 3, 9, 0)
    assert after("EEEE--L") == NursePast("A", 10, 2, "L", 1, 1, 0)
    assert after("EEEE---") == NursePast("A", 9, 1, None, 0, 0, 3)
    assert after("-------") == NursePast("A", 5, 1, None, 0, 0, 7)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Inrc2Instance, list[Inrc2Assignment]]:
    """Some weeks of some nurses with pasts of every kind, and any roster."""
    small = st.integers(0, 5)
    spans = st.tuples(small, small).map(lambda pair: Span(min(pair), max(pair)))
    shifts = tuple(Inrc2Shift(code, draw(spans), draw(st.sampled_from([(), ("E",)]))) for code in "EL")
    contracts = tuple(
        Inrc2Contract(code, draw(spans), draw(spans), draw(spans), draw(small), draw(st.booleans()))
        for code in ("x", "y")
    )
    nurses = tuple(Inrc2Nurse(code, draw(st.sampled_from("xy")), ("care",)) for code in "AB")
    pasts = []
    for nurse in nurses:
        last = draw(st.sampled_from([None, "E", "L"]))
        same, more = draw(st.integers(1, 6)), draw(small)
        counts = (0, 0, draw(small)) if last is None else (same, same + more, 0)
        pasts.append(NursePast(nurse.id, draw(small), draw(small), last, *counts))
    number = draw(st.integers(1, 4))
    days = st.integers(0, 6)
    needs = st.builds(
        Inrc2Requirement, st.sampled_from("EL"), st.sampled_from(["care", "lead"]), days, small, small
    )
    requests = st.builds(Inrc2Request, st.sampled_from("AB"), days, st.sampled_from([None, "E", "L"]))
    weeks = tuple(
        Inrc2Week(
            "own", tuple(draw(st.lists(needs, max_size=4))), tuple(draw(st.lists(requests, max_size=3)))
        )
        for _ in range(number)
    )
    scenario = Inrc2Scenario("own", number, ("care", "lead"), shifts, contracts, nurses)
    roster = [
        cell
        for nurse in nurses
        for skill in draw(st.sampled_from([["care"], ["lead"], ["care", "lead"]]))
        for cell in row(draw(st.text("EL-", max_size=7 * number)), nurse.id, skill)
    ]
    return Inrc2Instance(scenario, Inrc2History(0, "own", tuple(pasts)), weeks), roster


@given(cases())
@settings(max_examples=300, deadline=None)
def test_week_by_week_with_carried_history_costs_what_the_whole_costs(
    case: tuple[Inrc2Instance, list[Inrc2Assignment]],
) -> None:
    """Every cost falls in one week: runs are charged when they end or exceed, totals in the last week."""
    whole, roster = case
    total: Counter[Inrc2Term] = Counter()
    broken = []
    history = whole.history
    for number, week in enumerate(whole.weeks):
        part = Inrc2Instance(whole.scenario, history, (week,))
        cells = [replace(cell, day=cell.day - 7 * number) for cell in roster if cell.day // 7 == number]
        judged = evaluate_inrc2(part, cells)
        total.update(judged.breakdown)
        broken += [replace(violation, day=violation.day + 7 * number) for violation in judged.violations]
        history = history_after(part, cells)
    judged = evaluate_inrc2(whole, roster)
    assert dict(total) == judged.breakdown
    assert Counter(broken) == Counter(judged.violations)
    assert history == history_after(whole, roster)


@given(st.text("EL-", min_size=14, max_size=14))
@settings(deadline=None)
def test_runs_cost_what_their_lengths_say(text: str) -> None:
    """Counted another way: by the lengths of the runs, the last of which is not too short."""
    instance = one_nurse()

    def outside(runs: list[str], least: int, most: int) -> int:
        ended = text.removesuffix(runs[-1]) if runs else text
        too_short = runs if len(ended) == len(text) else runs[:-1]
        too_long = sum(max(len(run) - most, 0) for run in runs)
        return too_long + sum(max(least - len(run), 0) for run in too_short)

    judged = evaluate_inrc2(instance, row(text)).breakdown
    work = outside(re.findall("[EL]+", text), 2, 4) * WEIGHTS[Inrc2Term.CONSECUTIVE]
    same = outside(re.findall("E+", text), 2, 3) + outside(re.findall("L+", text), 2, 3)
    assert judged[Inrc2Term.CONSECUTIVE] == work + same * CONSECUTIVE_SHIFT_WEIGHT
    assert judged[Inrc2Term.DAYS_OFF] == 30 * outside(re.findall("-+", text), 2, 3)
    clashes = sum(pair == ("L", "E") for pair in pairwise(text))
    assert evaluate_inrc2(instance, row(text)).broken(Inrc2Rule.SUCCESSION) == clashes


@pytest.mark.benchmark
def test_the_official_validator_is_met_line_by_line(benchmarks: Path) -> None:
    folder = benchmarks / "inrc2" / "n005w4"
    solution = folder / "Solution_H_0-WD_1-2-3-3"
    weeks = (1, 2, 3, 3)
    instance = read_instance(folder, 0, weeks)
    roster = read_solution(solution, instance, weeks)
    judged = evaluate_inrc2(instance, roster)
    official = (solution / "validator.txt").read_text().splitlines()
    assert validator_lines(instance, roster, judged) == official
    assert judged.objective == 1695


@pytest.mark.benchmark
@pytest.mark.parametrize(
    ("name", "history", "weeks", "cost"),
    [
        ("n005w4", 1, "5-3-1-0", 2010),
        ("n005w4", 2, "6-7-8-9", 1720),
        ("n021w4", 0, "5-4-1-2", 2305),
        ("n021w4", 1, "0-6-1-6", 2305),
        ("n021w4", 2, "8-1-4-3", 2345),
    ],
)
def test_other_public_rosters_keep_the_hard_rules(
    benchmarks: Path, name: str, history: int, weeks: str, cost: int
) -> None:
    """No official output lies beside these: the costs are what this evaluator found, kept from changing."""
    folder = benchmarks / "inrc2" / name
    numbers = [int(number) for number in weeks.split("-")]
    instance = read_instance(folder, history, numbers)
    roster = read_solution(folder / f"Solution_H_{history}-WD_{weeks}", instance, numbers)
    judged = evaluate_inrc2(instance, roster)
    assert judged.violations == ()
    assert judged.objective == cost


@pytest.mark.benchmark
def test_every_public_file_can_be_read(benchmarks: Path) -> None:
    folders = sorted(path for path in (benchmarks / "inrc2").iterdir() if path.is_dir())
    assert folders
    for folder in folders:
        number = int(folder.name[-1])
        for history in range(3):
            weeks = [(history + week) % 10 for week in range(number)]
            instance = read_instance(folder, history, weeks)
            assert instance.ends_horizon
            assert len(instance.scenario.nurses) == int(folder.name[1:4])
