"""The borders of weeks: what is carried over costs as much as if the weeks were one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inrc2_rows import CONTRACT, one_nurse, row
from samplan_rostering.domain.inrc2.evaluate import (
    CONSECUTIVE_SHIFT_WEIGHT,
    WEIGHTS,
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
@settings(max_examples=100, deadline=None)
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
