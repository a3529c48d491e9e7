"""Files of the competition INRC-II: what is read, how faults are told, and the command that judges."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from samplan_rostering.cli import rostering
from samplan_rostering.domain.inrc2.evaluate import Inrc2Rule, Inrc2Term, evaluate_inrc2
from samplan_rostering.domain.inrc2.rows import Inrc2Expected, Inrc2Fault, Inrc2FaultsError
from samplan_rostering.domain.inrc2.text import parse_history, parse_scenario, parse_solution, parse_week
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

DOCS = Path(__file__).resolve().parents[3] / "docs"

SCENARIO = """SCENARIO = prov

WEEKS = 2

SKILLS = 2
Lead
Care

SHIFT_TYPES = 2
Day (2,5)
Eve (2, 3)

FORBIDDEN_SHIFT_TYPES_SUCCESSIONS
Day 0
Eve 1 Day

CONTRACTS = 2
Full (6,10) (2,5) (2,3) 1 1
Half (3,6) (2,3) (2,7) 2 0

NURSES = 3
A1 Full 2 Lead Care
B2 Full 1 Care
C3 Half 1 Care
"""
HISTORY = """HISTORY
0 prov

NURSE_HISTORY
A1 0 0 Eve 1 2 0
B2 2 1 None 0 0 3
C3 0 0 None 0 0 2
"""
WEEK = """WEEK_DATA
prov

REQUIREMENTS
Day Care (1,1) (1,2) (1,1) (0,1) (0,0) (0,1) (0,0)
Eve Lead (0,1) (0,0) (0,0) (0,0) (0,0) (0,0) (0,0)

SHIFT_OFF_REQUESTS = 2
B2 Any Wed
C3 Eve Sat
"""
WEEK_1 = WEEK.replace("2\nB2 Any Wed\nC3 Eve Sat\n", "0\n")
SOLUTION = """SOLUTION
0 prov

ASSIGNMENTS = 8
A1 Mon Eve Lead
A1 Sat Day Care
A1 Sun Day Care
B2 Mon Day Care
B2 Tue Day Care
B2 Wed Day Care
C3 Thu Day Care
C3 Fri Day Care

Viol: 0
Cost: 25
Time: 0.1
"""
SOLUTION_1 = """SOLUTION
1 prov
ASSIGNMENTS = 8
A1 Wed Day Care
A1 Thu Day Care
B2 Mon Day Care
B2 Tue Day Care
B2 Sat Day Care
B2 Sun Day Care
C3 Tue Day Care
C3 Wed Day Care
"""
PARSED = parse_scenario("Sc-prov.txt", SCENARIO)
TEXTS: dict[str, tuple[str, Callable[[str], object]]] = {
    "scenario": (SCENARIO, lambda text: parse_scenario("Sc-prov.txt", text)),
    "history": (HISTORY, lambda text: parse_history("H0-prov-0.txt", text, PARSED)),
    "week": (WEEK, lambda text: parse_week("WD-prov-0.txt", text, PARSED)),
    "solution": (SOLUTION, lambda text: parse_solution("Sol-prov-0-0.txt", text, PARSED)),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the files of the small instance and of a roster for it."""
    files = {
        "Sc-prov.txt": SCENARIO.replace("\n", "\r\n"),
        "H0-prov-0.txt": HISTORY,
        "WD-prov-0.txt": WEEK,
        "WD-prov-7.txt": WEEK_1,
        "prov_0_0-7.txt": "SCHEDULING_PERIOD\nanother program's format\n",
        "roster/Sol-prov-0-0.txt": SOLUTION,
        "roster/Sol-prov-7-1.txt": SOLUTION_1,
        "roster/validator.txt": "what a program said of it\n",
    }
    (tmp_path / "roster").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, newline="")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def check(folder: Path, *more: str, weeks: str = "0-7", history: int = 0) -> tuple[int, str, str]:
    arguments = ["check-inrc2", str(folder), "--history", str(history), "--weeks", weeks]
    result = CliRunner().invoke(rostering, [*arguments, "--solution", str(folder / "roster"), *more])
    return result.exit_code, result.stdout, result.stderr


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
@settings(max_examples=200, deadline=None)
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


def test_the_command_prints_as_the_official_validator_does(folder: Path) -> None:
    code, printed, told = check(folder)
    assert (code, told) == (0, "")
    assert printed == (
        "   |M|T|W|T|F|S|S| |M|T|W|T|F|S|S|\n"
        "------------------------------------\n"
        "A1 |E|-|-|-|-|D|D| |-|-|D|D|-|-|-|\n"
        "B2 |D|D|D|-|-|-|-| |D|D|-|-|-|D|D|\n"
        "C3 |-|-|-|D|D|-|-| |-|D|D|-|-|-|-|\n"
        "\n\n"
        "Hard constraint violations\n"
        "--------------------------\n"
        "\n"
        "Minimal coverage constraints: 0\n"
        "Required skill constraints: 0\n"
        "Illegal shift type succession constraints: 0\n"
        "Single assignment per day: 0\n"
        "\n\n"
        "Cost per constraint type\n"
        "------------------------\n"
        "\n"
        "Total assignment constraints: 20\n"
        "Consecutive constraints: 0\n"
        "Non working days constraints: 60\n"
        "Preferences: 10\n"
        "Max working weekend: 30\n"
        "Complete weekends: 0\n"
        "Optimal coverage constraints: 60\n"
        "\n"
        "------------------------\n"
        "\n"
        "Total cost: 180\n"
    )


def test_the_command_gives_json(folder: Path) -> None:
    code, printed, _ = check(folder, "--json")
    report = json.loads(printed)
    assert code == 0
    assert (report["scenario"], report["nurses"], report["weeks"], report["assignments"]) == (
        "prov",
        3,
        2,
        16,
    )
    assert report["objective"] == sum(report["breakdown"].values()) == 180
    assert set(report["breakdown"]) == {term.value for term in Inrc2Term}
    assert report["violations"] == []


def test_a_broken_hard_rule_ends_with_one_and_is_named(folder: Path) -> None:
    change(folder / "roster/Sol-prov-0-0.txt", "B2 Mon Day Care", "B2 Mon Day Lead")
    change(folder / "roster/Sol-prov-7-1.txt", "C3 Tue Day", "C3 Tue Eve")
    change(folder / "roster/Sol-prov-7-1.txt", "A1 Thu Day", "A1 Wed Eve")
    code, printed, _ = check(folder)
    assert code == 1
    assert "Minimal coverage constraints: 1\nRequired skill constraints: 1\nIllegal" in printed
    assert "succession constraints: 1\nSingle assignment per day: 1\n" in printed
    assert "minimal_coverage: 1 missing, week 0 Mon, Day Care\n" in printed
    assert "required_skill: B2, week 0 Mon, Day Lead\n" in printed
    assert "succession: C3, week 1 Wed, Day Care\n" in printed
    assert "single_assignment: A1, week 1 Wed, Eve Care\n" in printed
    code, printed, _ = check(folder, "--json")
    assert code == 1
    assert {found["rule"] for found in json.loads(printed)["violations"]} == set(Inrc2Rule) - {"unknown"}


@pytest.mark.parametrize(
    ("weeks", "history", "said"),
    [
        ("0", 0, "weeks: '1', expected 2 weeks, as the scenario and the history say"),
        ("0-7-0", 0, "weeks: '3', expected 2 weeks"),
        ("0-3", 0, "WD-prov-3.txt: "),
        ("0-7", 5, "H0-prov-5.txt: "),
        ("7-0", 0, "Sol-prov-0-0.txt: '0', expected a solution for the week data 7"),
        ("", 0, "expected numbers of week data such as 1-2-3-3"),
        ("0,7", 0, "expected numbers of week data such as 1-2-3-3"),
    ],
)
def test_weeks_and_histories_that_are_not_there_are_bad_input(
    folder: Path, weeks: str, history: int, said: str
) -> None:
    code, printed, told = check(folder, weeks=weeks, history=history)
    assert (code, printed) == (2, "")
    assert said in told


def test_faults_of_several_files_are_told_together(folder: Path) -> None:
    change(folder / "H0-prov-0.txt", "C3 0", "X 0")
    change(folder / "WD-prov-0.txt", "Wed", "Ons")
    code, _, told = check(folder, weeks="0-0")
    assert code == 2
    assert "H0-prov-0.txt, NURSE_HISTORY, line 7: 'X', expected a nurse of the scenario\n" in told
    assert told.count("WD-prov-0.txt, SHIFT_OFF_REQUESTS, line 9: 'Ons', expected one of Mon") == 1


def test_a_scenario_that_is_missing_or_broken_is_bad_input(folder: Path) -> None:
    shutil.copy(folder / "Sc-prov.txt", folder / "Sc-other.txt")
    assert "'2', expected a folder with a single file Sc-NAME.txt" in check(folder)[2]
    (folder / "Sc-other.txt").unlink()
    (folder / "Sc-prov.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    code, printed, told = check(folder)
    assert (code, printed) == (2, "")
    assert "Sc-prov.txt, line 1: " in told
    assert check(folder / "nowhere")[0] == 2


def test_each_week_needs_exactly_one_solution(folder: Path) -> None:
    extra = folder / "roster/Sol-prov-7-again.txt"
    shutil.copy(folder / "roster/Sol-prov-7-1.txt", extra)
    code, _, told = check(folder)
    assert (code, told) == (2, "Sol-prov-7-again.txt, SOLUTION: '1', expected one solution for this week\n")
    extra.unlink()
    (folder / "roster/Sol-prov-7-1.txt").unlink()
    code, _, told = check(folder)
    assert (code, told) == (2, "solution: '1', expected one solution for this week\n")
    change(folder / "roster/Sol-prov-0-0.txt", "A1 Mon", "D4 Mon")
    assert "ASSIGNMENTS, line 5: 'D4', expected a nurse of the scenario" in check(folder)[2]


def test_a_history_of_a_later_week_asks_for_the_weeks_that_are_left(folder: Path) -> None:
    (folder / "H0-prov-1.txt").write_text(HISTORY.replace("0 prov", "1 prov"))
    (folder / "roster/Sol-prov-0-0.txt").unlink()
    code, printed, _ = check(folder, "--json", weeks="7", history=1)
    assert (code, json.loads(printed)["weeks"]) == (0, 1)
    assert check(folder, weeks="0-7", history=1)[0] == 2


def test_the_page_names_every_rule_and_term_and_its_example_can_be_read() -> None:
    page = (DOCS / "rostering/inrc2.md").read_text("utf-8")
    assert [rule for rule in (*Inrc2Rule, *Inrc2Term) if f"| `{rule}` |" not in page] == []
    scenario, history, week, solution = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    example = parse_scenario("Sc", scenario)
    assert parse_history("H0", history, example).nurses
    assert parse_week("WD", week, example).requirements
    assert parse_solution("Sol", solution, example).assignments
