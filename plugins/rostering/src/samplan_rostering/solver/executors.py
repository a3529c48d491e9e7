"""Who solves the wards: this process, one after the other, or several processes side by side."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from samplan_rostering.domain.hospital import Hospital
from samplan_rostering.domain.ward import WardData
from samplan_rostering.solver.solution import Solution
from samplan_rostering.solver.wards import WardTask, solve_task

ATTEMPTS = 3
"""How often a ward is begun whose process was lost."""

START = "spawn"
"""How processes begin. A forked copy of threads that hold locks would never get these back."""

Done = Callable[[WardTask, Solution], bool]


class InProcess:
    """Solves one ward after the other here."""

    def run(self, hospital: Hospital, tasks: Sequence[WardTask], done: Done) -> None:
        """Solve the tasks in their order."""
        for task in tasks:
            if done(task, solve_task(hospital.wards[task.ward], task)):
                return


class Processes:
    """Solves wards in processes of their own, each with one thread of the solver.

    A process that is lost costs what was under way; those wards are begun again.
    """

    def __init__(self, workers: int) -> None:
        """Have so many processes while tasks are run."""
        self._workers = workers

    def run(self, hospital: Hospital, tasks: Sequence[WardTask], done: Done) -> None:
        """Solve the tasks, those first that have most people; raises RuntimeError if processes keep dying."""
        order = sorted(tasks, key=lambda task: -len(hospital.wards[task.ward].employees))
        left = {task.ward: task for task in order}
        for _ in range(ATTEMPTS):
            if not left or self._attempt(hospital, left, done):
                return
        if left:
            raise RuntimeError("the processes that solve wards keep dying")

    def _attempt(self, hospital: Hospital, left: dict[int, WardTask], done: Done) -> bool:
        """Solve what is left, and take from it what is done; tell whether a stop is wished."""
        with ProcessPoolExecutor(min(self._workers, len(left)), get_context(START)) as pool:
            parts: dict[Future[Solution], WardTask] = {
                pool.submit(_solve, hospital.wards[task.ward], task): task for task in left.values()
            }
            try:
                for part in as_completed(parts):
                    task = parts[part]
                    solution = part.result()
                    del left[task.ward]
                    if done(task, solution):
                        pool.shutdown(cancel_futures=True)
                        return True
            except BrokenProcessPool:
                return False
        return False


def _solve(ward: WardData, task: WardTask) -> Solution:
    return solve_task(ward, task)
