"""`samplan rostering hospital`: roster several wards and their internal unit from files, no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from samplan_rostering.solver.wards import HospitalSnapshot, HospitalSolution

COMPLETE, REJECTED, BAD_INPUT, IMPOSSIBLE, NONE_FOUND = 0, 1, 2, 3, 4


@click.command("hospital")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seconds", type=click.FloatRange(1, 86_400), default=600, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Wards at the same time."
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--rounds", type=click.IntRange(0, 20), default=2, show_default=True, help="After the first.")
@click.option(
    "--work", type=click.FloatRange(0.1, 3600), help="Work on a ward, instead of a share of the time."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the rosters (JSON).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value on standard output.")
def hospital(
    *,
    folder: Path,
    seconds: float,
    workers: int,
    seed: int,
    rounds: int,
    work: float | None,
    out: Path,
    as_json: bool,
) -> None:
    """Roster the wards of FOLDER and place their internal unit's people; `hospital.json` names the files.

    Ends with 0 when all have a roster that the evaluator accepts, 1 when it finds a broken rule, 2 for bad
    input, 3 when some unit provably can have none (with the reasons), 4 when none was found in time.
    """
    from samplan_rostering.hospital_files import HospitalFaultsError, read_hospital, report, write_rosters
    from samplan_rostering.solver.executors import Processes
    from samplan_rostering.solver.wards import HospitalOptions, solve_hospital

    try:
        whole = read_hospital(folder)
    except HospitalFaultsError as error:
        _fail(*error.faults)
    options = HospitalOptions(seconds, workers, seed, rounds, work)
    solution = solve_hospital(whole, options, Processes(workers), _tell)
    try:
        write_rosters(whole, solution, out)
    except OSError as error:
        _fail(f"{out}: {error.strerror}")
    told = report(whole, solution)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        figures = f"objective {told['objective']}, {told['uncovered']} uncovered, {told['seconds']:.1f} s"
        click.echo(f"{len(solution.wards)} wards: {figures}, {len(told['violations'])} violations")
    sys.exit(_exit_code(solution))


def _exit_code(solution: HospitalSolution) -> int:
    """Return how the command ends; what cannot be done is said on standard error."""
    for unit, broken in solution.evaluation.violations:
        click.echo(f"{unit}: {broken.rule.value}: {broken.employee}, day {broken.day}", err=True)
    reasons = [*solution.reasons, *(reason for ward in solution.wards.values() for reason in ward.reasons)]
    for reason in reasons:
        click.echo(f"{reason.employee}: {', '.join(rule.value for rule in reason.rules)} clash", err=True)
    if solution.complete:
        return REJECTED if solution.evaluation.violations else COMPLETE
    without = [code for code, ward in solution.wards.items() if ward.objective is None]
    if without:
        click.echo(f"no roster for {', '.join(without)}", err=True)
    return IMPOSSIBLE if reasons else NONE_FOUND


def _tell(snapshot: HospitalSnapshot) -> None:
    """Say on standard error how far it is."""
    if snapshot.done:
        click.echo(
            f"{snapshot.seconds:7.1f} s  round {snapshot.round}: {snapshot.done} of {snapshot.wards} wards,"
            f" objective {snapshot.objective}",
            err=True,
        )


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(BAD_INPUT)
