"""The demo's folder: one demo at a time, private secrets, a reset that removes only what is the demo's."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from samplan.db.bootstrap import LOGIN_ROLES
from samplan.demo.folder import DATA, LOGS, DemoFault, held, own_secrets, reset
from samplan.demo.state import DemoState, is_held, last_state, read_state, write_state
from samplan.identity.passwords import password_faults

URLS = {"app": "postgresql://samplan_app@/x", "migrator": "postgresql://m@/x", "metrics": "postgresql://n@/x"}


def state_of(**pids: int) -> DemoState:
    return DemoState("http://127.0.0.1:8000", URLS, "unix:///x", pids)


def test_folder_is_held_by_one_demo_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    assert not is_held(folder)
    with held(folder):
        assert is_held(folder)
        with pytest.raises(DemoFault, match="starting or stopping"), held(folder):
            pass
    assert not is_held(folder)
    with held(folder):
        assert is_held(folder)


def test_second_demo_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    with held(tmp_path):
        write_state(tmp_path, state_of(demo=os.getpid(), web=os.getpid()))
        with pytest.raises(DemoFault, match=rf"running .* at http://127.0.0.1:8000: .*`kill {os.getpid()}`"):
            held(tmp_path).__enter__()


def test_what_a_killed_demo_left_behind_still_holds_the_folder_and_is_named(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with held(tmp_path) as lock:
        left = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
        write_state(tmp_path, state_of(demo=gone.pid, web=left.pid))
    try:
        assert is_held(tmp_path)
        with pytest.raises(DemoFault, match=f"left web behind: .*`kill -INT {left.pid}`"):
            held(tmp_path).__enter__()
    finally:
        left.communicate(b"\n")
    assert not is_held(tmp_path)


def test_state_is_read_back_while_the_demo_runs_and_private_to_its_owner(tmp_path: Path) -> None:
    state = state_of(demo=1)
    with held(tmp_path):
        write_state(tmp_path, state)
        assert read_state(tmp_path) == state
    assert read_state(tmp_path) is None
    assert last_state(tmp_path) == state
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600
    assert read_state(tmp_path / "elsewhere") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 1}'])
def test_damaged_state_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    assert last_state(tmp_path) is None


def test_secrets_are_drawn_once_per_folder_and_private(tmp_path: Path) -> None:
    first, again, other = own_secrets(tmp_path), own_secrets(tmp_path), own_secrets(tmp_path / "other")
    assert first == again
    assert first.password != other.password
    assert first.secret_key != other.secret_key
    assert set(first.role_passwords) == set(LOGIN_ROLES)
    assert password_faults(first.password, "schemalaggare@dalarna.example.test") == []
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_reset_removes_what_is_the_demos_and_leaves_the_rest(tmp_path: Path) -> None:
    with held(tmp_path):
        before = own_secrets(tmp_path)
        write_state(tmp_path, state_of())
        for name in (DATA, LOGS):
            (tmp_path / name).mkdir()
            (tmp_path / name / "file").touch()
        (tmp_path / "letter.txt").write_text("dear")
        reset(tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.txt", "lock"]
        assert own_secrets(tmp_path) != before
        reset(tmp_path)
