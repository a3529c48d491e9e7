"""The command line without a database: exit codes, files, and what is said about bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from samplan_rostering.cli import rostering


@pytest.fixture
def instance(tmp_path: Path, own_instance: str) -> Path:
    path = tmp_path / "own.txt"
    path.write_text(own_instance)
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(rostering, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_solve_writes_a_roster_that_check_accepts(instance: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    code, printed, _ = run("solve", instance, "--seconds", 20, "--out", out, "--json")
    assert code == 0
    roster = json.loads(out.read_text())
    assert json.loads(printed) == roster
    assert roster["status"] == "optimal"
    assert set(roster) >= {"objective", "bound", "seconds", "seed", "versions", "breakdown", "assignments"}
    assert set(roster["assignments"][0]) == {"employee", "day", "shift"}
    code, printed, _ = run("check", instance, out, "--json")
    assert (code, json.loads(printed)["violations"]) == (0, [])


def test_check_refuses_a_broken_rule_and_a_wrong_claim(instance: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.json"
    roster.write_text(
        json.dumps({"objective": 1, "assignments": [{"employee": "A", "day": 0, "shift": "E"}]})
    )
    code, printed, told = run("check", instance, roster)
    assert code == 1
    assert "absence: A, day 0" in printed
    assert "the roster says objective 1" in told


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        "{}",
        '{"assignments": [1]}',
        '{"assignments": [{"employee": "A", "day": "x", "shift": "E"}]}',
    ],
)
def test_a_file_that_is_no_roster_is_said_to_be_none(instance: Path, tmp_path: Path, content: str) -> None:
    roster = tmp_path / "roster.json"
    roster.write_text(content)
    code, _, told = run("check", instance, roster)
    assert code == 2
    assert "not a roster" in told


def test_a_bad_benchmark_text_names_section_and_line(tmp_path: Path, own_instance: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(own_instance.replace("0,L,1,100,1", "0,X,1,100,1"))
    code, _, told = run("solve", path, "--out", tmp_path / "o.json")
    assert code == 2
    assert "SECTION_COVER, line" in told
    assert not (tmp_path / "o.json").exists()


def test_other_files_are_refused(tmp_path: Path) -> None:
    missing = run("solve", tmp_path / "missing.xlsx", "--out", tmp_path / "o.json")
    assert missing[0] == 2
    picture = tmp_path / "picture.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    assert run("solve", picture, "--out", tmp_path / "o.json")[0] == 2


def test_an_impossible_instance_ends_with_three_and_the_reason(tmp_path: Path, own_instance: str) -> None:
    path = tmp_path / "impossible.txt"
    path.write_text(own_instance.replace("A,E=5|L=5,2400,1440,5", "A,E=1|L=1,2400,1440,5"))
    code, printed, told = run("solve", path, "--seconds", 20, "--out", tmp_path / "o.json")
    assert code == 3
    assert "infeasible" in printed
    assert told.startswith("A: ")


def test_the_demo_workbook_can_be_checked(tmp_path: Path) -> None:
    workbook, roster = tmp_path / "demo.xlsx", tmp_path / "empty.json"
    assert run("demo-workbook", "--out", workbook)[0] == 0
    roster.write_text('{"assignments": []}')
    code, printed, _ = run("check", workbook, roster, "--json")
    report = json.loads(printed)
    assert (code, report["employees"], report["days"]) == (1, 28, 42)
    assert {violation["rule"] for violation in report["violations"]} >= {"hours_min"}
