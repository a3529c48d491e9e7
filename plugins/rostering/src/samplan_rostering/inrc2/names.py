"""Instances of the competition INRC-II by their names, such as `n030w4_1_6-2-9-1`.

The name is that of the scenario, the number of the history and those of the week data in their order. A path
that ends with it, in the folder of the scenario's files, stands for the instance; there need be no such file.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from samplan_rostering.domain.inrc2.text import parse_scenario
from samplan_rostering.domain.inrc2.values import Inrc2Instance
from samplan_rostering.inrc2.files import read_instance

_NAME = re.compile(r"(.+)_([0-9]{1,4})_([0-9]{1,4}(?:-[0-9]{1,4})*)(?:\.txt)?")
_SOLUTIONS = re.compile(r"Solution_H_([0-9]{1,4})-WD_([0-9]{1,4}(?:-[0-9]{1,4})*)")
_SCENARIO = re.compile(r"Sc-(.+)\.txt")


@dataclass(frozen=True, slots=True)
class Inrc2Name:
    """Where an instance lies, and of which parts it is made."""

    folder: Path
    history: int
    weeks: tuple[int, ...]

    def read(self) -> Inrc2Instance:
        """Read the instance; raises Inrc2FaultsError with the faults of all files."""
        return read_instance(self.folder, self.history, self.weeks)


def weeks_of(text: str) -> tuple[int, ...]:
    """Return numbers of week data such as 1-2-3-3; raises ValueError when they are none."""
    if re.fullmatch(r"[0-9]{1,4}(-[0-9]{1,4})*", text) is None:
        raise ValueError(f"{text!r}, expected numbers of week data such as 1-2-3-3")
    return tuple(int(number) for number in text.split("-"))


def scenario_folder(path: Path) -> Path | None:
    """Return the folder of a scenario, given that folder or its scenario file; None for anything else."""
    if path.is_dir() and any(path.glob("Sc-*.txt")):
        return path
    return path.parent if path.is_file() and _SCENARIO.fullmatch(path.name) else None


def named_instance(path: Path) -> Inrc2Name | None:
    """Return the instance that a path stands for; None when it stands for none."""
    found = _NAME.fullmatch(path.name)
    if found is None or not (path.parent / f"Sc-{found[1]}.txt").is_file():
        return None
    return Inrc2Name(path.parent, int(found[2]), weeks_of(found[3]))


def list_instances(folder: Path) -> list[Path]:
    """Return the instances of a scenario's folder that a file or a folder of solutions is named for.

    Without any, it is that of history 0 and week data 0, 1, 2 and so on.
    """
    scenarios = sorted(folder.glob("Sc-*.txt"))
    if len(scenarios) != 1:
        return []
    name = scenarios[0].stem.removeprefix("Sc-")
    found = {folder / path.name.removesuffix(".txt") for path in folder.glob(f"{name}_*")}
    found = {path for path in found if named_instance(path) is not None}
    for path in folder.glob("Solution_H_*"):
        parts = _SOLUTIONS.fullmatch(path.name)
        if parts is not None:
            found.add(folder / f"{name}_{parts[1]}_{parts[2]}")
    return sorted(found) or [folder / f"{name}_0_{'-'.join(map(str, range(_length(scenarios[0]))))}"]


def _length(scenario: Path) -> int:
    """Return how many weeks a scenario has; one that cannot be read is told of later."""
    try:
        return parse_scenario(scenario.name, scenario.read_text("utf-8-sig", errors="replace")).weeks
    except (OSError, ValueError):
        return 1
