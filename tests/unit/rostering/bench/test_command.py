"""The benchmark command: rows, verdicts, and what it refuses."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from benching import KNOWN, SVG, bench, picture, read, result, speaker
from samplan_rostering.bench import cli as bench_cli
from samplan_rostering.bench import measurement as measuring
from samplan_rostering.bench.measurement import missing, run
from samplan_rostering.bench.report import COLUMNS
from samplan_rostering.bench.source import UnreadableError, list_files, read_best_known
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.workbook import write_ward


def test_every_file_is_solved_judged_and_written_down(folder: Path, tmp_path: Path) -> None:
    (folder / "notes.md").write_text("no roster in here")
    (tmp_path / "known.csv").write_text(KNOWN)
    out, pictures = tmp_path / "results.csv", tmp_path / "pictures"
    code, printed, told = bench(
        *(folder, "--seconds", 60, "--best-known", tmp_path / "known.csv", "--peers", "cp-sat", "--out", out),
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
    code, printed, told = bench(folder, "--seconds", 60, "--out", tmp_path / "r.csv", "--json")
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
