"""`samplan rostering simulate`: a workbook and changes in, a roster with its key figures out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from samplan_rostering.cli import rostering
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.scenario.apply import apply_changes, read_changes
from samplan_rostering.domain.ward import WardData
from samplan_rostering.workbook import write_ward


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Run the command on a ward and changes; the answer goes to `out.json`."""

    def call(ward: WardData, changes: Any, *options: str) -> Result:
        (tmp_path / "ward.xlsx").write_bytes(write_ward(ward))
        text = changes if isinstance(changes, str) else json.dumps(changes)
        (tmp_path / "changes.json").write_text(text, "utf-8")
        files = [str(tmp_path / name) for name in ("ward.xlsx", "changes.json")]
        arguments = ["simulate", *files, "--out", str(tmp_path / "out.json"), "--workers", "1", *options]
        return CliRunner().invoke(rostering, arguments)

    return call


def test_a_scenario_is_rostered_and_compared(
    run: Callable[..., Result], small_ward: Callable[..., WardData], tmp_path: Path
) -> None:
    ward = small_ward(4, 7)
    changes = [{"kind": "staffing", "percent": 200}, {"kind": "limit", "name": "weight_wish", "value": 2}]
    ended = run(ward, {"name": "Dubbelt", "changes": changes}, "--seconds", "1", "--compare", "--json")
    assert ended.exit_code == 0, ended.output
    answer = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert json.loads(ended.stdout) == answer
    assert (answer["name"], answer["changes"]) == ("Dubbelt", changes)
    cells = [Assignment(**cell) for cell in answer["roster"]["assignments"]]
    judged = evaluate_ward(apply_changes(ward, read_changes(changes)), cells)
    assert (judged.violations, judged.objective) == ((), answer["roster"]["objective"])
    own, base = answer["figures"], answer["base"]["figures"]
    assert own["required_minutes"] == 2 * base["required_minutes"]
    assert answer["differences"]["unfilled_minutes"] == own["unfilled_minutes"] - base["unfilled_minutes"] > 0
    assert answer["differences"]["money"] is None


def test_what_cannot_be_used_is_told_and_nothing_written(
    run: Callable[..., Result], small_ward: Callable[..., WardData], tmp_path: Path
) -> None:
    for changes, told in (
        ("{", "not JSON"),
        ({"name": "x"}, "expected a list of values"),
        ([{"kind": "staffing", "shifts": ["X"], "add": 1}], "change 1, shifts: 'X', expected a shift type"),
    ):
        ended = run(small_ward(4, 7), changes)
        assert ended.exit_code == 2
        assert told in ended.stderr
    assert not (tmp_path / "out.json").exists()


def test_rules_that_nobody_can_keep_end_with_three(
    run: Callable[..., Result], small_ward: Callable[..., WardData], tmp_path: Path
) -> None:
    ward = small_ward(3, 7)
    away = {"kind": "limit", "name": "hours_band_minutes", "value": 0}
    day = {"kind": "limit", "name": "hours_band_percent", "value": 0}
    few = {"kind": "limit", "name": "max_consecutive_days", "value": 1}
    ended = run(ward, [away, day, few], "--seconds", "1")
    assert ended.exit_code == 3, ended.output
    assert "clash" in ended.output
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["figures"] is None
