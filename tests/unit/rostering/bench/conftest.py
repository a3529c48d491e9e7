"""A folder with the small instance, a solver at work on it, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from samplan_rostering.bench.measurement import Limits, Outcome, Point, Row, Task, judge
from samplan_rostering.bench.source import read_problem


@pytest.fixture
def folder(tmp_path: Path, own_instance: str) -> Path:
    path = tmp_path / "ours"
    path.mkdir()
    (path / "own.txt").write_text(own_instance)
    return path


@pytest.fixture
def task(folder: Path) -> Task:
    file = folder / "own.txt"
    return Task("samplan", file, read_problem(file), Limits(60, 2), 0)


@pytest.fixture
def row(task: Task) -> Row:
    points = (Point(0.04, 9, None), Point(0.5, 4, 1), Point(3.0, 3, 2))
    return replace(
        judge(replace(task, limits=Limits(1, 2)), Outcome(points, None, "feasible")),
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
