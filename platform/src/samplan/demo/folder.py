"""The demo's folder: held by one demo at a time, with its data, logs and secrets."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from samplan.db.bootstrap import LOGIN_ROLES
from samplan.demo.state import LOCK, STATE, last_state, write_private
from samplan.identity.passwords import one_time_password

DATA, REDIS, LOGS, SECRETS = "postgres", "redis", "log", "secrets.json"


class DemoFault(Exception):
    """The demo cannot go on; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class DemoSecrets:
    """What is drawn at random for a folder: the logins' password, the key, the database roles' passwords."""

    password: str
    secret_key: str
    role_passwords: Mapping[str, str]


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Hold the folder, which is made when missing, for the block.

    Yields the descriptor of the lock. The demo's processes inherit it, so that the folder stays held
    until the last of them has ended, even when the demo itself was killed.

    Raises:
        DemoFault: another demo, or what is left of one, holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)  # open: the account that PostgreSQL runs as passes through
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoFault(_in_use(folder)) from None
        yield descriptor
    finally:
        os.close(descriptor)


def _in_use(folder: Path) -> str:
    state = last_state(folder)
    alive = {name: pid for name, pid in (state.pids if state else {}).items() if _is_alive(pid)}
    if state is None or not alive:
        return f"another demo is starting or stopping in {folder}: wait a moment and try again"
    if "demo" in alive:
        return (
            f"a demo is running in {folder} already, at {state.url}:"
            f" stop it with Ctrl-C where it runs, or with `kill {alive['demo']}`"
        )
    numbers = " ".join(str(pid) for pid in alive.values())
    return (
        f"the last demo in {folder} was killed and left {', '.join(alive)} behind:"
        f" stop them with `kill -INT {numbers}` and start again"
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def reset(folder: Path) -> None:
    """Remove what demos have written to the folder, and nothing else; its holder calls this."""
    for name in (DATA, REDIS, LOGS):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (STATE, SECRETS):
        (folder / name).unlink(missing_ok=True)


def own_secrets(folder: Path) -> DemoSecrets:
    """Return the folder's secrets, drawn at random the first time and kept for its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SECRETS
    if not path.exists():
        fresh = DemoSecrets(
            password=one_time_password(),
            secret_key=secrets.token_urlsafe(48),
            role_passwords={role: secrets.token_urlsafe(24) for role in LOGIN_ROLES},
        )
        write_private(path, json.dumps(asdict(fresh)))
    return DemoSecrets(**json.loads(path.read_text("utf-8")))
