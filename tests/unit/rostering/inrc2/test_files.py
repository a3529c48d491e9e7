"""Files of the competition INRC-II: what is read, and how faults are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inrc2_files import SCENARIO, TEXTS
from samplan_rostering.domain.inrc2.evaluate import Inrc2Term, evaluate_inrc2
from samplan_rostering.domain.inrc2.rows import Inrc2Expected, Inrc2Fault, Inrc2FaultsError
from samplan_rostering.domain.inrc2.text import parse_scenario
from samplan_rostering.domain.inrc2.values import (
    Inrc2Contract,
    Inrc2Nurse,
    Inrc2Request,
    Inrc2Requirement,
    Inrc2Shift,
    NursePast,
    Span,
)
from samplan_rostering.inrc2.files import read_instance, read_solution


def test_everything_in_the_files_is_read(folder: Path) -> None:
    instance = read_instance(folder, 0, (0, 7))
    scenario = instance.scenario
    assert (scenario.id, scenario.weeks, scenario.skills) == ("prov", 2, ("Lead", "Care"))
    assert scenario.shifts == (Inrc2Shift("Day", Span(2, 5)), Inrc2Shift("Eve", Span(2, 3), ("Day",)))
    assert scenario.contracts[1] == Inrc2Contract("Half", Span(3, 6), Span(2, 3), Span(2, 7), 2, False)
    assert scenario.nurses[0] == Inrc2Nurse("A1", "Full", ("Lead", "Care"))
    assert instance.history.nurses[:2] == (
        NursePast("A1", 0, 0, "Eve", 1, 2, 0),
        NursePast("B2", 2, 1, None, 0, 0, 3),
    )
    assert len(instance.weeks[0].requirements) == 14
    assert instance.weeks[0].requirements[1] == Inrc2Requirement("Day", "Care", 1, 1, 2)
    assert instance.weeks[0].requests == (Inrc2Request("B2", 2, None), Inrc2Request("C3", 5, "Eve"))
    assert instance.weeks[1].requests == ()
    roster = read_solution(folder / "roster", instance, (0, 7))
    assert sorted(cell.day for cell in roster if cell.nurse == "A1") == [0, 5, 6, 9, 10]


def test_the_small_roster_costs_what_was_counted_by_hand(folder: Path) -> None:
    instance = read_instance(folder, 0, (0, 7))
    judged = evaluate_inrc2(instance, read_solution(folder / "roster", instance, (0, 7)))
    assert judged.violations == ()
    assert judged.breakdown == {
        # A1 5 of at least 6; B2 2 + 7 of at most 10; C3 4
        Inrc2Term.TOTAL_ASSIGNMENTS: 20,
        # All runs fit: A1's evening ends a run of two that began before
        Inrc2Term.CONSECUTIVE: 0,
        # A1 and B2 four days off in the first week, of at most three
        Inrc2Term.DAYS_OFF: 60,
        Inrc2Term.PREFERENCES: 10,
        # B2 one before and one now, of at most one
        Inrc2Term.MAX_WEEKENDS: 30,
        Inrc2Term.COMPLETE_WEEKENDS: 0,
        # One of two on the first Tuesday, and nobody in the evening of the second Monday
        Inrc2Term.OPTIMAL_COVERAGE: 60,
    }


@pytest.mark.parametrize(
    ("kind", "old", "new", "section", "expected"),
    [
        ("scenario", "SCENARIO = prov", "", "SCENARIO", Inrc2Expected.SECTION),
        ("scenario", "SCENARIO = prov", "SCENARIO =", "SCENARIO", Inrc2Expected.CODE),
        ("scenario", "SCENARIO", "x\nSCENARIO", "", Inrc2Expected.HEADING),
        ("scenario", "WEEKS = 2", "WEEKS = 0", "WEEKS", Inrc2Expected.NUMBER),
        ("scenario", "WEEKS = 2", "WEEKS = two", "WEEKS", Inrc2Expected.NUMBER),
        ("scenario", "WEEKS = 2", "WEEKS = 2\n2", "WEEKS", Inrc2Expected.NO_ROW),
        ("scenario", "WEEKS = 2", "WEEKS = 2\nWEEKS = 2", "WEEKS", Inrc2Expected.SECTION),
        ("scenario", "SKILLS = 2", "SKILLS = 3", "SKILLS", Inrc2Expected.COUNT),
        ("scenario", "SKILLS = 2", "SKILLS", "SKILLS", Inrc2Expected.NUMBER),
        ("scenario", "Lead\nCare", "Care\nCare", "SKILLS", Inrc2Expected.UNIQUE),
        ("scenario", "Lead\n", "Lead x\n", "SKILLS", Inrc2Expected.FIELDS),
        ("scenario", "Day (2,5)", "Any (2,5)", "SHIFT_TYPES", Inrc2Expected.CODE),
        ("scenario", "(2,5)\n", "(5,2)\n", "SHIFT_TYPES", Inrc2Expected.SPAN),
        ("scenario", "(2,5)\n", "2-5\n", "SHIFT_TYPES", Inrc2Expected.SPAN),
        ("scenario", "Day 0\n", "", "FORBIDDEN_SHIFT_TYPES_SUCCESSIONS", Inrc2Expected.EVERY_SHIFT),
        ("scenario", "Eve 1 Day", "Eve 2 Day", "FORBIDDEN_SHIFT_TYPES_SUCCESSIONS", Inrc2Expected.NAMES),
        ("scenario", "Eve 1 Day", "Eve", "FORBIDDEN_SHIFT_TYPES_SUCCESSIONS", Inrc2Expected.NAMES),
        ("scenario", "Eve 1 Day", "Eve 1 X", "FORBIDDEN_SHIFT_TYPES_SUCCESSIONS", Inrc2Expected.SHIFT),
        ("scenario", " 2 0\n", " 2 2\n", "CONTRACTS", Inrc2Expected.NUMBER),
        ("scenario", " 2 0\n", " 2\n", "CONTRACTS", Inrc2Expected.FIELDS),
        ("scenario", "C3 Half", "C3 None", "NURSES", Inrc2Expected.CONTRACT),
        ("scenario", "C3 Half 1 Care", "C3 Half 1 Cure", "NURSES", Inrc2Expected.SKILL),
        ("scenario", "C3 Half 1 Care", "C3 Half 2 Care Care", "NURSES", Inrc2Expected.UNIQUE),
        ("scenario", "C3 Half 1 Care", "C3", "NURSES", Inrc2Expected.NAMES),
        ("scenario", "C3 Half", "A1 Half", "NURSES", Inrc2Expected.UNIQUE),
        ("history", "0 prov", "0 other", "HISTORY", Inrc2Expected.SCENARIO),
        ("history", "0 prov", "2 prov", "HISTORY", Inrc2Expected.NUMBER),
        ("history", "0 prov", "0 prov\n1 prov", "HISTORY", Inrc2Expected.ONE_ROW),
        ("history", "HISTORY\n0", "HISTORY = 1\n0", "HISTORY", Inrc2Expected.NO_VALUE),
        ("history", "C3 0", "D4 0", "NURSE_HISTORY", Inrc2Expected.NURSE),
        ("history", "C3 0 0 None 0 0 2\n", "", "NURSE_HISTORY", Inrc2Expected.EVERY_NURSE),
        ("history", "C3 0", "B2 0", "NURSE_HISTORY", Inrc2Expected.UNIQUE),
        ("history", "Eve 1", "Nat 1", "NURSE_HISTORY", Inrc2Expected.SHIFT),
        ("history", "Eve 1 2 0", "Eve 3 2 0", "NURSE_HISTORY", Inrc2Expected.PAST_WORK),
        ("history", "Eve 1 2 0", "Eve 0 2 0", "NURSE_HISTORY", Inrc2Expected.PAST_WORK),
        ("history", "Eve 1 2 0", "Eve 1 2 1", "NURSE_HISTORY", Inrc2Expected.PAST_WORK),
        ("history", "None 0 0 3", "None 0 1 3", "NURSE_HISTORY", Inrc2Expected.PAST_FREE),
        ("history", "Eve 1 2 0", "Eve 1 2", "NURSE_HISTORY", Inrc2Expected.FIELDS),
        ("history", "Eve 1 2 0", "Eve 1 -2 0", "NURSE_HISTORY", Inrc2Expected.NUMBER),
        ("week", "prov", "other", "WEEK_DATA", Inrc2Expected.SCENARIO),
        ("week", "Day Care", "Nat Care", "REQUIREMENTS", Inrc2Expected.SHIFT),
        ("week", "Day Care", "Day Cure", "REQUIREMENTS", Inrc2Expected.SKILL),
        ("week", "Eve Lead", "Day Care", "REQUIREMENTS", Inrc2Expected.UNIQUE),
        ("week", "(1,2)", "(2,1)", "REQUIREMENTS", Inrc2Expected.SPAN),
        ("week", "(1,2)", "", "REQUIREMENTS", Inrc2Expected.FIELDS),
        ("week", "B2 Any", "D4 Any", "SHIFT_OFF_REQUESTS", Inrc2Expected.NURSE),
        ("week", "B2 Any", "B2 None", "SHIFT_OFF_REQUESTS", Inrc2Expected.SHIFT),
        ("week", "Wed", "Ons", "SHIFT_OFF_REQUESTS", Inrc2Expected.DAY),
        ("week", "SHIFT_OFF_REQUESTS = 2", "", "SHIFT_OFF_REQUESTS", Inrc2Expected.SECTION),
        ("solution", "0 prov", "0 other", "SOLUTION", Inrc2Expected.SCENARIO),
        ("solution", "= 8", "= 9", "ASSIGNMENTS", Inrc2Expected.COUNT),
        ("solution", "A1 Mon", "D4 Mon", "ASSIGNMENTS", Inrc2Expected.NURSE),
        ("solution", "A1 Mon", "A1 Mån", "ASSIGNMENTS", Inrc2Expected.DAY),
        ("solution", "Mon Eve", "Mon Any", "ASSIGNMENTS", Inrc2Expected.SHIFT),
        ("solution", "Eve Lead", "Eve Boss", "ASSIGNMENTS", Inrc2Expected.SKILL),
        ("solution", "Eve Lead", "Eve", "ASSIGNMENTS", Inrc2Expected.FIELDS),
    ],
)
def test_a_fault_is_told_with_its_place(
    kind: str, old: str, new: str, section: str, expected: Inrc2Expected
) -> None:
    text, parse = TEXTS[kind]
    parse(text)
    assert old in text
    with pytest.raises(Inrc2FaultsError) as refused:
        parse(text.replace(old, new, 1))
    found = {(fault.section, fault.expected) for fault in refused.value.faults}
    assert (section, expected) in found
    for fault in refused.value.faults:
        assert fault.line > 0
        assert f"line {fault.line}: {fault.value!r}, expected " in str(fault)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = SCENARIO.replace("(2,5)\n", "x\n").replace("B2 Full", "B2 X").replace("WEEKS = 2", "WEEKS = -1")
    with pytest.raises(Inrc2FaultsError) as refused:
        parse_scenario("Sc-prov.txt", text)
    assert [str(fault) for fault in refused.value.faults][::2] == [
        "Sc-prov.txt, WEEKS, line 3: '-1', expected a whole number from 1 to 100",
        "Sc-prov.txt, NURSES, line 23: 'X', expected a contract of the scenario",
    ]
    assert refused.value.faults[1].line == 10


def test_an_instance_larger_than_can_be_judged_is_refused() -> None:
    many = "".join(f"N{number} Full 0\n" for number in range(4000))
    text = SCENARIO.replace("WEEKS = 2", "WEEKS = 100").split("NURSES")[0] + f"NURSES = 4000\n{many}"
    with pytest.raises(Inrc2FaultsError) as refused:
        parse_scenario("Sc-prov.txt", text)
    assert [fault.expected for fault in refused.value.faults] == [Inrc2Expected.SMALLER]


@given(kind=st.sampled_from(sorted(TEXTS)), data=st.data())
@settings(max_examples=80, deadline=None)
def test_no_text_is_more_than_refused(kind: str, data: st.DataObject) -> None:
    """A file whose pieces are lost, doubled or replaced is read or refused by faults, and nothing else."""
    text, parse = TEXTS[kind]
    pieces = re.split(r"(\s+)", text)
    word = st.one_of(st.text(max_size=8), st.sampled_from(pieces), st.just(""), st.just("\n"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(pieces) - 1))
        pieces[place] = data.draw(word)
    changed = "".join(pieces)
    faults: tuple[Inrc2Fault, ...] = ()
    try:
        parse(changed)
    except Inrc2FaultsError as error:
        faults = error.faults
    assert all(0 <= fault.line <= len(changed.splitlines()) for fault in faults)
    assert all(f"line {fault.line}" in str(fault) or not fault.line for fault in faults)
