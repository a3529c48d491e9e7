"""`python -m samplan_rostering.bench.run`: one file, one solver, one process.

Reads one JSON object from standard input: `solver`, `file`, `seconds`, `workers`, `seed`. Writes JSON
objects, one a line, to standard output: `{"point": [seconds, objective, bound]}` as the search goes on, and
at the end `{"result": {...}}`. What libraries print goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from samplan_rostering.bench.highs import solve_highs
from samplan_rostering.bench.measurement import OWN
from samplan_rostering.bench.peers import Tell, solve_cp_sat
from samplan_rostering.bench.source import Problem, read_problem
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.inrc2.values import Inrc2Instance
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.solution import Snapshot, Solution, SolveOptions


def _solve_timefold(instance: CurtoisInstance, options: SolveOptions, tell: Tell) -> Solution:
    from samplan_rostering.bench.timefold import solve  # where Timefold is installed

    return solve(instance, options, tell)


PEERS: dict[str, Callable[[CurtoisInstance, SolveOptions, Tell], Solution]] = {
    "cp-sat": solve_cp_sat,
    "highs": solve_highs,
    "timefold": _solve_timefold,
}


class _Reporter:
    """Says each change of objective or bound once."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last: tuple[int | None, int | None] = (None, None)

    def point(self, seconds: float, objective: int | None, bound: int | None) -> None:
        """Say where the search stands."""
        if (objective, bound) != self._last:
            self._last = (objective, bound)
            self._say({"point": [round(seconds, 3), objective, bound]})

    def snapshot(self, snapshot: Snapshot) -> None:
        """Say where our own engine stands."""
        self.point(snapshot.seconds, snapshot.objective, snapshot.bound)

    def result(self, solution: Solution) -> None:
        """Say how it ended."""
        self.point(solution.seconds, solution.objective, solution.bound)
        self._say({"result": {**solution.as_json(), "peak_memory_mb": peak_memory_mb()}})

    def _say(self, value: dict[str, Any]) -> None:
        self._out.write(json.dumps(value) + "\n")
        self._out.flush()


def _solve(problem: Problem, solver: str, options: SolveOptions, reporter: _Reporter) -> Solution:
    if solver != OWN:
        if not isinstance(problem.value, CurtoisInstance):
            raise TypeError("peers solve benchmark texts only")
        return PEERS[solver](problem.value, options, reporter.point)
    # With OR-Tools, which HiGHS clashes with:
    from samplan_rostering.solver.solve import solve_curtois, solve_ward
    from samplan_rostering.solver.solve_inrc2 import solve_inrc2

    if isinstance(problem.value, Inrc2Instance):
        return solve_inrc2(problem.value, options, reporter.snapshot)
    if isinstance(problem.value, WardData):
        return solve_ward(problem.value, options, reporter.snapshot)
    return solve_curtois(problem.value, options, reporter.snapshot)


def peak_memory_mb() -> float | None:
    """Return the most memory that this process has held; None where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text("ascii", errors="replace")
    except OSError:
        return None
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return round(int(kilobytes[0]) / 1024, 1) if kilobytes else None


def main() -> None:
    """Solve what standard input asks for."""
    asked = json.load(sys.stdin)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # some libraries print a banner
    options = SolveOptions(seconds=asked["seconds"], workers=asked["workers"], seed=asked["seed"])
    reporter = _Reporter(out)
    reporter.result(_solve(read_problem(Path(asked["file"])), asked["solver"], options, reporter))


if __name__ == "__main__":
    main()
