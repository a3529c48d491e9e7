"""The demo's own processes: web, workers and reconciler, each in a process group of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samplan.demo.folder import DemoFault
from samplan.demo.process import last_lines

STABLE_SECONDS = 10.0  # what ends sooner than this after its start would end again
PATIENCE_SECONDS = 3.0  # a worker with a job waits for it at the first SIGTERM, and not at the second
LAST_RESORT_SECONDS = 12.0  # longer than gunicorn gives its requests
POLL_SECONDS = 0.05
# -P: nothing in the working folder can stand in for an installed package.
SAMPLAN = (sys.executable, "-P", "-m", "samplan")


@dataclass(slots=True)
class Child:
    """One process: how it is started, and what runs now."""

    name: str
    arguments: tuple[str, ...]
    log: Path
    pass_fds: tuple[int, ...]
    process: subprocess.Popen[bytes]
    started: float


@dataclass(slots=True)
class Processes:
    """Starts `command` with `environ` and different arguments, keeps them running, and stops just them.

    `pass_fds` are inherited by all; each writes to a file of its own in `logs`.
    """

    logs: Path
    environ: Mapping[str, str]
    pass_fds: tuple[int, ...] = ()
    command: tuple[str, ...] = SAMPLAN
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, *arguments: str, pass_fds: tuple[int, ...] = ()) -> None:
        """Start the command with `arguments` as the process called `name`."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        log.unlink(missing_ok=True)
        inherited = (*self.pass_fds, *pass_fds)
        process = self._launch(arguments, log, inherited)
        self.children.append(Child(name, arguments, log, inherited, process, time.monotonic()))

    @property
    def pids(self) -> dict[str, int]:
        """The process numbers by name."""
        return {child.name: child.process.pid for child in self.children}

    def check(self, tell: Callable[[str], None]) -> bool:
        """Start again what has ended by itself; returns whether anything had.

        Raises:
            DemoFault: it ended right after its start; with the end of its log.
        """
        ended = [child for child in self.children if child.process.poll() is not None]
        for child in ended:
            if time.monotonic() - child.started < STABLE_SECONDS:
                raise DemoFault(f"{child.name} ended right after its start:\n{last_lines(child.log)}")
            tell(f"{child.name} has ended ({_reason(child.process.returncode)}) and is started again")
            child.process = self._launch(child.arguments, child.log, child.pass_fds)
            child.started = time.monotonic()
        return bool(ended)

    def stop(self) -> None:
        """Stop all: politely, then impatiently, then for certain; in reverse order of their start."""
        for number, seconds in (
            (signal.SIGTERM, PATIENCE_SECONDS),
            (signal.SIGTERM, LAST_RESORT_SECONDS),
            (signal.SIGKILL, LAST_RESORT_SECONDS),
        ):
            alive = [child.process for child in reversed(self.children) if child.process.poll() is None]
            for process in alive:
                _signal(process, number)
            _wait(alive, seconds)

    def _launch(
        self, arguments: tuple[str, ...], log: Path, pass_fds: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                [*self.command, *arguments],
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
            )


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    """Send the signal to the process, or, when it is the last one, to all of its group."""
    if number == signal.SIGKILL:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)


def _wait(processes: list[subprocess.Popen[bytes]], seconds: float) -> None:
    end = time.monotonic() + seconds
    while any(process.poll() is None for process in processes) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
