"""`samplan rostering bench`: measure the engine, and others beside it, on a folder of files."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from samplan_rostering.bench.measurement import OWN, PEERS, Limits, Row, Task, judge, missing, run
from samplan_rostering.bench.report import COLUMNS, cells, heading, line, machine, markdown, record
from samplan_rostering.bench.source import (
    BestKnown,
    Problem,
    UnreadableError,
    list_files,
    read_best_known,
    read_problem,
)
from samplan_rostering.bench.svg import draw
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.inrc2.names import named_instance

REJECTED, BAD_INPUT = 1, 2


class _Peers(click.ParamType[Any]):
    """A list of peers, separated by commas."""

    name = "names"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names, each once."""
        if isinstance(value, tuple):
            return value
        names = dict.fromkeys(name.strip() for name in value.split(",") if name.strip())
        for name in names:
            if name not in PEERS:
                self.fail(f"{name!r} is none of {', '.join(PEERS)}", param, ctx)
        return tuple(names)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--seconds", type=click.FloatRange(0.1, 86_400), default=60, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--best-known", type=click.Path(path_type=Path), help="CSV: set,instance,best_known,source.")
@click.option("--only", default="*", metavar="GLOB", help="Only files whose name matches.")
@click.option("--instance", multiple=True, metavar="NAME", help="An instance of INRC-II: n030w4_1_6-2-9-1.")
@click.option("--peers", type=_Peers(), default=(), help=f"Also try, on benchmark texts: {','.join(PEERS)}.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the rows go (CSV).")
@click.option("--svg", type=click.Path(path_type=Path), help="Folder for a picture of each file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value on standard output.")
def bench(
    *,
    folder: Path,
    seconds: float,
    workers: int,
    seed: int,
    best_known: Path | None,
    only: str,
    instance: tuple[str, ...],
    peers: tuple[str, ...],
    out: Path,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Solve every file and instance of DIR, each solver in a process of its own, and have each roster judged.

    Writes a CSV, and the same as Markdown beside it. Ends with 0, with 1 when the evaluator rejected a
    roster, or with 2 for bad input. A file that cannot be read is named, and the others go on.
    """
    if out.suffix == ".md":
        raise click.BadParameter("the Markdown goes to that name; call the CSV .csv", param_hint="--out")
    known = _best_known(best_known)
    problems, unreadable = _read(
        _named(folder, instance) if instance else list_files(folder, only), _nothing(folder, only)
    )
    lacking = {peer: why for peer in peers if (why := missing(peer)) is not None}
    for peer, why in lacking.items():
        click.echo(f"{peer} is left out: {why}", err=True)
    ready = [peer for peer in peers if peer not in lacking]
    rows = _write(out, _measure(problems, ready, Limits(seconds, workers, seed), known), to_errors=as_json)
    pictures = {} if svg is None else _draw(svg, rows)
    links = {name: os.path.relpath(picture, out.parent) for name, picture in pictures.items()}
    _save(out.with_suffix(".md"), markdown(rows, datetime.now(UTC).date(), links))
    if as_json:
        click.echo(json.dumps(_report(rows, unreadable, lacking), ensure_ascii=False))
    sys.exit(REJECTED if any(row.rejected for row in rows) else 0)


def _best_known(file: Path | None) -> BestKnown:
    if file is None:
        return BestKnown({})
    try:
        return read_best_known(file)
    except UnreadableError as error:
        _fail(*(f"{file}: {fault}" for fault in error.faults))


def _named(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the instances of some names; each lies in a folder of its scenario's name, or in this one."""
    found = []
    for name in names:
        places = [folder / name, folder / name.split("_")[0] / name]
        known = [place for place in places if named_instance(place) is not None]
        if not known:
            _fail(f"{folder}: no scenario of INRC-II for {name}, which must be like n030w4_1_6-2-9-1")
        found.append(known[0])
    return found


def _nothing(folder: Path, only: str) -> str:
    return f"{folder}: no file to solve" + (f" of those that match {only}" if only != "*" else "")


def _read(files: Sequence[Path], nothing: str) -> tuple[dict[Path, Problem], dict[str, tuple[str, ...]]]:
    """Return what could be read, and the faults of each file that could not; ends with 2 without any."""
    problems: dict[Path, Problem] = {}
    unreadable: dict[str, tuple[str, ...]] = {}
    for file in files:
        try:
            problems[file] = read_problem(file)
        except UnreadableError as error:
            unreadable[file.name] = error.faults
            for fault in error.faults:
                click.echo(f"{file.name}: {fault}", err=True)
    if not problems:
        _fail(nothing)
    return problems, unreadable


def _measure(
    problems: Mapping[Path, Problem], peers: Sequence[str], limits: Limits, known: BestKnown
) -> Iterator[Row]:
    """Yield a row for every file and solver, one after the other: they would slow each other down."""
    for file, problem in problems.items():
        for solver in (OWN, *(peers if isinstance(problem.value, CurtoisInstance) else ())):
            task = Task(solver, file, problem, limits, known.of(file))
            yield judge(task, run(task))


def _write(out: Path, rows: Iterable[Row], *, to_errors: bool) -> list[Row]:
    """Write and print each row as soon as it is there, so that an interrupted run leaves what it has."""
    done = []
    try:
        file = out.open("w", encoding="utf-8", newline="")
    except OSError as error:
        _fail(f"{out}: {error.strerror}")
    with file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        click.echo(heading(), err=to_errors)
        for row in rows:
            writer.writerow(cells(row))
            file.flush()
            click.echo(line(row), err=to_errors)
            done.append(row)
    return done


def _draw(folder: Path, rows: Sequence[Row]) -> dict[str, Path]:
    """Write a picture of each file and return where it is."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _fail(f"{folder}: {error.strerror}")
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row.file, []).append(row)
    stems = Counter(Path(name).stem for name in by_file)
    pictures = {}
    for name, group in by_file.items():
        stem = Path(name).stem if stems[Path(name).stem] == 1 else name  # ward.txt beside ward.xlsx
        pictures[name] = folder / f"{stem}.svg"
        _save(pictures[name], draw(group))
    return pictures


def _save(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        _fail(f"{file}: {error.strerror}")


def _report(
    rows: Sequence[Row], unreadable: Mapping[str, tuple[str, ...]], lacking: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "machine": machine(),
        "rows": [{**record(row), "versions": dict(row.versions), "points": row.points} for row in rows],
        "unreadable": unreadable,
        "left_out": lacking,
    }


def _fail(*lines: str) -> NoReturn:
    for text in lines:
        click.echo(text, err=True)
    sys.exit(BAD_INPUT)
