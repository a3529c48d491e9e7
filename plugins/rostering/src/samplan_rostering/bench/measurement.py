"""Measure solvers on files: each in a process of its own, each roster judged by the independent evaluator."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

from samplan_rostering.bench.source import Problem
from samplan_rostering.domain.roster import Assignment

OWN = "samplan"
CRASHED, HUNG = "crashed", "hung"
RUNNER = (sys.executable, "-P", "-m", "samplan_rostering.bench.run")
PATIENCE = 240.0
"""Seconds above the time limit, plus a tenth of it, before a solver that does not end is stopped."""

_NEEDS: Mapping[str, str] = {"cp-sat": "ortools", "highs": "highspy", "timefold": "timefold"}
PEERS = tuple(_NEEDS)


def missing(solver: str) -> str | None:
    """Return what a peer lacks here; None when it can be tried."""
    package = _NEEDS[solver]
    try:
        version(package)
    except PackageNotFoundError:
        return f"the package {package} is not installed"
    if solver == "timefold" and which("java") is None:
        return "Java is not installed"
    return None


@dataclass(frozen=True, slots=True)
class Limits:
    """What every solver gets."""

    seconds: float
    workers: int = 2
    seed: int = 1


class Point(NamedTuple):
    """Where a search stood after some seconds."""

    seconds: float
    objective: int | None
    bound: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process said: `result` is None when it crashed or hung, `reason` says why."""

    points: tuple[Point, ...]
    result: Mapping[str, Any] | None
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One solver on one file, with the best value known for it."""

    solver: str
    file: Path
    problem: Problem
    limits: Limits
    best_known: int | None = None


def run(task: Task, runner: Sequence[str] = RUNNER, patience: float = PATIENCE) -> Outcome:
    """Let a solver work on a file in a process of its own, and stop it when it does not end."""
    limits = task.limits
    asked = {
        "solver": task.solver,
        "file": str(task.file.resolve()),
        "seconds": limits.seconds,
        "workers": limits.workers,
        "seed": limits.seed,
    }
    allowed = limits.seconds * 1.1 + patience
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        heard = _Heard()
        with subprocess.Popen(  # noqa: S603 - our own interpreter and module
            runner, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        ) as process:
            listener = threading.Thread(target=heard.listen, args=(process, json.dumps(asked)), daemon=True)
            listener.start()
            try:
                listener.join(allowed)
                hung = listener.is_alive()
            finally:
                process.kill()  # one that has ended already is none the worse
                listener.join()
        errors.seek(0)
        said = errors.read()
    if heard.result is not None and not hung:
        return Outcome(tuple(heard.points), heard.result, str(heard.result["status"]))
    if hung:
        return Outcome(tuple(heard.points), None, HUNG, f"stopped: it had not ended after {allowed:.0f} s")
    return Outcome(tuple(heard.points), None, CRASHED, _end(process.returncode, said))


class _Heard:
    """Collects what a process says, until it has ended."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.result: dict[str, Any] | None = None

    def listen(self, process: subprocess.Popen[str], asked: str) -> None:
        """Ask and listen; lines that are not understood are passed over."""
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        with suppress(BrokenPipeError), process.stdin as pipe:  # it ended before it was asked
            pipe.write(asked)
        for line in process.stdout:
            with suppress(ValueError, KeyError, TypeError):
                said = json.loads(line)
                if "point" in said:
                    self.points.append(Point(*said["point"]))
                else:
                    self.result = dict(said["result"])
        process.wait()


def _end(code: int, said: str) -> str:
    """Return how a process ended that gave no result, with the error or the last that it wrote."""
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    return ": ".join([how, *(errors or lines)[-1:]])[:300]


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one solver on one file; without a roster that the evaluator accepts there are no gaps."""

    file: str
    solver: str
    size: tuple[int, int, int]
    limits: Limits
    status: str
    objective: int | None = None
    bound: int | None = None
    best_known: int | None = None
    seconds_first: float | None = None
    seconds_best: float | None = None
    seconds: float | None = None
    violations: int | None = None
    evaluator_agrees: bool | None = None
    peak_memory_mb: float | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    points: tuple[Point, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether the evaluator rejects the roster: a broken rule, or another objective than claimed."""
        return bool(self.violations) or self.evaluator_agrees is False

    @property
    def gap_best_known(self) -> float | None:
        """Per cent that the objective is above the best known value."""
        return None if self.rejected else _above(self.objective, self.best_known, self.best_known)

    @property
    def gap_bound(self) -> float | None:
        """Per cent of the objective that the solver's own bound leaves open."""
        return None if self.rejected else _above(self.objective, self.bound, self.objective)


def _above(objective: int | None, below: int | None, whole: int | None) -> float | None:
    """Return by how many per cent of `whole` an objective is above another; None where it cannot be said."""
    if objective is None or below is None:
        return None
    if objective == below:
        return 0.0
    return 100 * (objective - below) / whole if whole else None


def judge(task: Task, outcome: Outcome) -> Row:
    """Return the row of an outcome, its roster judged by the evaluator."""
    row = Row(
        task.file.name,
        task.solver,
        task.problem.size,
        task.limits,
        outcome.status,
        best_known=task.best_known,
        reason=outcome.reason,
        points=outcome.points,
    )
    result = outcome.result
    if result is None:
        return row
    objective, bound = result["objective"], result["bound"]
    violations = agrees = None
    if objective is not None:
        judged = task.problem.evaluate(Assignment(**cell) for cell in result["assignments"])
        violations, agrees = len(judged.violations), judged.objective == objective
    found = [(point.seconds, point.objective) for point in outcome.points if point.objective is not None]
    best = [when for when, reached in found if objective is not None and reached <= objective]
    return replace(
        row,
        objective=objective,
        bound=bound,
        seconds_first=found[0][0] if found else None,
        seconds_best=best[0] if best else None,
        seconds=result["seconds"],
        violations=violations,
        evaluator_agrees=agrees,
        peak_memory_mb=result["peak_memory_mb"],
        versions=result["versions"],
        reason=_doubt(outcome.status, bound, task.best_known),
    )


def _doubt(status: str, bound: int | None, best_known: int | None) -> str:
    """Return what cannot be true of a claim beside a value that somebody has reached."""
    if best_known is not None and bound is not None and bound > best_known:
        return f"the bound {bound} is above the best known value {best_known}"
    if best_known is not None and status == "infeasible":
        return f"said to be impossible, with a best known value of {best_known}"
    return ""
