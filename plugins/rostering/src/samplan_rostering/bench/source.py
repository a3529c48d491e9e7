"""What a benchmark run reads: the files of a folder, and a list of best known values."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from re import split

from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.curtois_text import CurtoisFaultsError, looks_like_curtois, parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.inrc2.evaluate import Inrc2Evaluation, evaluate_inrc2
from samplan_rostering.domain.inrc2.rows import Inrc2FaultsError
from samplan_rostering.domain.inrc2.values import Inrc2Instance
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.inrc2.names import list_instances, named_instance, scenario_folder
from samplan_rostering.solver.from_inrc2 import inrc2_assignments

_COLUMNS = ("set", "instance", "best_known", "source")


class UnreadableError(ValueError):
    """A file that cannot be used; `faults` lists why."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Problem:
    """What was read: a ward, a benchmark instance, or one of the competition INRC-II."""

    value: WardData | CurtoisInstance | Inrc2Instance

    @property
    def size(self) -> tuple[int, int, int]:
        """Number of people, days and kinds of shift."""
        if isinstance(self.value, WardData):
            return len(self.value.employees), self.value.period.days, len(self.value.shift_types)
        if isinstance(self.value, Inrc2Instance):
            scenario = self.value.scenario
            return len(scenario.nurses), self.value.days, len(scenario.shifts) * len(scenario.skills)
        return len(self.value.staff), self.value.days, len(self.value.shifts)

    def evaluate(self, assignments: Iterable[Assignment]) -> Evaluation | Inrc2Evaluation:
        """Let the independent evaluator judge a roster."""
        if isinstance(self.value, WardData):
            return evaluate_ward(self.value, assignments)
        if isinstance(self.value, Inrc2Instance):
            return evaluate_inrc2(self.value, inrc2_assignments(assignments))
        return evaluate_curtois(self.value, assignments)


def list_files(folder: Path, only: str = "*") -> list[Path]:
    """Return what matches of a folder, 2 before 10: its files, and the instances of INRC-II in its folders.

    Hidden ones are left out, and the files of an instance where the folder itself is one.
    """
    inside = [path for path in folder.iterdir() if not path.name.startswith(".")]
    folders = [folder] if scenario_folder(folder) else [path for path in inside if path.is_dir()]
    files = [path for path in inside if path.is_file() and folder not in folders]
    files += [instance for path in folders for instance in list_instances(path)]
    return sorted((path for path in files if fnmatchcase(path.name, only)), key=_natural)


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in split(r"([0-9]+)", path.name)]


def read_problem(file: Path) -> Problem:
    """Read a workbook, a benchmark text or an instance of INRC-II; UnreadableError names every fault."""
    instance = named_instance(file)
    try:
        if instance is not None:
            return Problem(instance.read())
    except Inrc2FaultsError as error:
        raise UnreadableError(map(str, error.faults)) from error
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UnreadableError([str(error.strerror)]) from error
    text = data.decode("utf-8", errors="replace")
    if looks_like_curtois(text):
        try:
            return Problem(parse_curtois(text))
        except CurtoisFaultsError as error:
            raise UnreadableError(map(str, error.faults)) from error
    return Problem(_read_workbook(data))


def _read_workbook(data: bytes) -> WardData:
    from samplan.plugin_api import ImportFaults  # with Flask, late
    from samplan_rostering.workbook import read_ward

    try:
        return read_ward(data)
    except ImportFaults as error:
        raise UnreadableError(map(str, error.faults)) from error


@dataclass(frozen=True, slots=True)
class BestKnown:
    """The best objective that anybody is known to have found, by set and instance."""

    values: Mapping[tuple[str, str], int]

    def of(self, file: Path) -> int | None:
        """Return the value for a file: that of the set named like its folder, or of the only set with it."""
        exact = self.values.get((file.parent.name, file.stem))
        named = [value for (_, instance), value in self.values.items() if instance == file.stem]
        if exact is not None:
            return exact
        return named[0] if len(named) == 1 else None


def read_best_known(file: Path) -> BestKnown:
    """Read a CSV of set, instance, best_known and source; raises UnreadableError with every fault."""
    try:
        rows = list(csv.reader(file.read_text("utf-8-sig").splitlines(), strict=True))
    except OSError as error:
        raise UnreadableError([str(error.strerror)]) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError([f"not a CSV in UTF-8: {error}"]) from error
    if not rows or tuple(cell.strip() for cell in rows[0]) != _COLUMNS:
        raise UnreadableError([f"line 1: expected the columns {','.join(_COLUMNS)}"])
    values: dict[tuple[str, str], int] = {}
    faults: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        cells = [cell.strip() for cell in row]
        if len(cells) != len(_COLUMNS):
            faults.append(f"line {number}: expected {len(_COLUMNS)} fields")
        elif not (cells[2].isascii() and cells[2].isdecimal()):
            faults.append(f"line {number}: {cells[2]!r}, expected a whole number")
        elif (cells[0], cells[1]) in values:
            faults.append(f"line {number}: {cells[0]}, {cells[1]} stands there twice")
        else:
            values[cells[0], cells[1]] = int(cells[2])
    if faults:
        raise UnreadableError(faults)
    return BestKnown(values)
