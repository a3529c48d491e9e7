"""The command that judges a roster of the competition INRC-II."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from inrc2_files import HISTORY
from samplan_rostering.cli import rostering
from samplan_rostering.domain.inrc2.evaluate import Inrc2Rule, Inrc2Term
from samplan_rostering.domain.inrc2.text import parse_history, parse_scenario, parse_solution, parse_week

DOCS = Path(__file__).resolve().parents[4] / "docs"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def check(folder: Path, *more: str, weeks: str = "0-7", history: int = 0) -> tuple[int, str, str]:
    arguments = ["check-inrc2", str(folder), "--history", str(history), "--weeks", weeks]
    result = CliRunner().invoke(rostering, [*arguments, "--solution", str(folder / "roster"), *more])
    return result.exit_code, result.stdout, result.stderr


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
