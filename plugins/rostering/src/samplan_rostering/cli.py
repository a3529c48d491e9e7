"""`samplan rostering`: solve and check files without a database.

With `--json`, standard output is one JSON value and all else goes to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from samplan_rostering.bench.cli import bench
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.curtois_text import CurtoisFaultsError, looks_like_curtois, parse_curtois
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation, Violation
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.explanation.cli import explain, recommend
from samplan_rostering.explanation.replan_cli import replan
from samplan_rostering.hospital_cli import hospital
from samplan_rostering.inrc2.cli import check_inrc2
from samplan_rostering.inrc2.solving import Inrc2Request, inrc2_options, read_inrc2
from samplan_rostering.problem_cli import (
    ProblemSource,
    problem_of,
    read_problem,
    refuse_hopeless,
    write_problem,
)
from samplan_rostering.simulate_cli import simulate
from samplan_rostering.staff_cli import employees

if TYPE_CHECKING:
    from samplan_rostering.solver.solution import Solution, SolveOptions

FOUND, REJECTED, BAD_INPUT, IMPOSSIBLE, NONE_FOUND = 0, 1, 2, 3, 4
EXIT_CODES = {"optimal": FOUND, "feasible": FOUND, "infeasible": IMPOSSIBLE, "unknown": NONE_FOUND}
Format = Literal["auto", "samplan", "curtois"]

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value on standard output.")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: a ward, or a benchmark instance."""

    value: WardData | CurtoisInstance

    @property
    def employees(self) -> int:
        """How many people it has."""
        return len(self.value.employees if isinstance(self.value, WardData) else self.value.staff)

    @property
    def days(self) -> int:
        """How many days it spans."""
        return self.value.period.days if isinstance(self.value, WardData) else self.value.days

    def evaluate(self, assignments: Iterable[Assignment]) -> Evaluation:
        """Let the independent evaluator judge a roster."""
        if isinstance(self.value, WardData):
            return evaluate_ward(self.value, assignments)
        return evaluate_curtois(self.value, assignments)


@click.group()
def rostering() -> None:
    """Make and check rosters from files, without a database."""


rostering.add_command(bench)
rostering.add_command(check_inrc2)
rostering.add_command(hospital)
rostering.add_command(explain)
rostering.add_command(recommend)
rostering.add_command(replan)
rostering.add_command(simulate)
rostering.add_command(employees)
rostering.add_command(write_problem)


@rostering.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "kind", type=click.Choice(["auto", "samplan", "curtois"]), default="auto")
@click.option("--seconds", type=click.FloatRange(0.1, 86_400), default=60, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the roster goes (JSON).")
@click.option(
    "--start-anyway", is_flag=True, help="Also where nobody can meet a requirement of the workbook."
)
@inrc2_options
@json_option
def solve(
    *,
    file: Path,
    kind: Format,
    seconds: float,
    workers: int,
    seed: int,
    out: Path,
    start_anyway: bool,
    as_json: bool,
    **more: Any,
) -> None:
    """Find a roster for FILE: a ward's workbook (.xlsx), a problem (.json), a benchmark text or INRC-II.

    An instance of INRC-II is its folder with --history and --weeks, or a name in it such as n030w4_1_6-2-9-1.
    Ends with 0 when a roster was found, 1 when nobody can be found for a minimum of INRC-II, 2 for bad input,
    3 when there is provably none (with the reasons), 4 when none was found in time. What in a workbook
    contradicts itself is said before any search: with 3 where somebody has no row, with 2 where nobody can
    meet a requirement, unless it is to --start-anyway.
    """
    from samplan_rostering.solver.solution import SolveOptions  # with OR-Tools, late

    options = SolveOptions(seconds=seconds, workers=workers, seed=seed)
    instance = read_inrc2(file, Inrc2Request(**more))
    solution = (
        _solve(file, kind, options, start_anyway=start_anyway)
        if instance is None
        else instance.solve(options)
    )
    missing = 0 if instance is None else instance.report(solution)
    _tell(solution, out, as_json=as_json)
    if missing:
        click.echo(f"{missing} missing below the minimum", err=True)
    code = EXIT_CODES[solution.status.value]
    sys.exit(REJECTED if missing and code == FOUND else code)


def _solve(file: Path, kind: Format, options: SolveOptions, *, start_anyway: bool) -> Solution:
    problem = read_problem(file)
    if problem is None:
        value = read_source(file, kind).value
        problem = ProblemSource(problem_of(value, file.name))
        if isinstance(value, WardData):
            refuse_hopeless(problem.problem, start_anyway=start_anyway)
    return problem.solve(options)


def _tell(solution: Solution, out: Path, *, as_json: bool) -> None:
    """Write a solution to a file and say what came of it."""
    report = solution.as_json()
    try:
        out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        _fail(f"{out}: {error.strerror}")
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        figures = f"objective {solution.objective}, bound {solution.bound}, {solution.seconds:.1f} s"
        click.echo(f"{solution.status.value}: {figures}")
    for reason in solution.reasons:
        click.echo(f"{reason.employee}: {', '.join(rule.value for rule in reason.rules)} clash", err=True)


@rostering.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("roster", type=click.Path(path_type=Path))
@click.option("--format", "kind", type=click.Choice(["auto", "samplan", "curtois"]), default="auto")
@json_option
def check(*, file: Path, roster: Path, kind: Format, as_json: bool) -> None:
    """Judge the ROSTER that was made for FILE by every rule.

    Ends with 0 when it keeps all hard rules and its objective is as it says, 1 when not, 2 for bad input.
    """
    source = read_problem(file) or read_source(file, kind)
    claimed, assignments = read_roster(roster)
    evaluation = source.evaluate(assignments)
    right = claimed is None or claimed == evaluation.objective
    if as_json:
        click.echo(json.dumps(_report(source, assignments, evaluation, claimed), ensure_ascii=False))
    else:
        for violation in evaluation.violations:
            click.echo(_line(violation))
        click.echo(f"{len(evaluation.violations)} violations, objective {evaluation.objective}")
        if not right:
            click.echo(f"the roster says objective {claimed}", err=True)
    sys.exit(FOUND if right and not evaluation.violations else REJECTED)


@rostering.command("compile")
def compile_() -> None:
    """Compile the searches ahead of time: part of a set-up or an image's build, done once.

    Without it the first solve takes some twenty seconds longer.
    """
    from samplan_rostering.solver.ahead import compile_searches

    compile_searches()
    click.echo("the searches are compiled", err=True)


@rostering.command("demo-workbook")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Where the workbook goes (.xlsx)."
)
@click.option("--seed", type=int, default=1, show_default=True)
def demo_workbook(*, out: Path, seed: int) -> None:
    """Write the workbook of the demo ward: 28 invented employees and 42 days."""
    from samplan_rostering.demo_ward import demo_ward
    from samplan_rostering.workbook import write_ward

    out.write_bytes(write_ward(demo_ward(seed)))


def read_source(file: Path, kind: Format) -> Source:
    """Read a workbook or a benchmark text; ends the command with 2 and every fault when it cannot be used."""
    try:
        data = file.read_bytes()
    except OSError as error:
        _fail(f"{file}: {error.strerror}")
    text = data.decode("utf-8", errors="replace")
    if kind == "curtois" or (kind == "auto" and looks_like_curtois(text)):
        try:
            return Source(parse_curtois(text))
        except CurtoisFaultsError as error:
            _fail(*(f"{file.name}: {fault}" for fault in error.faults))
    return Source(_read_workbook(file.name, data))


def _read_workbook(name: str, data: bytes) -> WardData:
    from samplan.plugin_api import ImportFaults
    from samplan_rostering.workbook import read_ward

    try:
        return read_ward(data)
    except ImportFaults as error:
        _fail(*(f"{name}: {fault}" for fault in error.faults))


def read_roster(file: Path) -> tuple[int | None, list[Assignment]]:
    """Return the claimed objective and the assignments of a roster file; ends with 2 when it is not one."""
    try:
        content = json.loads(file.read_text("utf-8"))
        cells = [_assignment(cell) for cell in content["assignments"]]
        claimed = content.get("objective")
    except OSError as error:
        _fail(f"{file}: {error.strerror}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        _fail(f"{file.name}: not a roster: {type(error).__name__} {error}")
    if claimed is not None and not isinstance(claimed, int):
        _fail(f"{file.name}: objective: {claimed!r}, expected a whole number or null")
    return claimed, cells


def _assignment(cell: dict[str, Any]) -> Assignment:
    employee, day, shift = cell["employee"], cell["day"], cell["shift"]
    if not (isinstance(employee, str) and type(day) is int and isinstance(shift, str)):
        raise ValueError(f"assignment {cell!r}, expected texts for employee and shift and a number for day")
    return Assignment(employee, day, shift)


def _report(
    source: Source | ProblemSource, assignments: list[Assignment], evaluation: Evaluation, claimed: int | None
) -> dict[str, Any]:
    return {
        "employees": source.employees,
        "days": source.days,
        "assignments": len(assignments),
        "violations": [
            {
                "rule": violation.rule.value,
                "source": violation.source,
                "employee": violation.employee,
                "day": violation.day,
                "measured": violation.measured,
                "limit": violation.limit,
            }
            for violation in evaluation.violations
        ],
        "uncovered": evaluation.uncovered,
        "objective": evaluation.objective,
        "claimed": claimed,
        "breakdown": {term.value: cost for term, cost in evaluation.breakdown.items()},
    }


def _line(violation: Violation) -> str:
    where = violation.employee + ("" if violation.day is None else f", day {violation.day}")
    figures = "" if violation.limit is None else f": {violation.measured}, limit {violation.limit}"
    return f"{violation.rule.value}: {where}{figures}"


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(BAD_INPUT)
