"""`samplan rostering simulate`: what if, from files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samplan_rostering.domain.scenario.apply import ChangesError, apply_changes, read_changes, write_change
from samplan_rostering.domain.ward import WardData
from samplan_rostering.explanation.cli import fail

if TYPE_CHECKING:
    from samplan_rostering.domain.scenario.base import Change
    from samplan_rostering.solver.solution import Solution, SolveOptions


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("changes", type=click.Path(path_type=Path))
@click.option("--seconds", type=click.FloatRange(0.1, 86_400), default=60, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--compare", is_flag=True, help="Roster FILE as it is too, and tell the differences.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the answer goes (JSON).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value on standard output.")
def simulate(
    *,
    file: Path,
    changes: Path,
    seconds: float,
    workers: int,
    seed: int,
    compare: bool,
    out: Path,
    as_json: bool,
) -> None:
    """Roster FILE, a ward's workbook, with CHANGES: a JSON list, or an object with `name` and `changes`.

    The answer has the roster as of `solve`, and its key figures. Ends with 0 when one was found, 2 for bad
    input (every fault), 3 when there is provably none, 4 when none was found in time.
    """
    from samplan_rostering.solver.solution import SolveOptions  # with OR-Tools, late

    ward = _ward(file)
    name, read = _changes(changes)
    try:
        changed = apply_changes(ward, read)
    except ChangesError as error:
        fail("\n".join(f"{changes.name}: {fault}" for fault in error.faults))
    options = SolveOptions(seconds=seconds, workers=workers, seed=seed)
    solution, told = _rostered(changed, options)
    answer = {"name": name, "changes": [write_change(change) for change in read], **told}
    if compare:
        _, base = _rostered(ward, options)
        answer |= {"base": base, "differences": _differences(base["figures"], told["figures"])}
    _write(out, answer)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else "\n".join(_lines(solution, answer)))
    sys.exit({"infeasible": 3, "unknown": 4}.get(solution.status.value, 0))


def _ward(file: Path) -> WardData:
    from samplan_rostering.cli import read_source  # that module offers this command

    source = read_source(file, "auto").value
    if not isinstance(source, WardData):
        fail(f"{file.name}: not a ward's workbook")
    return source


def _changes(file: Path) -> tuple[str, tuple[Change, ...]]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    except (ValueError, RecursionError) as error:
        fail(f"{file.name}: not JSON: {error}")
    name = str(content.get("name", "")) if isinstance(content, dict) else ""
    try:
        return name or file.stem, read_changes(
            content.get("changes") if isinstance(content, dict) else content
        )
    except ChangesError as error:
        fail("\n".join(f"{file.name}: {fault}" for fault in error.faults))


def _rostered(ward: WardData, options: SolveOptions) -> tuple[Solution, dict[str, Any]]:
    """Return the solution, and what is told of it."""
    from samplan_rostering.queries.figures.of_roster import key_figures
    from samplan_rostering.solver.solve import solve_ward

    solution = solve_ward(ward, options)
    figures = key_figures(ward, solution.assignments).as_json() if solution.objective is not None else None
    return solution, {"roster": solution.as_json(), "figures": figures}


def _differences(base: dict[str, Any] | None, own: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return by how much each figure is more than the base's; None where one of them has no roster."""
    if base is None or own is None:
        return None
    pairs = {name: (base[name], own[name]) for name in own}
    return {name: None if None in pair else round(pair[1] - pair[0], 2) for name, pair in pairs.items()}


def _lines(solution: Solution, answer: dict[str, Any]) -> list[str]:
    lines = [f"{solution.status.value}: objective {solution.objective}, {solution.seconds:.1f} s"]
    differences = answer.get("differences") or {}
    for name, value in (answer["figures"] or {}).items():
        more = differences.get(name)
        lines.append(f"{name}: {value}" + ("" if more is None else f" ({more:+})"))
    reasons = (f"{r.employee}: {', '.join(rule.value for rule in r.rules)} clash" for r in solution.reasons)
    return [*lines, *reasons]


def _write(out: Path, answer: dict[str, Any]) -> None:
    try:
        out.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        fail(f"{out}: {error.strerror}")
