"""`samplan demo` as people and programs run it: from the first start to the last process's end."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest

from demo_tenants import tenants_in
from samplan.demo.folder import DemoFault
from samplan.demo.main_job import do_main_job
from samplan.demo.processes import STABLE_SECONDS
from samplan.demo.run import Demo

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SAMPLAN = (sys.executable, "-P", "-m", "samplan")
FEW = ("ledningsgruppen", "region-dalarna")  # enough where the number of tenants does not matter
GIVE_UP_SECONDS = 300  # only so that a broken test ends; nothing is measured by it

# Two nurses share a day shift, and each wants one day off that the other can take.
INSTANCE = """\
SECTION_HORIZON
7
SECTION_SHIFTS
D,480,
SECTION_STAFF
A,D=7,2400,480,5,1,1,1
B,D=7,2400,480,5,1,1,1
SECTION_DAYS_OFF
A,0
B,1
SECTION_SHIFT_ON_REQUESTS
A,2,D,2
SECTION_SHIFT_OFF_REQUESTS
B,2,D,2
SECTION_COVER
""" + "".join(f"{day},D,1,100,1\n" for day in range(5))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come about")
        time.sleep(0.1)


def is_alive(pid: int) -> bool:
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")


def environ(folder: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**ours, "SAMPLAN_DEMO_FOLDER": str(folder)}


@dataclass(slots=True)
class Terminal:
    """Starts demos as a person would, in one folder, on one port."""

    folder: Path
    port: int
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: str) -> str:
        """Start a demo and return what it has printed when it is up."""
        process = subprocess.Popen(
            [*SAMPLAN, "demo", "--port", str(self.port), *arguments],
            cwd=ROOT,
            env=environ(self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        printed = ""
        assert process.stdout is not None
        for line in process.stdout:
            printed += line
            if line.startswith("Ctrl-C stops the demo"):
                return printed
        raise AssertionError(f"the demo has ended with {process.wait()}:\n{printed}")

    def refused(self, *arguments: str, folder: Path | None = None) -> str:
        """Start a demo that must refuse, and return what it says."""
        done = subprocess.run(
            [*SAMPLAN, "demo", "--port", str(self.port), *arguments],
            check=False,
            cwd=ROOT,
            env=environ(folder or self.folder),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1, done.stderr
        return done.stderr

    def end(self, number: signal.Signals) -> int:
        """Send the signal to the last demo and return its exit code."""
        process = self.started[-1]
        process.send_signal(number)
        process.communicate()
        return process.returncode

    @property
    def pids(self) -> Mapping[str, int]:
        """The processes of the last demo by name."""
        found: dict[str, int] = json.loads((self.folder / "state.json").read_text())["pids"]
        return found

    def url(self, role: str) -> str:
        """What `samplan db url` prints."""
        command = [*SAMPLAN, "db", "url", "--role", role]
        done = subprocess.run(command, check=True, env=environ(self.folder), capture_output=True, text=True)
        return done.stdout.strip()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    terminal = Terminal(tmp_path / "demo", port)
    yield terminal
    for process in terminal.started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def password_in(printed: str) -> str:
    return printed.split("Password of every login: ")[1].split("\n", maxsplit=1)[0]


def test_demo_starts_keeps_its_data_and_ends_with_all_that_it_started(
    terminal: Terminal, tmp_path: Path
) -> None:
    first = terminal.start("--seconds", "1")
    look_at_what_has_started(terminal, first)
    assert "a demo is running in" in terminal.refused()
    taken = terminal.refused(folder=tmp_path / "other")
    assert (
        f'port {terminal.port} is taken: choose another, for instance make demo ARGS="--port 9000"' in taken
    )
    kill_and_end_what_is_left(terminal)

    second = terminal.start()
    assert password_in(second) == password_in(first)
    assert "optimising" not in second
    pids = terminal.pids
    assert terminal.end(signal.SIGINT) == 0
    assert [name for name, pid in pids.items() if is_alive(pid)] == []

    few = tenants_in(tmp_path / "tenants", only=FEW)
    afresh = terminal.start("--reset", "--seconds", "1", "--tenants", str(few))
    assert password_in(afresh) != password_in(first)
    assert "optimising" in afresh
    pids = terminal.pids
    assert terminal.end(signal.SIGTERM) == 0
    assert [name for name, pid in pids.items() if is_alive(pid)] == []


def look_at_what_has_started(terminal: Terminal, first: str) -> None:
    assert f"http://127.0.0.1:{terminal.port}/" in first
    assert "schemalaggare@dalarna.example.test" in first
    assert first.count("  administrator@") == 8
    assert "a roster for 28 employees and 42 days is made" in first
    assert {"demo", "postgres", "redis", "web", "worker-1", "worker-2", "reconciler"} == set(terminal.pids)
    assert all(is_alive(pid) for pid in terminal.pids.values())
    with urlopen(f"http://127.0.0.1:{terminal.port}/livez") as answer:
        assert answer.status == 200
    with psycopg.connect(terminal.url("app")) as connection:
        assert connection.execute("SELECT count(*) FROM core.membership").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM core.tenant").fetchone() == (8,)


def kill_and_end_what_is_left(terminal: Terminal) -> None:
    """Kill a worker, which starts again, and the demo: what it leaves behind is named and can be ended."""
    pids = dict(terminal.pids)
    time.sleep(STABLE_SECONDS)  # what ends sooner is taken to be broken, and ends the demo
    os.kill(pids["worker-1"], signal.SIGKILL)
    until(lambda: terminal.pids["worker-1"] != pids["worker-1"])
    pids = dict(terminal.pids)
    terminal.end(signal.SIGKILL)
    left = [pid for name, pid in pids.items() if name != "demo"]
    try:
        assert all(is_alive(pid) for pid in left)
        said = terminal.refused()
        assert "was killed and left" in said
        assert f"`kill -INT {' '.join(map(str, left))}`" in said
    finally:
        for pid in left:
            os.kill(pid, signal.SIGINT)
    until(lambda: not any(is_alive(pid) for pid in left))


def once(folder: Path, *arguments: str, cwd: Path = ROOT) -> tuple[int, dict[str, Any]]:
    command = [*SAMPLAN, "demo", "--once", *arguments]
    done = subprocess.run(command, check=False, cwd=cwd, env=environ(folder), capture_output=True, text=True)
    lines = done.stdout.strip().split("\n")
    assert len(lines) == 1, done.stdout
    return done.returncode, json.loads(lines[0])


def test_unattended_run_takes_a_benchmark_file_to_a_roster_that_the_evaluator_accepts(tmp_path: Path) -> None:
    (tmp_path / "small.txt").write_text(INSTANCE)
    folder, few = tmp_path / "demo", str(tenants_in(tmp_path / "tenants", only=FEW))
    asked = ("--input", "small.txt", "--out", "out.json", "--seconds", "20", "--tenants", few)
    code, said = once(folder, *asked, cwd=tmp_path)
    assert code == 0, said
    assert said["status"] == "ok"
    assert said["tenants"] == len(FEW)
    roster = said["roster"]
    assert roster.keys() == {
        *("employees", "days", "assignments", "violations", "uncovered", "objective", "seconds")
    }
    assert (roster["employees"], roster["days"], roster["violations"]) == (2, 7, 0)
    assert (roster["objective"], roster["uncovered"]) == (0, 0)
    out = json.loads((tmp_path / "out.json").read_text())
    assert (out["status"], out["objective"], out["bound"]) == ("optimal", 0, 0)
    assert len(out["assignments"]) == roster["assignments"]
    assert {"employee": "A", "day": 2, "shift": "D"} in out["assignments"]
    check = [*SAMPLAN, "rostering", "check", str(tmp_path / "small.txt"), str(tmp_path / "out.json")]
    assert subprocess.run(check, check=False, capture_output=True).returncode == 0
    assert not folder.exists()
    port = int(said["url"].rpartition(":")[2])
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED


def test_an_unattended_run_whose_file_is_refused_says_why(demo: Demo, tmp_path: Path) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_text(INSTANCE.replace("480", "many"))
    with pytest.raises(DemoFault, match="SECTION_SHIFTS"):
        do_main_job(demo, source=broken)


def test_unattended_run_says_why_it_did_not_succeed(tmp_path: Path) -> None:
    code, said = once(tmp_path / "demo", "--input", "nowhere.txt")
    assert (code, said["status"]) == (1, "error")
    assert said["reason"] == "there is no file nowhere.txt"
    code, said = once(tmp_path / "demo", "--out", "nowhere/out.json")
    assert (code, said["reason"]) == (1, "there is no folder to write nowhere/out.json to")
