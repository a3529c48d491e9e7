"""What a running demo tells other commands: where it answers, and which processes are its own."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

STATE, LOCK = "state.json", "lock"


@dataclass(frozen=True, slots=True)
class DemoState:
    """A demo: `database_urls` by role (app, migrator, metrics), in the form that psql takes."""

    url: str
    database_urls: Mapping[str, str]
    redis_url: str
    pids: Mapping[str, int] = field(default_factory=dict)


def read_state(folder: Path) -> DemoState | None:
    """Return the demo that runs from `folder`, or None when none does."""
    return last_state(folder) if is_held(folder) else None


def last_state(folder: Path) -> DemoState | None:
    """Return what the last demo of `folder` wrote, whether it runs or not."""
    try:
        return DemoState(**json.loads((folder / STATE).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_state(folder: Path, state: DemoState) -> None:
    """Write the state so that readers see the old one or the new one, and nobody else sees either."""
    write_private(folder / STATE, json.dumps(asdict(state)))


def write_private(path: Path, text: str) -> None:
    """Put `text` in place of the file; only its owner may read it."""
    fresh = path.with_name(f".{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def is_held(folder: Path) -> bool:
    """Tell whether a demo, or a process that it started, holds the folder."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
