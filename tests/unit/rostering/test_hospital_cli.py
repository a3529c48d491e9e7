"""`samplan rostering hospital`: a folder of workbooks in, rosters out, and what is said about bad input."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from hospital import hospital as hospital_of
from hospital import write_hospital
from samplan_rostering.cli import rostering
from samplan_rostering.domain.hospital import Hospital


@pytest.fixture(scope="module")
def small() -> Hospital:
    return hospital_of(wards=4, staff=6, days=14, floating=3)


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(rostering, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.slow
def test_a_folder_is_rostered_from_the_command_line(small: Hospital, tmp_path: Path) -> None:
    folder, out = tmp_path / "hospital", tmp_path / "out"
    write_hospital(small, folder, seed=1)
    code, printed, told = run(
        *("hospital", folder, "--seconds", 60, "--work", 0.1, "--rounds", 1, "--workers", 1),
        *("--out", out, "--json"),
    )
    assert code == 0, told
    report = json.loads(printed)
    assert report == json.loads((out / "hospital.json").read_text())
    assert report["violations"] == []
    assert set(report["wards"]) == {"A01", "A02", "A03", "A04"}
    assert report["internal"]["shifts"] >= report["internal"]["shifts_in_wards"] > 0
    placements = json.loads((out / "INT.json").read_text())["placements"]
    guests = json.loads((out / "A01.json").read_text())["guests"]
    assert len(guests) == sum(place["unit"] == "A01" for place in placements)
    assert "round 0: 4 of 4 wards" in told
    roster = json.loads((out / "A02.json").read_text())
    assert roster["objective"] == report["wards"]["A02"]["objective"]


def test_a_folder_that_is_no_hospital_is_refused_with_every_fault(small: Hospital, tmp_path: Path) -> None:
    def refused(content: object) -> str:
        (tmp_path / "hospital.json").write_text(content if isinstance(content, str) else json.dumps(content))
        code, printed, told = run("hospital", tmp_path, "--out", tmp_path / "out")
        assert (code, printed) == (2, "")
        return told

    code, _, told = run("hospital", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert (code, "hospital.json" in told) == (2, True)
    assert "hospital.json: JSONDecodeError" in refused("no json")
    assert "KeyError" in refused({})
    assert "list of file names" in refused({"wards": "A01.xlsx"})
    assert "list of file names" in refused({"wards": ["../A01.xlsx"]})
    assert "A01.xlsx" in refused({"wards": ["A01.xlsx"]})
    assert "no ward" in refused({"wards": []})
    (tmp_path / "A01.xlsx").write_bytes(b"nothing")
    assert "A01.xlsx" in refused({"wards": ["A01.xlsx"], "internal": None})
    write_hospital(replace(small, internal=None), tmp_path)
    assert "a unit is there more than once: A01" in refused({"wards": ["A01.xlsx", "A01.xlsx"]})
