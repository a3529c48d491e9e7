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
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData

_COLUMNS = ("set", "instance", "best_known", "source")


class UnreadableError(ValueError):
    """A file that cannot be used; `faults` lists why."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was read: a ward, or a benchmark instance."""

    value: WardData | CurtoisInstance

    @property
    def size(self) -> tuple[int, int, int]:
        """Number of people, days and kinds of shift."""
        if isinstance(self.value, WardData):
            return len(self.value.employees), self.value.period.days, len(self.value.shift_types)
        return len(self.value.staff), self.value.days, len(self.value.shifts)

    def evaluate(self, assignments: Iterable[Assignment]) -> Evaluation:
        """Let the independent evaluator judge a roster."""
        if isinstance(self.value, WardData):
            return evaluate_ward(self.value, assignments)
        return evaluate_curtois(self.value, assignments)


def list_files(folder: Path, only: str = "*") -> list[Path]:
    """Return the files of a folder whose names match, 2 before 10; hidden ones are left out."""
    files = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return sorted((path for path in files if fnmatchcase(path.name, only)), key=_natural)


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in split(r"([0-9]+)", path.name)]


def read_problem(file: Path) -> Problem:
    """Read a workbook or a benchmark text; raises UnreadableError with every fault."""
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
