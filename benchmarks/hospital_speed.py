"""How fast several wards are rostered: the whole hospital within half an hour, and two workers against one.

    .venv/bin/python benchmarks/hospital_speed.py            # all of it: about 50 minutes on two idle cores
    .venv/bin/python benchmarks/hospital_speed.py --wards 8 --skip-whole

The whole is 60 wards of 40 people over 28 days with 60 floating people, by two processes of one solver thread
each. Then the same work on each of some wards is done by one process and by two; their ratio is what a second
worker is worth. Every roster is judged by the evaluator. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from hospital import hospital
from samplan_rostering.solver.executors import Processes
from samplan_rostering.solver.wards import HospitalOptions, HospitalSolution, solve_hospital

HALF_AN_HOUR = 1800.0


def measure(label: str, sizes: dict[str, int], options: HospitalOptions) -> HospitalSolution:
    """Roster a generated hospital, and print what came of it."""
    solution = solve_hospital(hospital(**sizes), options, Processes(options.workers))
    found = solution.evaluation
    print(
        f"{label}: {len(solution.rosters)} of {sizes['wards']} wards, {len(found.violations)} violations,"
        f" {found.uncovered} uncovered, objective {' > '.join(map(str, solution.objectives))},"
        f" {solution.seconds:.1f} s, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return solution


def main() -> int:
    """Measure; ends with 1 when some ward has no roster, or one that breaks a rule."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--wards", type=int, default=12, help="of 24 people, for the comparison")
    parser.add_argument("--work", type=float, default=3.0, help="on each of them, the solver's own measure")
    parser.add_argument("--skip-whole", action="store_true", help="only compare")
    given = parser.parse_args()
    solutions = []
    if not given.skip_whole:
        sizes = {"wards": 60, "staff": 40, "days": 28, "floating": 60}
        solutions.append(measure("whole", sizes, HospitalOptions(seconds=0.9 * HALF_AN_HOUR)))
    few = {"wards": given.wards, "staff": 24, "days": 28, "floating": given.wards}
    seconds = []
    for workers in (1, 2):
        options = HospitalOptions(seconds=86_400, workers=workers, rounds=1, work=given.work)
        solutions.append(measure(f"{workers} worker(s)", few, options))
        seconds.append(solutions[-1].seconds)
    print(f"two workers are {seconds[0] / seconds[1]:.2f} times as fast as one")
    return int(not all(one.complete and not one.evaluation.violations for one in solutions))


if __name__ == "__main__":
    sys.exit(main())
