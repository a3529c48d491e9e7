"""The evaluator of the competition INRC-II: each rule just kept and just broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from inrc2_rows import CONTRACT, KEPT, costs, one_nurse, row
from samplan_rostering.domain.inrc2.evaluate import (
    Inrc2Rule,
    Inrc2Term,
    evaluate_inrc2,
)
from samplan_rostering.domain.inrc2.values import (
    Inrc2Assignment,
    Inrc2Request,
    Inrc2Requirement,
    Inrc2Week,
    NursePast,
    Span,
)


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
