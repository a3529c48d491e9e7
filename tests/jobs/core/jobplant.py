"""Real worker processes around a real Redis and a database of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from jobbench import Bench, make_settings
from redis import Redis

from samplan.jobs.dispatch import RqDispatcher
from samplan.jobs.models import FINISHED

GRACE_SECONDS = 0.3
COMMAND = (sys.executable, "-c", "from samplan.cli import main; main(prog_name='samplan')")
ENDED_WELL = (None, 0, -signal.SIGKILL)
GIVE_UP_SECONDS = 120  # only so that a broken test ends; nothing is measured by it


def write_entry_point(folder: Path) -> None:
    """Write what makes the probe an installed plugin to who has `folder` on its path."""
    info = folder / "jobprobe-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: jobprobe\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[samplan.plugins]\njobprobe = jobprobe:plugin\n")


@dataclass(frozen=True, slots=True)
class Started:
    """Who began to work on a search: the work horse, its worker, and which attempt."""

    horse: int
    worker: int
    attempt: int


@dataclass(slots=True)
class Plant:
    """A bench whose messages go through Redis to processes that the test starts and ends."""

    bench: Bench
    redis: Redis
    environ: Mapping[str, str]
    folder: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `samplan …` in a session of its own."""
        with (self.folder / f"{len(self.processes)}.log").open("w") as output:
            process = subprocess.Popen(
                [*COMMAND, *arguments],
                env=dict(self.environ),
                stdout=output,
                stderr=output,
                text=True,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def worker(self, queues: str = "high,default,solve") -> subprocess.Popen[str]:
        return self.start("worker", "--queues", queues)

    def reconciler(self) -> subprocess.Popen[str]:
        return self.start("jobs", "reconcile", "--every", "100ms")

    def search(self) -> UUID:
        """Ask for a search that goes on until `go`."""
        return self.bench.request("search", params={"folder": str(self.folder)})

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait for the processes to bring `condition` about; fails when one of them broke down."""
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while not condition():
            for number, process in enumerate(self.processes):
                assert process.poll() in ENDED_WELL, self.log(number)
            if time.monotonic() > deadline:
                raise TimeoutError("it did not come about")
            time.sleep(0.05)

    def log(self, number: int) -> str:
        """Return what a process has written."""
        return (self.folder / f"{number}.log").read_text()

    def go(self) -> None:
        (self.folder / "go").touch()

    def lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def started(self, count: int = 1) -> Started:
        """Wait until the search was begun `count` times; tells who began last."""
        self.wait_until(lambda: len(self.lines("started")) >= count)
        return Started(*map(int, self.lines("started")[count - 1].split()))

    def wait_for(self, run_id: UUID, status: str) -> None:
        """Wait until a run is over, and check that it ended as it should."""
        self.wait_until(lambda: self.bench.run(run_id).status in FINISHED)
        assert self.bench.run(run_id).status == status, self.bench.events(run_id)

    def close(self) -> None:
        """Let the searches end, and with them every process that was started here."""
        self.go()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()


def make_plant(bench: Bench, database_url: str, redis_url: str, folder: Path, lease_seconds: float) -> Plant:
    """Let a bench send through Redis, and prepare the environment of its processes."""
    metadata = folder / "installed"
    metadata.mkdir()
    write_entry_point(metadata)
    settings = make_settings(
        database_url=database_url.replace("+psycopg", ""),
        redis_url=redis_url,
        lease_seconds=lease_seconds,
        grace_seconds=GRACE_SECONDS,
    )
    inherited = filter(None, [os.environ.get("PYTHONPATH")])
    environ = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": redis_url,
        "SAMPLAN_SECRET_KEY": settings.secret_key,
        "SAMPLAN_ENVIRONMENT": settings.environment,
        "SAMPLAN_MODULES": "jobprobe",
        "SAMPLAN_LEASE_SECONDS": str(lease_seconds),
        "SAMPLAN_GRACE_SECONDS": str(GRACE_SECONDS),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(metadata), *inherited]),
    }
    bench.core = replace(bench.core, settings=settings, dispatcher=RqDispatcher(settings))
    return Plant(bench, Redis.from_url(redis_url), environ, folder)
