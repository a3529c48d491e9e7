"""What the tests of the private servers share."""

import os
from pathlib import Path

import psycopg
import pytest

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")


def value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def make_executable(path: Path, output: str) -> None:
    path.write_text(f"#!/bin/sh\necho '{output}'\n")
    path.chmod(0o755)
