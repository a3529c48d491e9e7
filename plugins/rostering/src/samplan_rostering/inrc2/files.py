"""The files of the competition INRC-II in their folders.

A folder holds `Sc-NAME.txt`, `H0-NAME-HISTORY.txt` and `WD-NAME-WEEK.txt`; a folder of solutions holds one
file `Sol-*.txt` for each week, usually named `Sol-NAME-WEEK-STAGE.txt`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from samplan_rostering.domain.inrc2.rows import Inrc2Expected, Inrc2Fault, Inrc2FaultsError
from samplan_rostering.domain.inrc2.text import (
    Inrc2WeekSolution,
    join_instance,
    join_solutions,
    parse_history,
    parse_scenario,
    parse_solution,
    parse_week,
)
from samplan_rostering.domain.inrc2.values import (
    DAYS_A_WEEK,
    WEEKDAYS,
    Inrc2Assignment,
    Inrc2Instance,
)

_Value = TypeVar("_Value")
_WEEK_AND_STAGE = re.compile(r"Sol-.*-([0-9]+)-([0-9]+)\.txt")


@dataclass(slots=True)
class _Files:
    """Reads files, and keeps the faults of all of them."""

    faults: list[Inrc2Fault] = field(default_factory=list)

    def read(self, file: Path, parse: Callable[[str, str], _Value]) -> _Value | None:
        """Return what a file says; None when it cannot be used."""
        try:
            return parse(file.name, file.read_text("utf-8-sig", errors="replace"))
        except OSError as error:
            self.note(file.name, str(file), Inrc2Expected.FILE, reason=str(error.strerror))
        except Inrc2FaultsError as error:
            self.faults += [fault for fault in error.faults if fault not in self.faults]
        return None

    def note(self, file: str, value: str, expected: Inrc2Expected, **data: str) -> None:
        """Keep a fault of a file as a whole."""
        fault = Inrc2Fault(file, "", 0, value, expected, data)
        if fault not in self.faults:
            self.faults.append(fault)


def read_instance(folder: Path, history: int, weeks: Sequence[int]) -> Inrc2Instance:
    """Read the instance of a folder that starts from a history and has weeks of these numbers.

    Raises Inrc2FaultsError with the faults of all files.
    """
    files = _Files()
    found = sorted(folder.glob("Sc-*.txt"))
    if len(found) != 1:
        files.note(folder.name, str(len(found)), Inrc2Expected.SCENARIO_FILE)
        raise Inrc2FaultsError(files.faults)
    name = found[0].stem.removeprefix("Sc-")
    scenario = files.read(found[0], parse_scenario)
    if scenario is None:
        raise Inrc2FaultsError(files.faults)
    past = files.read(
        folder / f"H0-{name}-{history}.txt", lambda file, text: parse_history(file, text, scenario)
    )
    read = [
        files.read(folder / f"WD-{name}-{week}.txt", lambda file, text: parse_week(file, text, scenario))
        for week in weeks
    ]
    if past is None or files.faults:
        raise Inrc2FaultsError(files.faults)
    return join_instance(scenario, past, [week for week in read if week is not None])


def read_solution(folder: Path, instance: Inrc2Instance, weeks: Sequence[int]) -> tuple[Inrc2Assignment, ...]:
    """Read the roster of a folder for the instance that has weeks of these numbers.

    Raises Inrc2FaultsError with the faults of all files. A file whose name says that it was made for other
    week data is one.
    """
    files = _Files()
    solutions: list[Inrc2WeekSolution] = []
    for file in sorted(folder.glob("Sol-*.txt")):
        solution = files.read(file, lambda name, text: parse_solution(name, text, instance.scenario))
        if solution is None:
            continue
        solutions.append(solution)
        made_for, stage = _WEEK_AND_STAGE.fullmatch(file.name), solution.week - instance.history.week
        if made_for is not None and 0 <= stage < len(weeks) and int(made_for[1]) != weeks[stage]:
            files.note(file.name, made_for[1], Inrc2Expected.SOLUTION_WEEK, week=str(weeks[stage]))
    if files.faults:
        raise Inrc2FaultsError(files.faults)
    return join_solutions(instance, solutions)


def write_solution(
    folder: Path, instance: Inrc2Instance, weeks: Sequence[int], assignments: Iterable[Inrc2Assignment]
) -> None:
    """Write a roster as files `Sol-NAME-WEEK-STAGE.txt`, one for each week; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    name, first = instance.scenario.id, instance.history.week
    cells = sorted(assignments, key=lambda cell: (cell.day, cell.nurse))
    for stage, week in enumerate(weeks):
        days = range(stage * DAYS_A_WEEK, (stage + 1) * DAYS_A_WEEK)
        rows = [
            f"{cell.nurse} {WEEKDAYS[cell.day % DAYS_A_WEEK]} {cell.shift} {cell.skill}"
            for cell in cells
            if cell.day in days
        ]
        lines = ["SOLUTION", f"{first + stage} {name}", "", f"ASSIGNMENTS = {len(rows)}", *rows]
        (folder / f"Sol-{name}-{week}-{first + stage}.txt").write_text("\n".join(lines) + "\n", "utf-8")
