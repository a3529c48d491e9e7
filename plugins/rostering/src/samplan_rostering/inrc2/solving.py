"""Instances of the competition INRC-II on the command line of `samplan rostering solve`."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from samplan_rostering.domain.inrc2.evaluate import evaluate_inrc2
from samplan_rostering.domain.inrc2.rows import Inrc2FaultsError
from samplan_rostering.domain.inrc2.values import Inrc2Instance
from samplan_rostering.inrc2.files import write_solution
from samplan_rostering.inrc2.names import Inrc2Name, named_instance, scenario_folder, weeks_of

if TYPE_CHECKING:
    from samplan_rostering.solver.solution import Solution, SolveOptions

BAD_INPUT = 2
_Command = TypeVar("_Command", bound=Callable[..., Any])


def week_numbers(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> tuple[int, ...] | None:
    """Read the numbers of week data."""
    try:
        return None if value is None else weeks_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def inrc2_options(command: _Command) -> _Command:
    """Add the options of an instance."""
    options = (
        click.option("--history", type=click.IntRange(0, 9999), help="INRC-II: number of the history file."),
        click.option("--weeks", callback=week_numbers, help="INRC-II: numbers of the weeks, as 1-2-3-3."),
        click.option("--week-by-week", is_flag=True, help="INRC-II: solve each week knowing only its past."),
        click.option(
            "--solution", type=click.Path(path_type=Path), help="INRC-II: a folder for files Sol-*.txt."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Inrc2Request:
    """What the options ask for."""

    history: int | None
    weeks: tuple[int, ...] | None
    week_by_week: bool
    solution: Path | None


@dataclass(frozen=True, slots=True)
class Inrc2Source:
    """An instance that was read, and how it is to be solved."""

    instance: Inrc2Instance
    name: Inrc2Name
    request: Inrc2Request

    def solve(self, options: "SolveOptions") -> "Solution":
        """Solve the instance."""
        from samplan_rostering.solver.solve_inrc2 import solve_inrc2, solve_week_by_week  # OR-Tools, late

        chosen = solve_week_by_week if self.request.week_by_week else solve_inrc2
        return chosen(self.instance, options)

    def report(self, solution: "Solution") -> int:
        """Write the roster for the official validator where asked to; return how many people H2 lacks."""
        from samplan_rostering.solver.from_inrc2 import inrc2_assignments

        assignments = inrc2_assignments(solution.assignments)
        if self.request.solution is not None and solution.objective is not None:
            try:
                write_solution(self.request.solution, self.instance, self.name.weeks, assignments)
            except OSError as error:
                _fail(f"{self.request.solution}: {error.strerror}")
        violations = evaluate_inrc2(self.instance, assignments).violations
        return sum(violation.missing for violation in violations)


def read_inrc2(path: Path, request: Inrc2Request) -> Inrc2Source | None:
    """Read the instance that a path and the options stand for, None where it is no scenario of INRC-II.

    Ends the command with 2 and every fault when it cannot be used.
    """
    name, folder = named_instance(path), scenario_folder(path)
    if folder is not None and request.history is not None and request.weeks is not None:
        name = Inrc2Name(folder, request.history, request.weeks)
    elif folder is not None:
        _fail(f"{path}: an instance of INRC-II needs --history and --weeks")
    if name is None:
        if request != Inrc2Request(None, None, week_by_week=False, solution=None):
            _fail(f"{path}: no instance of INRC-II, to which --history, --weeks and the like belong")
        return None
    try:
        return Inrc2Source(name.read(), name, request)
    except Inrc2FaultsError as error:
        _fail(*(str(fault) for fault in error.faults))


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(BAD_INPUT)
