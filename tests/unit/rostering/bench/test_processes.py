"""Each solver in a process of its own, which may crash, hang or lie."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benching import result, speaker
from samplan_rostering.bench.measurement import Limits, Outcome, Point, Task, judge, run
from samplan_rostering.bench.report import line
from samplan_rostering.bench.source import read_problem
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.workbook import write_ward


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
    hangs = speaker({"point": [0.1, 4, 0]}, end="time.sleep(600)")
    begin = time.monotonic()
    for patience in (0.5, 5.0, 50.0):  # a busy machine takes its time to start a process
        outcome = run(replace(task, limits=Limits(1)), hangs, patience)
        assert (outcome.status, outcome.reason) == (
            "hung",
            f"stopped: it had not ended after {1.1 + patience:.0f} s",
        )
        if outcome.points:
            break
    assert outcome.points == (Point(0.1, 4, 0),)
    assert time.monotonic() - begin < 300


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
