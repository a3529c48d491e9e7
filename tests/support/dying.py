"""What a process of the solver does that is to be lost: other processes know it by its name."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.solution import Solution
from samplan_rostering.solver.wards import WardTask, solve_task


def solve_or_die(flag: str, ward: WardData, task: WardTask) -> Solution:
    """Solve a ward; with the second one this process dies as long as the file `flag` is there."""
    path = Path(flag)
    if task.ward == 1 and path.exists():
        path.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return solve_task(ward, task)
