"""Public instances and rosters of the competition INRC-II, judged as its own validator does."""

from __future__ import annotations

from pathlib import Path

import pytest

from samplan_rostering.domain.inrc2.evaluate import (
    evaluate_inrc2,
)
from samplan_rostering.inrc2.cli import validator_lines
from samplan_rostering.inrc2.files import read_instance, read_solution


@pytest.mark.benchmark
def test_the_official_validator_is_met_line_by_line(benchmarks: Path) -> None:
    folder = benchmarks / "inrc2" / "n005w4"
    solution = folder / "Solution_H_0-WD_1-2-3-3"
    weeks = (1, 2, 3, 3)
    instance = read_instance(folder, 0, weeks)
    roster = read_solution(solution, instance, weeks)
    judged = evaluate_inrc2(instance, roster)
    official = (solution / "validator.txt").read_text().splitlines()
    assert validator_lines(instance, roster, judged) == official
    assert judged.objective == 1695


@pytest.mark.benchmark
@pytest.mark.parametrize(
    ("name", "history", "weeks", "cost"),
    [
        ("n005w4", 1, "5-3-1-0", 2010),
        ("n005w4", 2, "6-7-8-9", 1720),
        ("n021w4", 0, "5-4-1-2", 2305),
        ("n021w4", 1, "0-6-1-6", 2305),
        ("n021w4", 2, "8-1-4-3", 2345),
    ],
)
def test_other_public_rosters_keep_the_hard_rules(
    benchmarks: Path, name: str, history: int, weeks: str, cost: int
) -> None:
    """No official output lies beside these: the costs are what this evaluator found, kept from changing."""
    folder = benchmarks / "inrc2" / name
    numbers = [int(number) for number in weeks.split("-")]
    instance = read_instance(folder, history, numbers)
    roster = read_solution(folder / f"Solution_H_{history}-WD_{weeks}", instance, numbers)
    judged = evaluate_inrc2(instance, roster)
    assert judged.violations == ()
    assert judged.objective == cost


@pytest.mark.benchmark
def test_every_public_file_can_be_read(benchmarks: Path) -> None:
    folders = sorted(path for path in (benchmarks / "inrc2").iterdir() if path.is_dir())
    assert folders
    for folder in folders:
        number = int(folder.name[-1])
        for history in range(3):
            weeks = [(history + week) % 10 for week in range(number)]
            instance = read_instance(folder, history, weeks)
            assert instance.ends_horizon
            assert len(instance.scenario.nurses) == int(folder.name[1:4])
