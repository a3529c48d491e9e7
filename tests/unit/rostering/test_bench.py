"""The benchmark command: rows, verdicts, pictures, peers, and processes that crash, hang or lie."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from samplan_rostering.bench import cli as bench_cli
from samplan_rostering.bench import measurement as measuring
from samplan_rostering.bench.compact import build
from samplan_rostering.bench.measurement import Limits, Outcome, Point, Row, Task, judge, missing, run
from samplan_rostering.bench.peers import solve_cp_sat
from samplan_rostering.bench.report import COLUMNS, cells, line, machine, markdown, record
from samplan_rostering.bench.source import UnreadableError, list_files, read_best_known, read_problem
from samplan_rostering.bench.svg import draw
from samplan_rostering.cli import rostering
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.solver.solution import SolveOptions, Status
from samplan_rostering.workbook import write_ward

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = "set,instance,best_known,source\nours,own,0,here\n"

# Two people for two shifts a day: runs, rests, weekends and cover all bind.
TIGHT_INSTANCE = """SECTION_HORIZON
14
SECTION_SHIFTS
D,480,
N,600,D
SECTION_STAFF
A,D=14|N=3,4320,3360,5,2,2,1
B,D=14|N=3,4320,3360,5,2,2,1
SECTION_DAYS_OFF
A,9
SECTION_SHIFT_ON_REQUESTS
A,2,N,7
SECTION_SHIFT_OFF_REQUESTS
B,4,D,3
B,4,N,3
SECTION_COVER
""" + "".join(f"{day},D,1,100,1\n{day},N,1,40,2\n" for day in range(14))


def needs(package: str) -> None:
    """Skip where a package is missing, without loading it: HiGHS and OR-Tools clash in one process."""
    try:
        version(package)
    except PackageNotFoundError:
        pytest.skip(f"the optional package {package} is not installed")


@pytest.fixture
def folder(tmp_path: Path, own_instance: str) -> Path:
    path = tmp_path / "ours"
    path.mkdir()
    (path / "own.txt").write_text(own_instance)
    return path


@pytest.fixture
def task(folder: Path) -> Task:
    file = folder / "own.txt"
    return Task("samplan", file, read_problem(file), Limits(1, 2), 0)


@pytest.fixture
def row(task: Task) -> Row:
    points = (Point(0.04, 9, None), Point(0.5, 4, 1), Point(3.0, 3, 2))
    return replace(
        judge(task, Outcome(points, None, "feasible")),
        objective=3,
        bound=2,
        best_known=2,
        seconds_first=0.04,
        seconds_best=3.0,
        seconds=20.0,
        violations=0,
        evaluator_agrees=True,
        versions={"ortools": "9"},
    )


def bench(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(rostering, ["bench", *(str(argument) for argument in arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def read(out: Path) -> list[dict[str, str]]:
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def speaker(*said: object, end: str = "") -> Sequence[str]:
    """Return a command that says these things, whatever it is asked."""
    lines = "\n".join(text if isinstance(text, str) else json.dumps(text) for text in said)
    return (
        sys.executable,
        "-c",
        f"import os, sys, time; sys.stdin.read(); print({lines!r}, flush=True); {end}",
    )


def result(**changed: Any) -> dict[str, Any]:
    return {
        "result": {
            "status": "feasible",
            "objective": 0,
            "bound": 0,
            "seconds": 1.0,
            "versions": {"liar": "1"},
            "assignments": [],
            "peak_memory_mb": 1.0,
        }
        | changed
    }


# The command.


def test_every_file_is_solved_judged_and_written_down(folder: Path, tmp_path: Path) -> None:
    (folder / "notes.md").write_text("no roster in here")
    (tmp_path / "known.csv").write_text(KNOWN)
    out, pictures = tmp_path / "results.csv", tmp_path / "pictures"
    code, printed, told = bench(
        *(folder, "--seconds", 2, "--best-known", tmp_path / "known.csv", "--peers", "cp-sat", "--out", out),
        *("--svg", pictures),
    )
    assert code == 0, told
    rows = read(out)
    assert [(row["file"], row["solver"], row["status"]) for row in rows] == [
        ("own.txt", "samplan", "optimal"),
        ("own.txt", "cp-sat", "optimal"),
    ]
    for row in rows:
        assert tuple(row) == COLUMNS
        assert (row["staff"], row["days"], row["shifts"]) == ("3", "7", "2")
        assert (row["objective"], row["bound"], row["best_known"]) == ("0", "0", "0")
        assert (row["gap_best_known_percent"], row["gap_bound_percent"]) == ("0.0", "0.0")
        assert (row["violations"], row["evaluator_agrees"], row["reason"]) == ("0", "yes", "")
        assert 0 <= float(row["seconds_first"]) <= float(row["seconds_best"]) <= float(row["seconds"])
        assert float(row["peak_memory_mb"]) > 10
        assert "ortools" in row["versions"]
    assert "notes.md: " in told
    assert [text.split()[:2] for text in printed.splitlines()[1:]] == [
        ["own.txt", "samplan"],
        ["own.txt", "cp-sat"],
    ]
    assert picture((pictures / "own.svg").read_text()).tag == f"{SVG}svg"
    written = (tmp_path / "results.md").read_text()
    assert written.count("| own.txt |") == 2
    assert "![own.txt: gap over time](<pictures/own.svg>)" in written


def test_json_is_one_value_and_the_table_goes_to_standard_error(folder: Path, tmp_path: Path) -> None:
    (folder / "own.md").write_text("no roster in here")
    code, printed, told = bench(folder, "--seconds", 1, "--out", tmp_path / "r.csv", "--json")
    said = json.loads(printed)
    assert code == 0
    assert set(said) == {"machine", "rows", "unreadable", "left_out"}
    assert said["rows"][0]["versions"].keys() >= {"ortools", "samplan-rostering"}
    assert said["rows"][0]["points"][-1][1:] == [0, 0]
    assert (list(said["unreadable"]), said["left_out"]) == (["own.md"], {})
    assert "own.txt" in told


def test_a_ward_is_measured_too_without_peers(tmp_path: Path) -> None:
    (tmp_path / "wards").mkdir()
    (tmp_path / "wards" / "demo.xlsx").write_bytes(write_ward(demo_ward(1)))
    out = tmp_path / "r.csv"
    code, _, told = bench(tmp_path / "wards", "--seconds", 1, "--peers", "cp-sat", "--out", out)
    assert code == 0, told
    rows = read(out)
    assert [(row["solver"], row["staff"], row["days"]) for row in rows] == [("samplan", "28", "42")]
    assert rows[0]["status"] in {"feasible", "optimal", "unknown"}
    assert rows[0]["evaluator_agrees"] in {"yes", ""}


def test_only_some_files_are_taken(folder: Path, tmp_path: Path, own_instance: str) -> None:
    for name in ("own10.txt", "own9.txt", "other.txt", ".own.txt"):
        (folder / name).write_text(own_instance)
    assert [path.name for path in list_files(folder, "own*")] == ["own9.txt", "own10.txt", "own.txt"]
    out = tmp_path / "r.csv"
    assert bench(folder, "--seconds", 1, "--only", "own9*", "--out", out)[0] == 0
    assert [row["file"] for row in read(out)] == ["own9.txt"]
    code, _, told = bench(folder, "--only", "absent*", "--out", out)
    assert code == 2
    assert "no file to solve of those that match absent*" in told


@pytest.mark.parametrize("content", [{}, {"bad.txt": "SECTION_HORIZON\nmany\n"}, {"a.xlsx": "no workbook"}])
def test_a_folder_without_a_file_to_solve_is_refused(tmp_path: Path, content: dict[str, str]) -> None:
    (tmp_path / "in").mkdir()
    for name, text in content.items():
        (tmp_path / "in" / name).write_text(text)
    code, _, told = bench(tmp_path / "in", "--out", tmp_path / "r.csv")
    assert code == 2
    assert "no file to solve" in told
    assert all(f"{name}: " in told for name in content)
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: expected the columns"),
        ("instance,value\n", "line 1: expected the columns"),
        (KNOWN + "ours,two,many,here\n", "line 3: 'many', expected a whole number"),
        (KNOWN + "ours,two\n", "line 3: expected 4 fields"),
        (KNOWN + "ours,own,1,here\n", "line 3: ours, own stands there twice"),
        (KNOWN + 'ours,"two', "not a CSV in UTF-8"),
        ("\udcff", "not a CSV in UTF-8"),
        (None, "No such file"),
    ],
)
def test_a_bad_list_of_best_known_values_is_refused(
    folder: Path, tmp_path: Path, text: str | None, said: str
) -> None:
    known = tmp_path / "known.csv"
    if text is not None:
        known.write_bytes(text.encode("utf-8", "surrogateescape"))
    code, _, told = bench(folder, "--best-known", known, "--out", tmp_path / "r.csv")
    assert code == 2
    assert f"{known}: {said}" in told
    assert not (tmp_path / "r.csv").exists()


def test_best_known_values_belong_to_the_set_named_like_the_folder(tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text(KNOWN + "theirs,own,7,there\n\ntheirs,alone,8,there\n")
    values = read_best_known(known)
    assert values.of(Path("ours/own.txt")) == 0
    assert values.of(Path("theirs/own.txt")) == 7
    assert values.of(Path("elsewhere/own.txt")) is None, "two sets have it"
    assert values.of(Path("elsewhere/alone.txt")) == 8
    with pytest.raises(UnreadableError, match="No such file"):
        read_best_known(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--peers", "cp-sat,abacus"), "'abacus' is none of cp-sat, highs, timefold"),
        (("--out", "r.md"), "the Markdown goes to that name"),
        (("--out", "absent/r.csv"), "absent/r.csv: No such file"),
        (("--seconds", "0"), "--seconds"),
    ],
)
def test_options_that_cannot_be_used_are_refused(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    code, _, told = bench(folder, "--out", folder.parent / "r.csv", *arguments)
    assert code == 2
    assert said in told


def test_a_peer_that_is_not_there_is_said_to_be_missing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(measuring, "version", absent)
    out = tmp_path / "r.csv"
    code, printed, told = bench(
        folder, "--seconds", 1, "--peers", "highs, timefold,highs", "--out", out, "--json"
    )
    assert code == 0
    assert told.count("highs is left out: the package highspy is not installed") == 1
    assert json.loads(printed)["left_out"]["timefold"] == "the package timefold is not installed"
    assert [row["solver"] for row in read(out)] == ["samplan"]


def test_timefold_needs_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "version", lambda package: "1")
    monkeypatch.setattr(measuring, "which", lambda program: None)
    assert missing("timefold") == "Java is not installed"
    assert missing("highs") is None


def test_a_rejected_roster_ends_the_command_with_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar = speaker({"point": [0.1, 0, 0]}, result())
    monkeypatch.setattr(bench_cli, "run", lambda task: run(task, liar))
    out = tmp_path / "r.csv"
    code, printed, _ = bench(folder, "--seconds", 1, "--out", out, "--svg", tmp_path / "svg")
    assert code == 1
    row = read(out)[0]
    assert (row["evaluator_agrees"], row["gap_bound_percent"]) == ("no", "")
    assert int(row["violations"]) > 0
    assert printed.splitlines()[1].endswith("rejected")
    assert "rejected by the evaluator" in (tmp_path / "svg" / "own.svg").read_text()


# Processes.


def test_the_engine_works_in_a_process_of_its_own(task: Task) -> None:
    outcome = run(task)
    assert outcome.status == "optimal", outcome.reason
    judged = judge(task, outcome)
    assert (judged.rejected, judged.objective, judged.gap_best_known) == (False, 0, 0.0)
    assert outcome.points[-1].objective == 0


def test_a_crash_is_a_row_with_the_reason(task: Task) -> None:
    crash = speaker(
        {"point": [0.1, 4, 0]}, end="print('ValueError: oh\\n  at somewhere', file=sys.stderr); sys.exit(3)"
    )
    outcome = run(task, crash)
    assert (outcome.status, outcome.reason) == ("crashed", "exit code 3: ValueError: oh")
    row = judge(task, outcome)
    assert (row.objective, row.rejected, row.points) == (None, False, (Point(0.1, 4, 0),))
    assert "ValueError: oh" in line(row)
    killed = run(task, speaker(end="os.kill(os.getpid(), 9)"))
    assert (killed.status, killed.reason) == ("crashed", "signal SIGKILL")
    deaf = run(task, (sys.executable, "-c", "import sys; sys.exit('not today')"))
    assert (deaf.status, deaf.reason) == ("crashed", "exit code 1: not today")


def test_a_process_that_hangs_is_stopped(task: Task) -> None:
    begin = time.monotonic()
    outcome = run(task, speaker({"point": [0.1, 4, 0]}, end="time.sleep(60)"), patience=0.5)
    assert (outcome.status, outcome.reason) == ("hung", "stopped: it had not ended after 2 s")
    assert outcome.points == (Point(0.1, 4, 0),)
    assert time.monotonic() - begin < 20


def test_what_is_not_understood_is_passed_over(task: Task) -> None:
    outcome = run(
        task, speaker("banner", "[]", {"point": [1]}, {"other": 1}, result(status="unknown", objective=None))
    )
    assert (outcome.status, outcome.points) == ("unknown", ())
    row = judge(task, outcome)
    assert (row.violations, row.evaluator_agrees, row.rejected) == (None, None, False)


def test_a_child_that_cannot_read_its_file_says_why(task: Task) -> None:
    task.file.write_text("SECTION_HORIZON\nmany\n")
    outcome = run(task)
    assert outcome.status == "crashed"
    assert "UnreadableError" in outcome.reason


def test_a_peer_refuses_a_ward(tmp_path: Path) -> None:
    file = tmp_path / "demo.xlsx"
    file.write_bytes(write_ward(demo_ward(1)))
    outcome = run(Task("cp-sat", file, read_problem(file), Limits(1)))
    assert outcome.reason == "exit code 1: TypeError: peers solve benchmark texts only"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"bound": 3}, "the bound 3 is above the best known value 2"),
        ({"status": "infeasible", "objective": None, "bound": None}, "said to be impossible"),
        ({"bound": 2}, ""),
    ],
)
def test_a_claim_that_cannot_be_true_is_doubted(task: Task, changed: dict[str, Any], said: str) -> None:
    said_by = result(**changed)["result"]
    row = judge(replace(task, best_known=2), Outcome((), said_by, said_by["status"]))
    assert said in row.reason
    assert bool(row.reason) is bool(said)


# The peers' model.


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


# What is said about it.


def test_gaps_are_given_only_where_they_mean_something(row: Row) -> None:
    assert (row.gap_best_known, row.gap_bound) == (50.0, pytest.approx(100 / 3))
    assert replace(row, objective=0, best_known=0, bound=0).gap_best_known == 0.0
    assert replace(row, objective=5, best_known=0).gap_best_known is None
    assert replace(row, objective=1).gap_best_known == -50.0
    assert replace(row, best_known=None, bound=None).gap_bound is None
    for broken in (replace(row, violations=1), replace(row, evaluator_agrees=False)):
        assert (broken.rejected, broken.gap_best_known, broken.gap_bound) == (True, None, None)


def test_a_row_is_written_by_the_columns(row: Row) -> None:
    said = record(row)
    assert tuple(said) == COLUMNS
    assert (said["gap_bound_percent"], said["versions"], said["evaluator_agrees"]) == (
        33.333,
        "ortools 9",
        True,
    )
    assert len(cells(row)) == len(COLUMNS)
    assert cells(replace(row, objective=None, evaluator_agrees=False)).count("no") == 1


def test_the_markdown_names_machine_versions_and_reasons(row: Row) -> None:
    text = markdown([row, replace(row, solver="highs", reason="a|b")], date(2027, 3, 1), {})
    assert text.startswith("Measured on 2027-03-01: 1 s a file and solver, 2 workers, seed 1; ")
    assert f"{machine()['cores']} cores" in text
    assert "ortools 9." in text
    assert "| own.txt | samplan | 3x7x2 | feasible | 3 | 2 | 2 | 50.00 % | 33.33 % |" in text
    assert "- own.txt, highs: a\\|b" in text
    assert "![" not in text


def picture(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def texts(svg: ET.Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def test_the_picture_has_a_line_for_each_solver_and_says_itself_in_words(row: Row) -> None:
    svg = picture(draw([row, replace(row, solver="cp-sat", points=(Point(0.2, 8, None), Point(0.3, 9, 0)))]))
    lines = list(svg.iter(f"{SVG}polyline"))
    assert len(lines) == 2
    assert [shape.get("stroke-dasharray") for shape in lines] == [None, "9 4"]
    places = [tuple(map(float, place.split(","))) for place in lines[0].get("points", "").split()]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted(y for _, y in places), "a gap only falls, and down is more"
    other = lines[1].get("points", "").split()
    assert len({place.split(",")[1] for place in other}) == 1, "a worse roster changes nothing"
    assert svg.get("aria-labelledby") == "title desc"
    assert svg.findtext(f"{SVG}title") == "own.txt: gap over time"
    assert "samplan: objective 3 after 3.0 s, 50.00 % above best known." in (svg.findtext(f"{SVG}desc") or "")
    assert "prefers-color-scheme: dark" in (svg.findtext(f"{SVG}style") or "")
    assert {"Seconds (logarithmic)", "Gap: per cent above best known, 2 (logarithmic)"} <= set(texts(svg))
    assert {"samplan 50 %", "cp-sat 300 %", "0.1", "10"} <= set(texts(svg))


def test_the_picture_counts_points_where_there_is_no_per_cent(row: Row) -> None:
    svg = picture(draw([replace(row, best_known=0)]))
    assert "Gap: points above best known, 0 (logarithmic)" in texts(svg)
    assert "samplan 3" in texts(svg)
    alone = picture(draw([replace(row, best_known=None)]))
    assert "Gap: per cent above the best here, 3 (logarithmic)" in texts(alone)


def test_a_picture_without_a_roster_says_so(row: Row) -> None:
    svg = picture(draw([replace(row, points=(), objective=None, status="unknown")]))
    assert "No roster was found" in texts(svg)
    assert svg.findtext(f"{SVG}desc") == "samplan: no roster, unknown."
    assert list(svg.iter(f"{SVG}polyline")) == []


def test_names_in_a_picture_cannot_break_it(row: Row) -> None:
    svg = picture(draw([replace(row, file="<a & b>.txt")]))
    assert svg.findtext(f"{SVG}title") == "<a & b>.txt: gap over time"
