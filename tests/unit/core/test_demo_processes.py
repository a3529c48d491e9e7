"""The demo's processes: started apart, started again when they end, stopped with what they need."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from samplan.demo import processes as module
from samplan.demo.folder import DemoFault
from samplan.demo.processes import Processes

PYTHON = (sys.executable, "-c")
FOREVER = "import time; print('up', flush=True); time.sleep(600)"
# As a worker with a job: it waits for the job at the first SIGTERM, and not at the second.
BUSY = """
import signal, sys, time
def first(*_): print('waiting', flush=True); signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
signal.signal(signal.SIGTERM, first)
print('up', flush=True)
while True: time.sleep(0.05)
"""
DEAF = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(module, "LAST_RESORT_SECONDS", 0.5)
    made = Processes(tmp_path / "log", {"PATH": os.defpath}, command=PYTHON)
    yield made
    for child in made.children:
        if child.process.poll() is None:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come about")
        time.sleep(0.02)


def log_of(processes: Processes, name: str) -> str:
    path = processes.logs / f"{name}.log"
    return path.read_text() if path.exists() else ""


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def test_each_process_has_a_session_and_a_log_of_its_own(processes: Processes) -> None:
    processes.start("web", FOREVER)
    processes.start("worker-1", FOREVER)
    until(lambda: "up" in log_of(processes, "web") and "up" in log_of(processes, "worker-1"))
    assert set(processes.pids) == {"web", "worker-1"}
    for pid in processes.pids.values():
        assert os.getsid(pid) == os.getpgid(pid) == pid
    assert processes.check(pytest.fail) is False
    processes.stop()
    assert not any(is_alive(pid) for pid in processes.pids.values())
    processes.stop()


def test_process_that_ends_after_a_while_is_started_again(processes: Processes) -> None:
    processes.start("worker-1", FOREVER)
    processes.start("worker-2", FOREVER)
    before = processes.pids
    for child in processes.children:
        child.started -= 60
    os.kill(before["worker-1"], signal.SIGKILL)
    told: list[str] = []
    until(lambda: processes.children[0].process.poll() is not None)
    assert processes.check(told.append) is True
    assert told == ["worker-1 has ended (SIGKILL) and is started again"]
    assert processes.pids["worker-1"] != before["worker-1"]
    assert processes.pids["worker-2"] == before["worker-2"]


def test_process_that_ends_at_once_is_a_fault_with_the_end_of_its_log(processes: Processes) -> None:
    processes.start("web", "import sys; sys.exit('no settings')")
    until(lambda: processes.children[0].process.poll() is not None)
    with pytest.raises(DemoFault, match=r"web ended right after its start:\nno settings"):
        processes.check(pytest.fail)


def test_busy_worker_is_asked_twice(processes: Processes) -> None:
    processes.start("worker-1", BUSY)
    until(lambda: "up" in log_of(processes, "worker-1"))
    processes.stop()
    assert log_of(processes, "worker-1").split() == ["up", "waiting"]
    assert processes.children[0].process.returncode == 3


def test_process_that_hears_nothing_is_ended_with_its_group(processes: Processes) -> None:
    processes.start("web", DEAF)
    until(lambda: log_of(processes, "web").endswith("\n"))
    child = int(log_of(processes, "web"))
    processes.stop()
    until(lambda: not is_alive(child))
    assert processes.children[0].process.returncode == -signal.SIGKILL


def test_open_files_are_passed_on_to_the_processes_that_get_them(processes: Processes) -> None:
    reading, writing = os.pipe()
    script = f"import os; os.write({writing}, b'hello'); import time; time.sleep(600)"
    processes.start("web", script, pass_fds=(writing,))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read(5) == b"hello"
