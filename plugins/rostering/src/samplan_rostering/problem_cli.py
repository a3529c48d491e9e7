"""`samplan rostering problem`, and problem files for `solve` and `check`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData

if TYPE_CHECKING:
    from samplan_rostering.solver.problem import Problem
    from samplan_rostering.solver.solution import Solution, SolveOptions

BAD_INPUT, IMPOSSIBLE = 2, 3


@dataclass(frozen=True, slots=True)
class ProblemSource:
    """A problem that was read from a file."""

    problem: Problem

    @property
    def employees(self) -> int:
        """How many people it has."""
        return len(self.problem.employees)

    @property
    def days(self) -> int:
        """How many days it spans."""
        return self.problem.days

    def evaluate(self, assignments: Iterable[Assignment]) -> Evaluation:
        """Judge a roster by what each part of the problem means."""
        from samplan_rostering.solver.evaluate_problem import evaluate_problem

        return evaluate_problem(self.problem, assignments)

    def solve(self, options: SolveOptions) -> Solution:
        """Say what contradicts itself, and search."""
        from samplan_rostering.solver.solve import solve

        say_contradictions(self.problem)
        return solve(self.problem, options)


def read_problem(file: Path) -> ProblemSource | None:
    """Return the problem of a JSON file, None for any other file; ends with 2 when it is not sound."""
    from samplan_rostering.solver.problem_json import (
        ProblemFormatError,
        looks_like_problem,
        problem_from_json,
    )

    try:
        data = file.read_bytes() if file.is_file() else b""
        text = data.decode("utf-8") if data.lstrip().startswith(b"{") else ""
        if not text or not looks_like_problem(json.loads(text)):
            return None
    except (OSError, ValueError, RecursionError):
        return None  # whoever reads files of other kinds says what is wrong
    try:
        return ProblemSource(problem_from_json(text))
    except ProblemFormatError as error:
        _fail(f"{file.name}: {error}")


def problem_of(value: WardData | CurtoisInstance, name: str) -> Problem:
    """Return the problem that a file comes to; ends with 2 when its figures cannot be."""
    from samplan_rostering.solver.from_curtois import problem_from_curtois
    from samplan_rostering.solver.from_ward import problem_from_ward

    try:
        return problem_from_ward(value) if isinstance(value, WardData) else problem_from_curtois(value)
    except ValueError as error:
        _fail(f"{name}: {error}")


def say_contradictions(problem: Problem) -> None:
    """Print on standard error what can be told to contradict itself without a search."""
    from samplan_rostering.solver.contradictions import contradictions

    for contradiction in contradictions(problem):
        click.echo(str(contradiction), err=True)


def refuse_hopeless(problem: Problem, *, start_anyway: bool) -> None:
    """End with 3 where the rules leave somebody no row, with 2 where nobody can meet a need; say which."""
    from samplan_rostering.solver.contradictions import contradictions

    found = contradictions(problem)
    if any(each.hard for each in found):
        say_contradictions(problem)
        click.echo("no roster is possible", err=True)
        sys.exit(IMPOSSIBLE)
    if found and not start_anyway:
        say_contradictions(problem)
        _fail("nobody can meet these; a roster without these people is searched for with --start-anyway")


@click.command("problem")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "out", type=click.Path(path_type=Path), required=True, help="Where the problem goes.")
def write_problem(*, file: Path, out: Path) -> None:
    """Write what FILE, a ward's workbook or a benchmark text, comes to for the optimiser: rules and costs.

    Ends with 0, or with 2 for bad input. What contradicts itself is said on standard error.
    """
    from samplan_rostering.cli import read_source  # that module offers this command
    from samplan_rostering.solver.problem_json import problem_to_json

    given = read_problem(file)
    problem = problem_of(read_source(file, "auto").value, file.name) if given is None else given.problem
    say_contradictions(problem)
    try:
        out.write_text(problem_to_json(problem) + "\n", "utf-8")
    except OSError as error:
        _fail(f"{out}: {error.strerror}")


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(BAD_INPUT)
